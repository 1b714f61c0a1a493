"""Finds the smallest change of pins that clears the findings."""
