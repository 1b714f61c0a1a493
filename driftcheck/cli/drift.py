"""`driftcheck drift`: what the same files meant then, mean today, and could mean."""

from __future__ import annotations

import os
from collections.abc import Sequence

from driftcheck.cli.check import tell_origins
from driftcheck.cli.command import Typed, paths_argument, run_command
from driftcheck.cli.exit_codes import exit_code_of
from driftcheck.cli.failure import guarded
from driftcheck.cli.output import deliver, destinations
from driftcheck.cli.progress import open_progress
from driftcheck.cli.run_settings import merge_wishes, run_settings
from driftcheck.cli.settings import DRIFT, DRIFT_FORMAT, settings_of
from driftcheck.cli.standard_input import read_standard_input
from driftcheck.model.drift_report import DriftReport
from driftcheck.model.report import Coverage
from driftcheck.model.reporter import Reporter
from driftcheck.support.registry import load_member

_FAILED = "nothing was compared"

_HELP = """Say how far the same requirements have moved: pinned, then, today, newest.

"Then" is what the same files resolved to at --since, by default on the day the newest direct pin was
released. What differs between then and today changed without a commit. A libyear is a year between the
release in use and the newest one."""

_PATHS = (("PATH", "A requirements file, a project folder, or - for standard input. [default: this folder]"),)

_EXAMPLES = """  driftcheck drift requirements.txt
  driftcheck drift --since 2021-06-01 --python-version 3.9
  driftcheck drift -r requirements.txt --format json
"""


def run(args: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    return run_command(
        lambda typed: guarded(lambda: _drift(typed), failed=_FAILED, is_verbose=typed.get("verbose") is True),
        args,
        name=DRIFT,
        help_text=_HELP,
        settings=settings_of(DRIFT),
        argument=paths_argument(),
        arguments=_PATHS,
        examples=_EXAMPLES,
    )


def _drift(typed: Typed) -> int:
    environment = dict(os.environ)
    wishes = merge_wishes(typed, command=DRIFT, environment=environment)
    settings = run_settings(typed, wishes, environment=environment)
    places = destinations(wishes)
    tell_origins(wishes)
    from driftcheck import pipeline  # noqa: PLC0415 - usage errors and `--help` come without it

    progress = open_progress(is_quiet=wishes.flag("quiet"))
    try:
        report = pipeline.drift(
            settings, since=wishes.instant("since"), stdin=read_standard_input, progress=progress
        )
    finally:
        progress.close()

    def draw(name: str, width: int, colour: bool) -> str:
        member = f"{DRIFT_FORMAT}{name}"
        reporter: Reporter[DriftReport] = load_member("driftcheck.reporters", "REPORTER", member, Reporter)
        return reporter.render(report, width=width, colour=colour, is_verbose=wishes.flag("verbose"))

    deliver(places, draw, wishes, environment)
    gaps = tuple(gap for section in report.sections for gap in section.gaps)
    rows = sum(len(section.rows) for section in report.sections)
    coverage = Coverage(packages=rows, checked=rows, gaps=gaps)
    return exit_code_of((), coverage, fail_on=None, is_strict=settings.is_strict)
