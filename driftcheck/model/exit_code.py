"""The exit codes of the command line, as `docs/exit-codes.md` promises them."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process returns."""

    OK = 0
    """Nothing at or above `--fail-on`."""
    FINDINGS = 1
    """At least one finding at or above `--fail-on`."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    NOTHING_TO_CHECK = 3
    """No input was found, or none of them holds a requirement."""
    INCOMPLETE = 4
    """Something could not be checked and `--strict` was given, or nothing at all could be checked."""
    BUG = 70
    """A fault in driftcheck itself (`EX_SOFTWARE` of sysexits.h)."""
    INTERRUPTED = 130
    """Ctrl-C (128 + SIGINT)."""
