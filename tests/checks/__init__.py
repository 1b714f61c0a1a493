"""Tests of the rules: small snapshots in, exact findings out."""
