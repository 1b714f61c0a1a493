"""A release does not support the target's Python.

## What it looks for

Pinned or resolved releases whose `Requires-Python`, on the index page or in the metadata, excludes the
target's Python; and ranges in which every release does.

## Why it matters

pip does not install it: "requires a different Python" or "No matching distribution found".

## Example

    scipy==1.7.3

says `>=3.7,<3.11`, so it does not install on Python 3.12.

## How to fix

Take the release that the finding proposes, or run on a Python that the release supports.

## When it can be wrong

An upper bound may be a precaution of the maintainers rather than a known fault, but pip respects it all the
same. What an sdist says may change when it is built; such findings have medium confidence.

## Sources

- core metadata, Requires-Python,
  https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python
- PEP 503, data-requires-python, https://peps.python.org/pep-0503/
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Confidence, Evidence, Finding, Severity
from driftcheck.model.project import pinned_version
from driftcheck.model.release import Release, parse_requires_python
from driftcheck.model.release_search import (
    has_wheel,
    is_usable,
    neighbours,
    newest,
    pin_to,
    proposal,
)
from driftcheck.model.resolution import Ask, ResolvedPackage
from driftcheck.model.snapshot import Snapshot


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each release, and each range, that excludes the target's Python."""
    for package in snapshot.resolution.packages:
        if package.file is None:
            if snapshot.excludes_python(package.release):
                yield _by_page(snapshot, package)
        elif package.metadata is not None and not snapshot.target.supports_python(
            parse_requires_python(package.metadata.requires_python)
        ):
            yield _by_metadata(snapshot, package, package.metadata.requires_python or "")
    for ask, releases in snapshot.uninstallable_ranges():
        if all(snapshot.excludes_python(release) for release in releases):
            yield _by_range(snapshot, ask, releases)


def _by_page(snapshot: Snapshot, package: ResolvedPackage) -> Finding:
    return CHECK.finding(
        package=package.name,
        version=str(package.version),
        message=f"{snapshot.title_of(package)} needs Python {_bounds(package.release)}, "
        f"so it does not install on {_here(snapshot)}{_elsewhere(snapshot, package.release)}",
        location=snapshot.place_of(package),
        evidence=evidence.of_release(package.release),
        fixes=pin_to(proposal(snapshot, package.name, package.version, instead_of=package.location)),
        subject=f"page {snapshot.target.kind}",
    )


def _by_metadata(snapshot: Snapshot, package: ResolvedPackage, bounds: str) -> Finding:
    is_certain = package.metadata is not None and package.metadata.is_certain
    return CHECK.finding(
        package=package.name,
        version=str(package.version),
        confidence=Confidence.HIGH if is_certain else Confidence.MEDIUM,
        message=f"{snapshot.title_of(package)} says in its metadata that it needs Python {bounds}, "
        f"so it does not install on {_here(snapshot)}{_elsewhere(snapshot, package.release)}",
        location=snapshot.place_of(package),
        evidence=(
            Evidence(
                file=f"{package.name} {package.version} METADATA",
                line=None,
                text=f"Requires-Python: {bounds}",
            ),
        ),
        subject=f"metadata {snapshot.target.kind}",
    )


def _by_range(snapshot: Snapshot, ask: Ask, releases: tuple[Release, ...]) -> Finding:
    latest = releases[0]
    asker = f", which {ask.asked_by} {ask.asked_by_version} requires," if ask.asked_by else ""
    pin = pinned_version(ask.specifier)
    which = f"in {ask.specifier}" if ask.specifier else "at all"
    better = proposal(snapshot, ask.package, latest.version, instead_of=ask.location)
    return CHECK.finding(
        package=ask.package,
        version=str(pin) if pin else None,
        message=f"no release of {ask.package} {which}{asker} supports {_here(snapshot)}: "
        f"{latest.version} needs {_bounds(latest)}{_elsewhere(snapshot, latest)}",
        location=ask.location,
        evidence=(evidence.of_ask(snapshot, ask), *evidence.of_release(latest, limit=3)),
        fixes=() if ask.asked_by else pin_to(better),
        subject=f"{ask.asked_by or ''} {ask.specifier} {snapshot.target.kind}",
    )


def _here(snapshot: Snapshot) -> str:
    return f"Python {snapshot.target.python_version}"


def _bounds(release: Release) -> str:
    return " or ".join(sorted({file.requires_python for file in release.files if file.requires_python}))


def _elsewhere(snapshot: Snapshot, release: Release) -> str:
    """Name the releases next to this one that install here, and the newest of them; wheels are preferred.

    An old sdist often has no upper bound and can't be built all the same.
    """
    page = snapshot.pages.get(release.name)
    if page is None:
        return ""
    for fits, words in ((has_wheel, "with a wheel for it"), (is_usable, "that allows it")):
        accept = partial(fits, snapshot)
        near = neighbours(page, release.version, accept)
        if near.above is not None:
            text = f"; {near.above.version} is the next release {words}"
            top = newest(page, accept, above=near.above.version)
            return f"{text} and {top.version} the newest" if top is not None else text
        if near.below is not None:
            return f"; {near.below.version} is the last release {words}"
    return "; no release of it does"


CHECK = Check(
    name="unsupported-python",
    summary="a release does not support the target's Python",
    severity=Severity.ERROR,
    needs=frozenset({Need.INDEX}),
    find=find,
)
