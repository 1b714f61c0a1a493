"""The six steps of a run, readable on one screen: read, resolve, link, check, plan, report."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from driftcheck import __version__
from driftcheck.checks import all_checks, run_checks
from driftcheck.model.drift_report import DriftReport
from driftcheck.model.progress import Progress
from driftcheck.model.report import Report
from driftcheck.model.settings import Settings
from driftcheck.pipeline.assembly import CheckedUnit, assemble
from driftcheck.pipeline.drift import drift_section
from driftcheck.pipeline.units import open_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A report, and what went wrong inside driftcheck while making it."""

    report: Report
    crashed: tuple[str, ...]
    """One text per check that raised: a bug in driftcheck."""


def check(settings: Settings, *, stdin: Callable[[], bytes], progress: Progress) -> Outcome:
    """Do the main job: judge what every input would install on every target.

    Raises:
        DriftcheckError: nothing could be checked, and why.
    """
    started = time.perf_counter()
    as_of = _now_or(settings)
    checks = {name: rule for name, rule in all_checks().items() if name in (settings.select or (name,))}
    checked = []
    with open_units(settings, stdin=stdin, progress=progress) as units:
        for unit in units:
            snapshot = unit.snapshot(unit.resolve(progress), as_of=as_of)
            checked.append(CheckedUnit(snapshot=snapshot, outcome=run_checks(snapshot, checks)))
        gaps = [gap for unit in units for gap in unit.catalogue.gaps]
    report = assemble(tuple(checked), index_gaps=gaps, settings=settings, as_of=as_of, version=__version__)
    return Outcome(
        report=replace(report, elapsed_s=time.perf_counter() - started),
        crashed=tuple(f"{name}: {text}" for unit in checked for name, text in unit.outcome.crashed),
    )


def drift(
    settings: Settings, *, since: datetime | None, stdin: Callable[[], bytes], progress: Progress
) -> DriftReport:
    """Say what every input meant at `since`, what it means today, and what there is.

    Args:
        since: aware UTC; `None`: the day of the newest upload among the direct pins.

    Raises:
        DriftcheckError: nothing could be resolved, and why.
    """
    started = time.perf_counter()
    as_of = _now_or(settings)
    with open_units(settings, stdin=stdin, progress=progress) as units:
        sections = tuple(drift_section(unit, since=since, as_of=as_of, progress=progress) for unit in units)
        projects = {id(unit.project): unit.project for unit in units}
    return DriftReport(
        version=__version__,
        as_of=as_of,
        inputs=tuple(entry for project in projects.values() for entry in project.inputs),
        sections=sections,
        elapsed_s=time.perf_counter() - started,
    )


def _now_or(settings: Settings) -> datetime:
    """Return the run's date; the only place that asks a clock for it."""
    return settings.as_of or datetime.now(timezone.utc).replace(microsecond=0)
