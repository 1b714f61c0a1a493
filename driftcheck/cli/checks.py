"""`driftcheck checks`: every check, one line each."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Sequence

from driftcheck.cli.command import run_command
from driftcheck.cli.failure import guarded
from driftcheck.cli.screen import encoded, is_terminal, width_of, write_report
from driftcheck.model.exit_code import ExitCode

_LEAST_ROOM = 24
"""Columns below which a text goes under what it stands beside."""

_HELP = """List every check: its name, its usual severity, and what it finds.

The names are what --select and --ignore take, and `driftcheck explain NAME` tells more."""


def run(args: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    return run_command(
        lambda _: guarded(_checks, failed="nothing was listed"),
        args,
        name="checks",
        help_text=_HELP,
        examples="  driftcheck checks\n  driftcheck explain yanked-release\n",
    )


def _checks() -> int:
    from driftcheck.checks import all_checks  # noqa: PLC0415 - `--help` comes without it

    checks = all_checks().values()
    name_width = max(len(check.name) for check in checks)
    severity_width = max(len(check.severity.value) for check in checks)
    column = name_width + severity_width + 4
    width = width_of(sys.stdout, os.environ) if is_terminal(sys.stdout) else None
    lines = []
    for check in checks:
        head = f"{check.name.ljust(name_width)}  {check.severity.value.ljust(severity_width)}"
        lines.append(f"{head}  {_beside(check.summary, column, width)}\n")
    write_report(encoded("".join(lines), getattr(sys.stdout, "encoding", None)))
    return ExitCode.OK


def _beside(text: str, column: int, width: int | None) -> str:
    """Return a text to stand at a column, folded there if a person's screen is too narrow for it.

    Args:
        width: of the screen; `None` where a program reads: one line each.
    """
    if width is None or column + len(text) <= width:
        return text
    indent, room = (column, width - column) if width - column >= _LEAST_ROOM else (4, width - 4)
    lines = textwrap.wrap(text, max(room, 10))
    lead = "" if indent == column else "\n" + " " * indent
    return lead + ("\n" + " " * indent).join(lines)
