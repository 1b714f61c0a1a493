"""The roads to core metadata: `.metadata`, ranges of a wheel, a whole wheel, the text of an sdist."""
