"""Reads the imports of the wheels to be installed and says which of them cannot resolve."""
