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

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Finding, Fix, Severity
from driftcheck.model.project import Declaration
from driftcheck.model.snapshot import Snapshot


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each direct requirement that floats."""
    pinned_by_constraint = {
        line.name
        for line in snapshot.project.constraints
        if line.pin is not None and line.applies(dict(snapshot.target.marker_environment))
    }
    for line in snapshot.requirements:
        if line.name is None or not line.is_from_index or line.pin is not None:
            continue
        if line.name not in pinned_by_constraint:
            yield from _finding(snapshot, line)


def _finding(snapshot: Snapshot, line: Declaration) -> Iterator[Finding]:
    if line.name is None:
        return
    resolved = snapshot.resolution.by_name.get(line.name)
    if resolved is not None and resolved.pin_declaration is not None:
        return  # another line pins it
    wish = f"{line.name}{line.specifier}"
    today = f"; today it is {resolved.version}" if resolved else ""
    yield CHECK.finding(
        package=line.name,
        message=f"{wish} allows more than one version{today}",
        location=line.location,
        evidence=(evidence.of_declaration(line),),
        fixes=(Fix(package=line.name, specifier=f"=={resolved.version}"),) if resolved else (),
        subject=str(line.specifier),
    )


CHECK = Check(
    name="unpinned-requirement",
    summary="a requirement is not pinned to one version",
    severity=Severity.NOTE,
    needs=frozenset({Need.INPUT}),
    find=find,
)
