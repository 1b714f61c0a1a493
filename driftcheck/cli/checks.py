"""`driftcheck checks`: every check, one line each."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from driftcheck.cli.command import run_command
from driftcheck.cli.failure import guarded
from driftcheck.cli.screen import encoded, write_report
from driftcheck.model.exit_code import ExitCode

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
    lines = [
        f"{check.name.ljust(name_width)}  {check.severity.value.ljust(severity_width)}  {check.summary}\n"
        for check in checks
    ]
    write_report(encoded("".join(lines), getattr(sys.stdout, "encoding", None)))
    return ExitCode.OK
