"""A package is behind the newest release of its project.

## What it looks for

Packages that a line of yours names or pins and for which newer final releases exist, and packages that float
but are held back: a newer release fits the target, and somebody asks for an older one. Releases that are
pre-releases or yanked do not count. The message gives the number of releases and of years (libyears: from
the upload of the one to the upload of the other), the newest release that fits this Python, the newest at all
if that is another, changes of the major version, and who holds it back.

## Why it matters

The further behind, the longer the step when it must be taken, for a security fix or a new Python.

## Example

    flask==1.1.2

is years and two major versions behind.

## How to fix

Raise the pin. The proposed release fits the target and everything else in the set that asks for the package;
whether your own code fits, only your tests can say.

## When it can be wrong

An old release may be the newest of a line that is still maintained, e.g. Django's long-term support. Projects
that number by date have a new major version every year; no change of major version is named for them.

## Sources

- libyears, https://libyear.com/
- PEP 440, order of versions, https://peps.python.org/pep-0440/
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Finding, Fix, Severity
from driftcheck.model.release import Release
from driftcheck.model.release_search import newest_agreeable, pin_to
from driftcheck.model.resolution import Ask, ResolvedPackage
from driftcheck.model.snapshot import Drift, Snapshot

_FIRST_YEAR = 1900
"""From here on the first number of a version is a year, not a major version."""


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each package of the user's that is behind, and for each that is held back."""
    for package in snapshot.resolution.packages:
        drift = snapshot.drift.get(package.name)
        if drift is None or drift.latest is None or drift.latest.version <= package.version:
            continue
        is_held_back = (
            drift.latest_compatible is not None and drift.latest_compatible.version > package.version
        )
        is_users = package.is_direct or package.pin_declaration is not None
        if is_users or is_held_back:
            yield _finding(snapshot, package, drift, drift.latest)


def _finding(snapshot: Snapshot, package: ResolvedPackage, drift: Drift, latest: Release) -> Finding:
    newest_here = drift.latest_compatible
    parts = [_distance(snapshot, package, drift, latest)]
    here = _here(snapshot, latest)
    if newest_here is None:
        parts.append(f"no final release installs on {here}")
    elif newest_here.version == package.version:
        parts.append(f"it is the newest that installs on {here}")
    elif newest_here.version != latest.version:
        parts.append(f"the newest that installs on {here} is {newest_here.version}")
    holders = _holders(package, newest_here or latest)
    if holders:
        texts = (f"{a.asked_by} {a.asked_by_version}, which asks for {a.specifier}" for a in holders)
        parts.append(f"held back by {' and by '.join(texts)}")
    lines = tuple(evidence.of_declaration(line) for line in package.declarations)
    return CHECK.finding(
        package=package.name,
        version=str(package.version) if package.pin_declaration else None,
        message="; ".join(parts),
        location=snapshot.place_of(package),
        evidence=(*lines, *(evidence.of_ask(snapshot, ask) for ask in holders)),
        fixes=_fixes(snapshot, package),
        subject="" if package.declarations else "held back",
    )


def _distance(snapshot: Snapshot, package: ResolvedPackage, drift: Drift, latest: Release) -> str:
    count = drift.releases_behind
    behind = f"{count} release{'' if count == 1 else 's'}"
    if drift.libyears is not None and drift.libyears >= 0.05:
        behind += f" and {drift.libyears:.1f} years"
    majors = _majors(package.version, latest.version)
    return f"{snapshot.title_of(package)} is {behind} behind {latest.version}{majors}"


def _here(snapshot: Snapshot, latest: Release) -> str:
    """Name what the newest release does not install on: the Python alone where that is the reason."""
    excluded = snapshot.excludes_python(latest)
    return f"Python {snapshot.target.python_version}" if excluded else str(snapshot.target)


def _majors(old: Version, new: Version) -> str:
    if old.epoch != new.epoch or old.major == new.major or new.major >= _FIRST_YEAR:
        return ""
    return f" (major version {old.major} → {new.major})"


def _holders(package: ResolvedPackage, release: Release) -> tuple[Ask, ...]:
    return tuple(
        ask
        for ask in package.asks
        if ask.asked_by is not None and not ask.specifier.contains(release.version, prereleases=True)
    )[:3]


def _fixes(snapshot: Snapshot, package: ResolvedPackage) -> tuple[Fix, ...]:
    if not package.declarations or not all(line.is_from_index for line in package.declarations):
        return ()  # a floating package moves when its holder does, and a URL is no specifier
    return pin_to(
        newest_agreeable(snapshot, package.name, above=package.version, instead_of=package.location)
    )


CHECK = Check(
    name="outdated-release",
    summary="a package is behind the newest release of its project",
    severity=Severity.NOTE,
    needs=frozenset({Need.INDEX}),
    find=find,
)
