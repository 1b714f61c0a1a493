"""`driftcheck explain CHECK`: what a check looks for, why, how to mend it, when it can be wrong."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Sequence

from driftcheck.cli.command import Typed, run_command, word_argument
from driftcheck.cli.failure import guarded
from driftcheck.cli.screen import encoded, width_of, write_report
from driftcheck.model.errors import SettingsError
from driftcheck.model.exit_code import ExitCode
from driftcheck.support.nearest import did_you_mean

_WIDEST = 100
"""Longer lines are hard to read, however wide the screen."""
_NARROWEST = 20

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
    text = _fitted(explain_text(check), width_of(sys.stdout, os.environ))
    write_report(encoded(text, getattr(sys.stdout, "encoding", None)))
    return ExitCode.OK


def _fitted(text: str, width: int) -> str:
    """Return a page with its paragraphs and list items filled to a width; examples and headings stay."""
    blocks = []
    for block in text.rstrip("\n").split("\n\n"):
        lines = block.splitlines()
        if block.startswith("    ") or (len(lines) > 1 and set(lines[1]) <= {"=", "-"}):
            blocks.append(block)
        elif block.startswith("- "):
            items = "\n".join(lines).removeprefix("- ").split("\n- ")
            blocks.append("\n".join(_filled(item, width, bullet="- ") for item in items))
        else:
            blocks.append(_filled(block, width))
    return "\n\n".join(blocks) + "\n"


def _filled(text: str, width: int, *, bullet: str = "") -> str:
    return textwrap.fill(
        text,
        width=max(_NARROWEST, min(width, _WIDEST)),
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
