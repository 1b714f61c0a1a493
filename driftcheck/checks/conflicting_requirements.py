"""Requirements contradict each other, so that no release satisfies all of them.

## What it looks for

Packages for which the lines of the input and the metadata of the packages in the set ask for versions that no
release has at once. The run goes on with the pins as written, so the other checks still speak.

## Why it matters

pip stops with "ResolutionImpossible". With `--no-deps` it installs the set, and what asked for another
version may break when it is used; there it is a warning.

## Example

    flask==2.0.1
    werkzeug==1.0.1

Flask 2.0.1 asks for Werkzeug 2.

## How to fix

Change the line that the finding names to the proposed release, which satisfies everybody else in the set and
installs on the target; or move the package that asks.

## When it can be wrong

Metadata may ask for more than the package needs. What an sdist asks for is known only after its build; such
findings have medium confidence.

## Sources

- pip's resolver, https://pip.pypa.io/en/stable/topics/dependency-resolution/
- core metadata, https://packaging.python.org/en/latest/specifications/core-metadata/
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.conflict_text import explain
from driftcheck.model.declared import declared_asks
from driftcheck.model.finding import Confidence, Finding, Fix, Other, Severity
from driftcheck.model.gap import Gap
from driftcheck.model.project import pinned_version
from driftcheck.model.release_search import newest_agreeable, pin_to, proposal
from driftcheck.model.resolution import Ask, Conflict
from driftcheck.model.snapshot import Snapshot


def find(snapshot: Snapshot) -> Iterator[Finding | Gap]:
    """Yield a finding for each package that is asked for in ways that exclude each other."""
    for conflict in snapshot.resolution.conflicts:
        yield _finding(snapshot, conflict)
    if not snapshot.project.installs_dependencies:
        for found in _unheeded(snapshot):
            yield found if isinstance(found, Gap) else _finding(snapshot, found)


def _unheeded(snapshot: Snapshot) -> Iterator[Conflict | Gap]:
    """Yield what metadata asks for in vain: with `--no-deps` nobody heeds it, the resolver included."""
    asked: dict[NormalizedName, list[Ask]] = {}
    for package in snapshot.resolution.packages:
        for ask in declared_asks(snapshot, package):
            if isinstance(ask, Gap):
                yield ask
            else:
                asked.setdefault(ask.package, []).append(ask)
    reported = {conflict.package for conflict in snapshot.resolution.conflicts}
    for name in sorted(asked.keys() - reported):
        resolved = snapshot.resolution.by_name.get(name)
        if resolved is None:
            continue
        version = resolved.version
        vain = [ask for ask in asked[name] if not ask.specifier.contains(version, prereleases=True)]
        if vain:
            yield Conflict(package=name, asks=(*resolved.asks, *vain), kept=version)


def _finding(snapshot: Snapshot, conflict: Conflict) -> Finding:
    asker = next((ask for ask in reversed(conflict.asks) if ask.asked_by is not None), None)
    resolved = snapshot.resolution.by_name.get(conflict.package)
    is_pinned = resolved is not None and resolved.pin_declaration is not None
    only_lines = all(ask.asked_by is None for ask in conflict.asks)
    return CHECK.finding(
        package=conflict.package,
        version=str(conflict.kept) if conflict.kept and is_pinned else None,
        severity=Severity.ERROR if snapshot.project.installs_dependencies or only_lines else Severity.WARNING,
        confidence=_confidence(snapshot, conflict),
        message=explain(conflict),
        location=next((ask.location for ask in conflict.asks if ask.location is not None), None),
        evidence=tuple(dict.fromkeys(evidence.of_ask(snapshot, ask) for ask in conflict.asks)),
        conflicts_with=_other(asker),
        fixes=_fixes(snapshot, conflict),
        subject=" ".join(sorted({f"{ask.asked_by or ''}{ask.specifier}" for ask in conflict.asks})),
    )


def _other(asker: Ask | None) -> Other | None:
    if asker is None or asker.asked_by is None or asker.asked_by_version is None:
        return None
    return Other(package=asker.asked_by, version=str(asker.asked_by_version))


def _confidence(snapshot: Snapshot, conflict: Conflict) -> Confidence:
    for ask in conflict.asks:
        package = snapshot.resolution.by_name.get(ask.asked_by) if ask.asked_by else None
        if package is not None and package.metadata is not None and not package.metadata.is_certain:
            return Confidence.MEDIUM
    return Confidence.HIGH


def _fixes(snapshot: Snapshot, conflict: Conflict) -> tuple[Fix, ...]:
    """Return the change of the one line that all others could live with; none where there are several."""
    lines = {ask.location: ask for ask in conflict.asks if ask.asked_by is None}
    if len(lines) != 1:
        return ()
    location, ask = next(iter(lines.items()))
    start: Version | None = pinned_version(ask.specifier) or conflict.kept
    if start is not None:
        return pin_to(proposal(snapshot, conflict.package, start, instead_of=location, also=conflict.asks))
    return pin_to(newest_agreeable(snapshot, conflict.package, instead_of=location, also=conflict.asks))


CHECK = Check(
    name="conflicting-requirements",
    summary="requirements contradict each other",
    severity=Severity.ERROR,
    needs=frozenset({Need.INDEX}),
    find=find,
)
