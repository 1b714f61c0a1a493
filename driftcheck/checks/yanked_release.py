"""A release that would be installed has been yanked from the index.

## What it looks for

Releases of the resolved set of which every file is yanked (PEP 592), or of which the file that pip would take
is; also those where a yanked wheel leaves pip with an sdist to build.

## Why it matters

The maintainers withdrew it, mostly because it is broken, insecure or was uploaded by mistake. pip installs a
yanked release only for an exact pin, so the pin keeps working and keeps the fault.

## Example

    opencv-python-headless==4.5.5.62

was yanked ("Deprecated, use 4.7.0.64").

## How to fix

Pin the nearest release that is not yanked; the finding names it.

## When it can be wrong

The reason may not concern you, e.g. "breaks on Python 3.6". Read it before moving.

## Sources

- PEP 592, yank support, https://peps.python.org/pep-0592/
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Finding, Severity
from driftcheck.model.release import DistributionFile
from driftcheck.model.release_search import pin_to, proposal
from driftcheck.model.resolution import ResolvedPackage
from driftcheck.model.snapshot import Snapshot


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each resolved package that a yank touches."""
    for package in snapshot.resolution.packages:
        if any(file.yanked is not None for file in package.release.files):
            yield from _findings(snapshot, package)


def _findings(snapshot: Snapshot, package: ResolvedPackage) -> Iterator[Finding]:
    release, file = package.release, package.file
    title = snapshot.title_of(package)
    usable = [f for f in release.files if f.yanked is not None and snapshot.installable(f)]
    if release.yanked is not None:
        shown = [file or release.files[0]]
        yield _finding(snapshot, package, f"{title} was yanked{_why(release.yanked)}", shown)
    elif file is not None and file.yanked is not None:
        text = f"{file.filename}, the file of {title} for this target, was yanked{_why(file.yanked)}"
        yield _finding(snapshot, package, text, usable)
    elif file is not None and not file.is_wheel and any(f.is_wheel for f in usable):
        wheel = next(f for f in usable if f.is_wheel)
        text = (
            f"{wheel.filename}, the wheel of {title} for this target, was yanked{_why(wheel.yanked)}, "
            f"so pip would build {file.filename}"
        )
        yield _finding(snapshot, package, text, usable)


def _finding(
    snapshot: Snapshot,
    package: ResolvedPackage,
    text: str,
    files: tuple[DistributionFile, ...] | list[DistributionFile],
) -> Finding:
    other = proposal(snapshot, package.name, package.version, instead_of=package.location)
    nearest = f"; the nearest release that is not yanked and fits is {other.version}" if other else ""
    return CHECK.finding(
        package=package.name,
        version=str(package.version),
        message=text + nearest,
        location=snapshot.place_of(package),
        evidence=tuple(evidence.of_file(f, f"yanked: {f.yanked or 'no reason given'}") for f in files[:4]),
        fixes=pin_to(other),
    )


def _why(reason: str | None) -> str:
    return f" ({reason})" if reason else ", without a reason"


CHECK = Check(
    name="yanked-release",
    summary="a release that would be installed was yanked from the index",
    severity=Severity.WARNING,
    needs=frozenset({Need.INDEX}),
    find=find,
)
