"""What holds for the whole tree: who imports whom, sizes, docstrings, names, and that nothing is left out."""
