"""Tests of the questions that the model answers."""
