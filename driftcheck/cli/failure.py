"""Errors → text and exit code: what happened, where, what to do, and never a traceback where nobody asked."""

from __future__ import annotations

import os
import platform
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from driftcheck import __version__
from driftcheck.cli.screen import say
from driftcheck.model.errors import DriftcheckError
from driftcheck.model.exit_code import ExitCode
from driftcheck.support.plain_text import printable
from driftcheck.support.redaction import redacted


def guarded(action: Callable[[], int], *, failed: str, is_verbose: bool = False) -> int:
    """Run an action and turn whatever it raises into text on standard error and an exit code.

    Args:
        action: returns the exit code.
        failed: how a failure begins, e.g. `nothing was checked`.
        is_verbose: whether to show the traceback of a bug instead of writing it to a file.
    """
    try:
        return action()
    except DriftcheckError as error:
        say(f"{failed}: {_plain(error.message)}")
        if error.hint:
            say(f"  {_plain(error.hint)}")
        return error.exit_code
    except KeyboardInterrupt:
        say(f"{failed}: interrupted")
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place that can say anything
        summary = f"{type(error).__name__}: {error}"
        say(f"{failed}: driftcheck itself failed ({_plain(summary)})")
        report_bug("".join(traceback.format_exception(error)), is_verbose=is_verbose)
        return ExitCode.BUG


def report_bug(details: str, *, is_verbose: bool) -> None:
    """Say what to report: the traceback goes to a file; it is shown if asked for, or if that fails."""
    text = redacted(
        f"driftcheck {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"command: {' '.join(sys.argv[1:])}\n\n{details}"
    )
    path = None if is_verbose else _written(text)
    if path is None:
        say("\n".join(printable(line) for line in text.splitlines()))
        say("this is a bug: please report it with the text above")
    else:
        say(f"  this is a bug: please report it with {path}")


def _written(text: str) -> Path | None:
    """Write the details to the user's folder for logs; `None` if that can't be."""
    try:
        from platformdirs import user_log_path  # noqa: PLC0415 - only for bugs

        folder = user_log_path("driftcheck", appauthor=False)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"bug-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except (OSError, ImportError):
        return None
    return path


def _plain(text: str) -> str:
    """Make a message safe to print; several lines stay several lines."""
    return "\n  ".join(printable(redacted(line)) for line in text.splitlines())
