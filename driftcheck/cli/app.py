"""The command line as a whole: which commands there are, and the way to each.

A command's module is imported when it is called, so that none waits for another, and `--version` and the list
of commands wait for nothing. Each has `run(args) -> exit code`.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from driftcheck import __version__
from driftcheck.cli.screen import say, write_report
from driftcheck.model.exit_code import ExitCode

COMMANDS = {
    "check": "the main job: what would be installed, and what is wrong with it",
    "drift": "how far the same files have moved: then, today, newest",
    "explain": "what a check looks for, why, and how to mend it",
    "checks": "every check, one line each",
    "cache": "where the cache is, how large, clear it",
}

_HEAD = """Usage: driftcheck COMMAND [OPTIONS] [PATH]...

  Predict, from the package index alone, that pinned requirements no longer work.

Commands:
"""
_TAIL = """
Options:
  --version  Show the version and exit.
  --help     Show this and exit; after a command, its options.

Examples:
  driftcheck check
  driftcheck check requirements.txt --python-version 3.9
  driftcheck check --help
"""


def run(args: Sequence[str]) -> int:
    """Run the command that `args` name and return the exit code."""
    first = args[0] if args else ""
    if first in ("--version", "-V"):
        write_report(f"driftcheck {__version__}\n".encode())
        return ExitCode.OK
    if first in ("--help", "-h", "help"):
        write_report(_help().encode())
        return ExitCode.OK
    if not first:
        say(_help().rstrip())
        return ExitCode.USAGE
    if first not in COMMANDS:
        return _unknown(first)
    command = importlib.import_module(f"driftcheck.cli.{first}")
    exit_code: int = command.run(args[1:])
    return exit_code


def _help() -> str:
    width = max(len(name) for name in COMMANDS)
    return _HEAD + "".join(f"  {name.ljust(width)}  {text}\n" for name, text in COMMANDS.items()) + _TAIL


def _unknown(word: str) -> int:
    from driftcheck.support.nearest import did_you_mean  # noqa: PLC0415 - only for mistakes
    from driftcheck.support.plain_text import printable  # noqa: PLC0415 - as above

    kind = "option" if word.startswith("-") else "command"
    hint = "see driftcheck --help" if word.startswith("-") else did_you_mean(word, COMMANDS)
    say(f"driftcheck: there is no {kind} {printable(repr(word), limit=80)}\n  {hint}")
    return ExitCode.USAGE
