"""A project is archived, deprecated or quarantined, or says itself that it is inactive.

## What it looks for

The status that the index reports for a project (PEP 792): `archived`, `deprecated` or `quarantined`, each a
warning with the reason the maintainers gave. Where the index reports none, the classifier
`Development Status :: 7 - Inactive` of the release that would be installed is a note.

## Why it matters

Nobody mends it any more: the next Python or the next release of a dependency may break it for good, and
security holes stay open. A quarantined project is under suspicion of being malware.

## Example

    click-plugins==1.1.1.2

says of itself that it is inactive.

## How to fix

Move to the successor that the reason names, or plan for maintaining a copy. Do not install a quarantined
project before the index has cleared it.

## When it can be wrong

A finished project may be archived and work for years. Few indexes report a status; silence says nothing.

## Sources

- PEP 792, project status markers, https://peps.python.org/pep-0792/
- the list of classifiers of the packaging project, https://github.com/pypa/trove-classifiers
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Confidence, Evidence, Finding, Severity
from driftcheck.model.release import ProjectStatus
from driftcheck.model.resolution import ResolvedPackage
from driftcheck.model.snapshot import Snapshot

_CLASSIFIER = "Development Status :: 7 - Inactive"
_MEANINGS = {
    ProjectStatus.ARCHIVED: "is archived: its maintainers expect no further release",
    ProjectStatus.DEPRECATED: "is deprecated: its maintainers advise against using it",
    ProjectStatus.QUARANTINED: "is quarantined by the index: it may be malware",
}


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each resolved package whose project has ended."""
    for package in snapshot.resolution.packages:
        page = snapshot.pages.get(package.name)
        if page is not None and page.status is not ProjectStatus.ACTIVE:
            yield _by_status(snapshot, package, page.status, page.status_reason)
        elif package.metadata is not None and _CLASSIFIER in package.metadata.classifiers:
            yield _by_classifier(snapshot, package)


def _by_status(
    snapshot: Snapshot, package: ResolvedPackage, status: ProjectStatus, reason: str | None
) -> Finding:
    because = f" ({reason})" if reason else ""
    place = package.release.files[0].index_url if package.release.files else "index"
    text = f"project-status: {status.value}" + (f", reason: {reason}" if reason else "")
    return CHECK.finding(
        package=package.name,
        version=str(package.version),
        message=f"{snapshot.title_of(package)} {_MEANINGS[status]}{because}",
        location=snapshot.place_of(package),
        evidence=(Evidence(file=place, line=None, text=text),),
        subject=status.value,
    )


def _by_classifier(snapshot: Snapshot, package: ResolvedPackage) -> Finding:
    return CHECK.finding(
        package=package.name,
        version=str(package.version),
        severity=Severity.NOTE,
        confidence=Confidence.MEDIUM,
        message=f"{snapshot.title_of(package)} says of itself that it is inactive",
        location=snapshot.place_of(package),
        evidence=(
            Evidence(
                file=f"{package.name} {package.version} METADATA",
                line=None,
                text=f"Classifier: {_CLASSIFIER}",
            ),
        ),
        subject="classifier",
    )


CHECK = Check(
    name="inactive-project",
    summary="a project is archived, deprecated, quarantined or says it is inactive",
    severity=Severity.WARNING,
    needs=frozenset({Need.INDEX}),
    find=find,
)
