"""What the same inputs meant when they were written, and what they mean today."""

from __future__ import annotations

from datetime import datetime

from packaging.utils import NormalizedName

from driftcheck.model.drift_report import DriftRow, DriftSection
from driftcheck.model.errors import IndexUnavailableError, NothingToCheckError
from driftcheck.model.progress import Progress
from driftcheck.model.resolution import Resolution
from driftcheck.model.snapshot import Snapshot
from driftcheck.pipeline.units import Unit


def drift_section(unit: Unit, *, since: datetime | None, as_of: datetime, progress: Progress) -> DriftSection:
    """Resolve a unit twice, then and today, and set the two side by side.

    Raises:
        IndexUnavailableError: `since` is not given and nothing that could tell it was to be had.
        NothingToCheckError: `since` is not given and no direct pin has a known upload time.
    """
    resolution = unit.resolve(progress)
    today = unit.snapshot(resolution, as_of=as_of)
    since, reason = (since, "as given") if since else _day_of_the_pins(resolution)
    before = unit.resolve(progress, as_of=since)
    return DriftSection(
        project=unit.project.name,
        target=unit.target,
        since=since,
        since_reason=reason,
        rows=tuple(_row(name, before, today) for name in sorted({*before.by_name, *resolution.by_name})),
        gaps=tuple(
            sorted(
                {*unit.project.gaps, *resolution.gaps, *before.gaps, *unit.catalogue.gaps},
                key=lambda gap: gap.sort_key,
            )
        ),
    )


def _day_of_the_pins(resolution: Resolution) -> tuple[datetime, str]:
    """Return the end of the day on which the newest direct pin was first uploaded, and who that is.

    The end of the day, because the files of one release arrive over some hours.
    """
    dated = [
        (uploaded, f"the day {package.name} {package.version} was released, the newest direct pin")
        for package in resolution.packages
        if package.is_direct and package.pin_declaration and (uploaded := package.release.uploaded)
    ]
    unanswered = [gap for gap in resolution.gaps if gap.is_package]
    if not dated and unanswered:
        first = unanswered[0]
        rest = f" and {len(unanswered) - 1} more" if len(unanswered) > 1 else ""
        raise IndexUnavailableError(f"{first.subject}{rest}: {first.reason}")
    if not dated:
        raise NothingToCheckError(
            "no direct requirement is pinned to a release of a known date: the day of the pins is not known",
            "say since when with --since DATE",
        )
    uploaded, reason = max(dated)
    return uploaded.replace(hour=23, minute=59, second=59, microsecond=0), reason


def _row(name: NormalizedName, before: Resolution, today: Snapshot) -> DriftRow:
    then, now = before.by_name.get(name), today.resolution.by_name.get(name)
    either = now or then
    drift = today.drift.get(name)
    pin = either.pin_declaration.pin if either and either.pin_declaration else None
    return DriftRow(
        name=name,
        direct=either is not None and either.is_direct,
        pinned=str(pin) if pin else None,
        then=str(then.version) if then else None,
        today=str(now.version) if now else None,
        newest=str(drift.latest.version) if drift and drift.latest else None,
        libyears=drift.libyears if drift else None,
        required_by=either.required_by if either else (),
    )
