"""No wheel of a release installs on the target.

## What it looks for

Releases of which pip would build the sdist because no wheel fits the target (a warning), and releases that
have only wheels for other platforms or Pythons, or whose sdist `--only-binary` forbids (an error). Packages
under `--no-binary` are built because you want it, and are left alone.

## Why it matters

A build needs compilers and headers, takes minutes, runs code of the package, and fails more often than not
for old releases on a new Python. Without an sdist pip stops: "No matching distribution found".

## Example

    numpy==1.19.5

has wheels for Python 3.6–3.9 only; on Python 3.12 pip tries to build it and fails.

## How to fix

Take the release that the finding proposes, which has a wheel for the target, or run on one of the Pythons for
which this release has wheels.

## When it can be wrong

A pure Python package builds anywhere in a second. A target with a newer C library than the one you named may
take more wheels.

## Sources

- PEP 425, compatibility tags, https://peps.python.org/pep-0425/
- PEP 600, manylinux platform tags, https://peps.python.org/pep-0600/
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Evidence, Finding, Fix, Severity
from driftcheck.model.project import pinned_version
from driftcheck.model.release import Release
from driftcheck.model.release_search import has_wheel, neighbours, newest, others, pin_to
from driftcheck.model.resolution import Ask, ResolvedPackage
from driftcheck.model.snapshot import Snapshot
from driftcheck.model.wheel_reach import distance, reach


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each release, and each range, without a wheel for the target."""
    for package in snapshot.resolution.packages:
        if package.file is None:
            if package.release.files and not snapshot.excludes_python(package.release):
                yield _uninstallable(snapshot, package)
        elif _is_built_unasked(snapshot, package):
            yield _built(snapshot, package)
    for ask, releases in snapshot.uninstallable_ranges():
        if not all(snapshot.excludes_python(release) for release in releases):
            yield _range(snapshot, ask, releases[0])


def _is_built_unasked(snapshot: Snapshot, package: ResolvedPackage) -> bool:
    is_from_index = all(line.is_from_index for line in package.declarations)
    is_sdist = package.file is not None and not package.file.is_wheel
    return is_sdist and is_from_index and snapshot.format_control.allows_wheels(package.name)


def _built(snapshot: Snapshot, package: ResolvedPackage) -> Finding:
    why = reach(package.release, snapshot.target)
    return CHECK.finding(
        package=package.name,
        version=str(package.version),
        message=f"{snapshot.title_of(package)} has no wheel for {snapshot.target}, "
        f"so pip would build it from source: {why}{_elsewhere(snapshot, package.release)}",
        location=snapshot.place_of(package),
        evidence=_files(snapshot, package.release),
        fixes=_fixes(snapshot, package),
        subject=f"build {snapshot.target.kind}",
    )


def _uninstallable(snapshot: Snapshot, package: ResolvedPackage) -> Finding:
    return CHECK.finding(
        package=package.name,
        version=str(package.version),
        severity=Severity.ERROR,
        message=f"{snapshot.title_of(package)} does not install on {snapshot.target}: "
        f"{_obstacle(snapshot, package.release)}{_elsewhere(snapshot, package.release)}",
        location=snapshot.place_of(package),
        evidence=_files(snapshot, package.release),
        fixes=_fixes(snapshot, package),
        subject=f"no file {snapshot.target.kind}",
    )


def _range(snapshot: Snapshot, ask: Ask, latest: Release) -> Finding:
    asker = f", which {ask.asked_by} {ask.asked_by_version} requires," if ask.asked_by else ""
    pin = pinned_version(ask.specifier)
    which = f"in {ask.specifier}" if ask.specifier else "at all"
    obstacle = _obstacle(snapshot, latest)
    return CHECK.finding(
        package=ask.package,
        version=str(pin) if pin else None,
        severity=Severity.ERROR,
        message=f"no release of {ask.package} {which}{asker} installs on {snapshot.target}; "
        f"{latest.version} does not because {obstacle}{_elsewhere(snapshot, latest)}",
        location=ask.location,
        evidence=(evidence.of_ask(snapshot, ask), *_files(snapshot, latest)),
        subject=f"{ask.asked_by or ''} {ask.specifier} {snapshot.target.kind}",
    )


def _obstacle(snapshot: Snapshot, release: Release) -> str:
    """Say why no file of a release can be taken."""
    has_sdist = any(not file.is_wheel for file in release.files)
    if not snapshot.format_control.allows_wheels(release.name):
        return "--no-binary forbids its wheels and it has no sdist"
    if not has_sdist:
        return f"{reach(release, snapshot.target)}, and there is no sdist"
    if not snapshot.format_control.allows_sdists(release.name):
        return f"{reach(release, snapshot.target)}, and --only-binary forbids its sdist"
    return f"{reach(release, snapshot.target)}, and its sdist excludes this Python"


def _elsewhere(snapshot: Snapshot, release: Release) -> str:
    page = snapshot.pages.get(release.name)
    if page is None:
        return ""
    near = neighbours(page, release.version, partial(has_wheel, snapshot)).closest(release.version)
    if near is None:
        return "; no other release has a wheel for it either"
    top = newest(page, partial(has_wheel, snapshot))
    more = f", the newest {top.version}" if top is not None and top.version != near.version else ""
    return f"; the nearest release with a wheel is {near.version}{more}"


def _fixes(snapshot: Snapshot, package: ResolvedPackage) -> tuple[Fix, ...]:
    page = snapshot.pages.get(package.name)
    if page is None:
        return ()
    wishes = others(snapshot, package.name, instead_of=package.location)
    near = neighbours(page, package.version, partial(has_wheel, snapshot), wishes=wishes)
    return pin_to(near.closest(package.version))


def _files(snapshot: Snapshot, release: Release) -> tuple[Evidence, ...]:
    """Show the files that come nearest to the target."""
    files = sorted(release.files, key=lambda file: distance(file, snapshot.target))
    return tuple(evidence.of_file(file, evidence.listed(file)) for file in files[:4])


CHECK = Check(
    name="missing-wheel",
    summary="no wheel of a release installs on the target",
    severity=Severity.WARNING,
    needs=frozenset({Need.INDEX}),
    find=find,
)
