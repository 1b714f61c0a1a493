"""A release's metadata holds a requirement that pip refuses.

## What it looks for

Releases of the set whose metadata has a `Requires-Dist` that is no valid requirement (PEP 508), such as
`torch (>=1.9.*)` or `pytz (>dev)`. Every pip since 24.1 refuses to install such a release, even where the
requirement stands behind an extra or a marker that does not hold. Only a pin brings one in: of what floats,
pip and driftcheck take another release.

## Why it matters

The pin installed for years and stops with "No matching distribution found" on the day the image's pip is
upgraded.

## Example

    pytorch-lightning==1.7.7

says `Requires-Dist: torch (>=1.9.*)`, and `>=` takes no wildcard.

## How to fix

Take a later release, in which the maintainers have most often mended it. Where that can't be, install with
`pip<24.1`, which is what pip itself proposes.

## When it can be wrong

uv repairs some of these requirements while it reads them, so it may install what pip refuses. On Python 3.7
and older there is no pip that refuses them, and nothing is said.

## Sources

- PEP 508, dependency specifiers, https://peps.python.org/pep-0508/
- pip 24.1, release notes, https://pip.pypa.io/en/stable/news/#v24-1
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Confidence, Evidence, Finding, Severity
from driftcheck.model.snapshot import Snapshot


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each release of the set that today's pip refuses for its metadata."""
    for package in snapshot.resolution.packages:
        requirement = package.refused_requirement
        if requirement is None:
            continue
        yield CHECK.finding(
            package=package.name,
            version=str(package.version),
            confidence=Confidence.HIGH
            if package.metadata and package.metadata.is_certain
            else Confidence.MEDIUM,
            message=f"{snapshot.title_of(package)} requires {requirement!r}, which is no valid requirement: "
            "pip 24.1 and later refuse to install it",
            location=snapshot.place_of(package),
            evidence=(
                Evidence(
                    file=f"{package.name} {package.version} METADATA",
                    line=None,
                    text=f"Requires-Dist: {requirement}",
                ),
            ),
        )


CHECK = Check(
    name="malformed-metadata",
    summary="a release's metadata holds a requirement that pip refuses",
    severity=Severity.ERROR,
    needs=frozenset({Need.INDEX, Need.METADATA}),
    find=find,
)
