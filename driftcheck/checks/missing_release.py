"""A release that is asked for does not exist on the index.

## What it looks for

Lines, and dependencies of resolved packages, for which the indexes have nothing: no project of that name, no
release in the asked range, only yanked ones, a quarantined project, or a release that was uploaded only
after `--as-of`.

## Why it matters

pip stops: "No matching distribution found". Releases do vanish: deleted by their owners, or never there
because of a typing error, which is also how malware gets installed.

## Example

    tensorflow==2.8.5

The nearest releases are 2.8.4 and 2.9.0.

## How to fix

Pin the nearest release, correct the name, or add the index that has it (`--extra-index-url`,
`--find-links`): versions such as `1.13.1+cu117` live on the project's own index.

## When it can be wrong

Where the release comes from an index that driftcheck was not told about.

## Sources

- PEP 440, version specifiers, https://peps.python.org/pep-0440/
- PEP 592, which yanked releases an installer ignores, https://peps.python.org/pep-0592/
- PEP 792, quarantined projects offer no files, https://peps.python.org/pep-0792/
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import InvalidVersion, Version

from driftcheck.model import evidence
from driftcheck.model.catalogue import ProjectPage
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Evidence, Finding, Fix, Severity
from driftcheck.model.project import pinned_version
from driftcheck.model.release import ProjectStatus
from driftcheck.model.release_search import exists, neighbours, newest, pin_to, proposal
from driftcheck.model.resolution import Ask, Miss, MissReason
from driftcheck.model.snapshot import Snapshot

_MOST_GUESSES = 100
"""With more misses nothing is guessed: each guess compares a name with all others."""


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each wish that no release fulfils."""
    misses = [m for m in snapshot.resolution.misses if m.reason is not MissReason.NO_INSTALLABLE_FILE]
    known = _known_names(snapshot) if len(misses) <= _MOST_GUESSES else []
    for miss in misses:
        yield _finding(snapshot, miss, known)


def _finding(snapshot: Snapshot, miss: Miss, known: list[NormalizedName]) -> Finding:
    ask = miss.ask
    page = snapshot.pages.get(ask.package)
    text, fixes = _explained(snapshot, miss, page, known)
    pin = pinned_version(ask.specifier)
    shown = [evidence.of_ask(snapshot, ask)]
    if page is not None and page.versions:
        shown.append(Evidence(file=_index_of(page), line=None, text=_listing(ask, page)))
    return CHECK.finding(
        package=ask.package,
        version=str(pin) if pin else None,
        message=text,
        location=ask.location,
        evidence=tuple(shown),
        fixes=fixes,
        subject=f"{ask.asked_by or ''} {ask.specifier}",
    )


def _explained(
    snapshot: Snapshot, miss: Miss, page: ProjectPage | None, known: list[NormalizedName]
) -> tuple[str, tuple[Fix, ...]]:
    ask = miss.ask
    asker = f", which {ask.asked_by} {ask.asked_by_version} requires" if ask.asked_by else ""
    if page is None:
        similar = next(iter(difflib.get_close_matches(ask.package, known, n=1, cutoff=0.8)), None)
        hint = f"; did you mean {similar}, which this input also names?" if similar else ""
        return f"no index has a project named {ask.package}{asker}{hint}", ()
    if page.status is ProjectStatus.QUARANTINED:
        reason = f" ({page.status_reason})" if page.status_reason else ""
        return f"{_wish(ask)}{asker} can't be had: the index has quarantined {ask.package}{reason}", ()
    if not page.versions:
        return f"the index lists no files of {ask.package}{asker}", ()
    if miss.reason is MissReason.AFTER_AS_OF:
        return _too_new(snapshot, ask, page, asker), _fix(snapshot, ask)
    return _no_version(snapshot, ask, page, asker), _fix(snapshot, ask)


