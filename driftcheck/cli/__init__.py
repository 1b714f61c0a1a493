"""The command line: options → Settings, errors → text and exit code. No logic."""
