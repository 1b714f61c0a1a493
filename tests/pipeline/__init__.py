"""Tests of the pipeline: choice of indexes, joining of units, and whole runs on a local index."""