def _no_version(snapshot: Snapshot, ask: Ask, page: ProjectPage, asker: str) -> str:
    within = [version for version in page.versions if ask.specifier.contains(version, prereleases=True)]
    if within and all(_is_yanked(page, version) for version in within):
        text = f"every release of {ask.package} in {ask.specifier}{asker} was yanked"
        return f"{text}, and pip takes one only for an exact pin{_nearest(snapshot, ask, page)}"
    pin = pinned_version(ask.specifier)
    if pin is None:
        return f"no release of {ask.package} is in {ask.specifier}{asker}" + _nearest(snapshot, ask, page)
    text = f"{ask.package} {pin}{asker} is not on the index" + _nearest(snapshot, ask, page)
    if pin.local and page.release(Version(pin.public)) is not None:
        text += f"; builds such as +{pin.local} are on an index of their own, for --extra-index-url"
    return text


def _too_new(snapshot: Snapshot, ask: Ask, page: ProjectPage, asker: str) -> str:
    dates = [
        release.uploaded
        for version in page.versions
        if ask.specifier.contains(version, prereleases=True)
        and (release := page.release(version)) is not None
        if release.uploaded is not None
    ]
    when = f" before {min(dates):%Y-%m-%d}" if dates else ""
    today = f"{snapshot.as_of:%Y-%m-%d}"
    text = f"{_wish(ask)}{asker} was not on the index{when}, and the date of this run is {today}"
    return text + _nearest(snapshot, ask, page)


def _nearest(snapshot: Snapshot, ask: Ask, page: ProjectPage) -> str:
    wanted = _reference(ask.specifier)
    if wanted is None:
        latest = newest(page, lambda release: exists(snapshot, release) and release.yanked is None)
        return f"; the newest release is {latest.version}" if latest else ""
    near = neighbours(page, wanted, lambda release: exists(snapshot, release) and release.yanked is None)
    if near.below is not None and near.above is not None:
        return f"; the nearest releases are {near.below.version} and {near.above.version}"
    if near.below is not None:
        return f"; the newest release is {near.below.version}"
    return f"; the oldest release is {near.above.version}" if near.above else ""


def _listing(ask: Ask, page: ProjectPage) -> str:
    """Show what the page lists around the wish."""
    wanted = _reference(ask.specifier) or page.versions[0]
    above = [version for version in page.versions if version >= wanted][-3:]
    below = [version for version in page.versions if version < wanted][:3]
    return f"releases listed there: {', '.join(str(version) for version in (*above, *below))}"


def _fix(snapshot: Snapshot, ask: Ask) -> tuple[Fix, ...]:
    wanted = _reference(ask.specifier)
    if ask.asked_by is not None or wanted is None:
        return ()  # only the package that asks can change its wish
    return pin_to(proposal(snapshot, ask.package, wanted, instead_of=ask.location))


def _reference(specifier: SpecifierSet) -> Version | None:
    """Return the version that the wish stands nearest to: the pin, else the highest bound it names."""
    bounds = []
    for clause in specifier:
        try:
            bounds.append(Version(clause.version.removesuffix(".*")))
        except InvalidVersion:  # `===` takes any text
            continue
    return pinned_version(specifier) or max(bounds, default=None)


def _known_names(snapshot: Snapshot) -> list[NormalizedName]:
    """Return the names of this very input that exist; the index can't be searched for similar ones."""
    known = {line.name for line in snapshot.project.declarations if line.name} | set(
        snapshot.resolution.by_name
    )
    lost = {
        miss.ask.package for miss in snapshot.resolution.misses if miss.reason is MissReason.UNKNOWN_PROJECT
    }
    return sorted(known - lost)


def _is_yanked(page: ProjectPage, version: Version) -> bool:
    release = page.release(version)
    return release is not None and release.yanked is not None


def _index_of(page: ProjectPage) -> str:
    release = page.release(page.versions[0])
    return release.files[0].index_url if release and release.files else "index"


def _wish(ask: Ask) -> str:
    pin = pinned_version(ask.specifier)
    return f"{ask.package} {pin}" if pin else f"{ask.package}{ask.specifier}"


CHECK = Check(
    name="missing-release",
    summary="a release that is asked for does not exist on the index",
    severity=Severity.ERROR,
    needs=frozenset({Need.INDEX}),
    find=find,
)
