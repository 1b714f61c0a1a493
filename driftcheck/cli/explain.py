"""`driftcheck explain CHECK`: what a check looks for, why, how to mend it, when it can be wrong."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from driftcheck.cli.command import Typed, run_command, word_argument
from driftcheck.cli.failure import guarded
from driftcheck.cli.screen import encoded, write_report
from driftcheck.model.errors import SettingsError
from driftcheck.model.exit_code import ExitCode
from driftcheck.support.nearest import did_you_mean

_HELP = """Explain a check: what it looks for, why it matters, how to mend it, when it can be wrong.

`driftcheck checks` lists the names."""


def run(args: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    return run_command(
        lambda typed: guarded(lambda: _explain(typed), failed="nothing was explained"),
        args,
        name="explain",
        help_text=_HELP,
        argument=word_argument("check"),
        arguments=(("CHECK", "The name of a check."),),
        examples="  driftcheck explain yanked-release\n",
    )


def _explain(typed: Typed) -> int:
    from driftcheck.checks import check_names, explain_text, load_check  # noqa: PLC0415 - `--help` needs none

    name = typed.get("check")
    if not isinstance(name, str):
        raise SettingsError("no check was named", f"known are {', '.join(check_names())}")
    try:
        check = load_check(name)
    except KeyError:
        raise SettingsError(f"there is no check {name!r}", did_you_mean(name, check_names())) from None
    write_report(encoded(explain_text(check), getattr(sys.stdout, "encoding", None)))
    return ExitCode.OK
