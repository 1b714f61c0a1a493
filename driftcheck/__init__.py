"""Predict, from the package index alone, that pinned requirements no longer work."""

__version__ = "0.1.0"
