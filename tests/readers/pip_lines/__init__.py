"""Tests of how a line is read."""
