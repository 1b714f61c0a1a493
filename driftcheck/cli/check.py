"""`driftcheck check`: the main job."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from driftcheck.cli.command import Typed, paths_argument, run_command
from driftcheck.cli.exit_codes import exit_code_of
from driftcheck.cli.failure import guarded, report_bug
from driftcheck.cli.output import deliver, destinations
from driftcheck.cli.progress import open_progress
from driftcheck.cli.run_settings import Wishes, merge_wishes, run_settings
from driftcheck.cli.screen import say
from driftcheck.cli.settings import CHECK, settings_of
from driftcheck.cli.standard_input import read_standard_input
from driftcheck.model.report import Report
from driftcheck.model.reporter import Reporter
from driftcheck.support.registry import load_member

_FAILED = "nothing was checked"

_HELP = """Say what would be installed for these requirements, and what is wrong with that.

Nothing is installed or run: the answer comes from the files and the package index alone. Every PATH is an
environment of its own; all -r together are one.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or configuration error, 3 nothing to check
was found, 4 incomplete (with --strict, or if nothing at all could be checked), 70 a bug in driftcheck, 130
interrupted."""

_PATHS = (("PATH", "A requirements file, a project folder, or - for standard input. [default: this folder]"),)

_EXAMPLES = """  driftcheck check
  driftcheck check requirements.txt --python-version 3.9 --python-platform linux
  driftcheck check -r base.txt -r serve.txt -c constraints.txt
  driftcheck check --python-version 3.9 --python-version 3.12 --fail-on warning
  driftcheck check --as-of 2022-05-01 --select missing-wheel,yanked-release
  driftcheck check --output terminal:- --output json:report.json
  pip freeze | driftcheck check -
"""


def run(args: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    return run_command(
        lambda typed: guarded(lambda: _check(typed), failed=_FAILED, is_verbose=typed.get("verbose") is True),
        args,
        name=CHECK,
        help_text=_HELP,
        settings=settings_of(CHECK),
        argument=paths_argument(),
        arguments=_PATHS,
        examples=_EXAMPLES,
    )


def _check(typed: Typed) -> int:
    environment = dict(os.environ)
    wishes = merge_wishes(typed, command=CHECK, environment=environment)
    settings = run_settings(typed, wishes, environment=environment)
    places = destinations(wishes)
    tell_origins(wishes)
    from driftcheck import pipeline  # noqa: PLC0415 - usage errors and `--help` come without it

    progress = open_progress(is_quiet=wishes.flag("quiet"))
    try:
        outcome = pipeline.check(settings, stdin=read_standard_input, progress=progress)
    finally:
        progress.close()
    report = replace(outcome.report, is_as_of_given=settings.as_of is not None)

    def draw(name: str, width: int, colour: bool) -> str:
        reporter: Reporter[Report] = load_member("driftcheck.reporters", "REPORTER", name, Reporter)
        return reporter.render(report, width=width, colour=colour, is_verbose=wishes.flag("verbose"))

    deliver(places, draw, wishes, environment)
    for details in outcome.crashed:
        say("a check failed, and what it would have found is missing from the report")
        report_bug(details, is_verbose=wishes.flag("verbose"))
    return exit_code_of(
        report.findings,
        report.coverage,
        fail_on=settings.fail_on,
        is_strict=settings.is_strict,
        has_crashed=bool(outcome.crashed),
    )


def tell_origins(wishes: Wishes) -> None:
    """Say on standard error what looks mistyped, and with `-v` which configuration holds."""
    if wishes.flag("quiet"):
        return
    for warning in wishes.warnings:
        say(f"warning: {warning}")
    if wishes.flag("verbose") and wishes.configuration:
        say(f"configuration: {wishes.configuration}")
