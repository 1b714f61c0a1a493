"""A requirement of the user's is not pinned to one version.

## What it looks for

Requirement lines that apply on the target and that neither pin a version with `==` or `===` themselves nor
are pinned by a constraint. Lines that name a URL or a folder are left alone.

## Why it matters

What is installed changes with the next upload, without a commit: the build of today is not the build of
tomorrow, and nobody can say what ran in between.

## Example

    flask>=1.1

meant Flask 1.1.2 in 2020 and means Flask 3 today.

## How to fix

Pin the release that the message names, or compile the whole set into a lock with pip-compile, uv or pip lock
and install from that.

## When it can be wrong

In a library's requirements, where ranges are right, because the application that uses it does the pinning.
Ignore the check there.

## Sources

- PEP 440, version matching, https://peps.python.org/pep-0440/#version-matching
- pip's repeatable installs, https://pip.pypa.io/en/stable/topics/repeatable-installs/
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import NormalizedName

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Finding, Fix, Severity
from driftcheck.model.project import Declaration
from driftcheck.model.resolution import ResolvedPackage
from driftcheck.model.snapshot import Snapshot


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each direct requirement that floats."""
    pinned_by_constraint = {
        line.name
        for line in snapshot.project.constraints
        if line.pin is not None and line.applies(dict(snapshot.target.marker_environment))
    }
    pinned = pinned_by_constraint | {
        package.name for package in snapshot.resolution.packages if package.pin_declaration is not None
    }
    for line in snapshot.requirements:
        if line.is_from_index and line.pin is None and line.name is not None and line.name not in pinned:
            yield _finding(line, line.name, snapshot.resolution.by_name.get(line.name))


def _finding(line: Declaration, name: NormalizedName, resolved: ResolvedPackage | None) -> Finding:
    wish = f"{name}{line.specifier}"
    today = f"; today it is {resolved.version}" if resolved else ""
    return CHECK.finding(
        package=name,
        message=f"{wish} allows more than one version{today}",
        location=line.location,
        evidence=(evidence.of_declaration(line),),
        fixes=(Fix(package=name, specifier=f"=={resolved.version}"),) if resolved else (),
        subject=str(line.specifier),
    )


CHECK = Check(
    name="unpinned-requirement",
    summary="a requirement is not pinned to one version",
    severity=Severity.NOTE,
    needs=frozenset({Need.INPUT}),
    find=find,
)
