"""What the tests share: a local index server, its faults, and distributions built on the spot."""
