"""Tests of the whole: documents, examples, the installed program."""
