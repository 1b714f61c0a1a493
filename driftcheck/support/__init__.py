"""Helpers that know nothing of packages."""
