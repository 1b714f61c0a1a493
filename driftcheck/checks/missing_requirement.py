"""A set that claims to be complete lacks something that it needs.

## What it looks for

Packages that the resolved packages require on this target and that no line provides, where the input says
that it lists everything: lines have hashes, `--no-deps` is used, or it is a lock.

## Why it matters

With hashes pip refuses: "all requirements must have their versions pinned with ==. These do not". With
`--no-deps` the set installs, and an import fails later.

## Example

    jinja2==3.1.4 --hash=sha256:…

alone: Jinja2 requires MarkupSafe.

## How to fix

Add the line that the finding proposes, with its hashes, or compile the set again. A set compiled on another
platform or Python lacks what only this target needs: compile it for this one, or universally.

## When it can be wrong

pip, setuptools and wheel may be in the environment already, and pip-compile leaves them out on purpose; they
are only warned of. A line that names a folder or a repository may provide the package: its name is not known
without building it.

## Sources

- pip's secure installs, https://pip.pypa.io/en/stable/topics/secure-installs/
- pip-tools' `--allow-unsafe`, https://github.com/jazzband/pip-tools/issues/806
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import NormalizedName

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.declared import declared_asks
from driftcheck.model.finding import Confidence, Finding, Severity
from driftcheck.model.gap import Gap
from driftcheck.model.release import Release
from driftcheck.model.release_search import Wishes, is_usable, newest, pin_to
from driftcheck.model.resolution import Ask
from driftcheck.model.snapshot import Snapshot

_OFTEN_INSTALLED = frozenset({"pip", "setuptools", "wheel"})


def find(snapshot: Snapshot) -> Iterator[Finding | Gap]:
    """Yield a finding for each required package that no line provides."""
    if not snapshot.project.claims_complete:
        return
    provided = {line.name for line in snapshot.requirements}
    provided |= {line.name for line in snapshot.project.constraints if line.hashes}
    lacking: dict[NormalizedName, list[Ask]] = {}
    for ask in _asks(snapshot):
        if isinstance(ask, Gap):
            yield ask
        elif ask.package not in provided:
            lacking.setdefault(ask.package, []).append(ask)
    for name, asks in sorted(lacking.items()):
        yield _finding(snapshot, name, asks)


def _asks(snapshot: Snapshot) -> Iterator[Ask | Gap]:
    for package in snapshot.resolution.packages:
        if snapshot.project.installs_dependencies:
            yield from (ask for ask in package.asks if ask.asked_by is not None)
        else:
            yield from declared_asks(snapshot, package)


def _finding(snapshot: Snapshot, name: NormalizedName, asks: list[Ask]) -> Finding:
    is_refused = snapshot.project.requires_hashes and snapshot.project.installs_dependencies
    has_unnamed = any(line.name is None for line in snapshot.requirements)
    is_sure = not has_unnamed and name not in _OFTEN_INSTALLED
    taken = _taken(snapshot, name, asks)
    return CHECK.finding(
        package=name,
        severity=Severity.ERROR if is_refused and is_sure else Severity.WARNING,
        confidence=Confidence.HIGH if is_sure else Confidence.MEDIUM,
        message=_text(name, asks, taken, is_refused=is_refused),
        location=asks[0].location,
        evidence=tuple(evidence.of_ask(snapshot, ask) for ask in asks[:4]),
        fixes=pin_to(taken),
    )


def _text(name: NormalizedName, asks: list[Ask], taken: Release | None, *, is_refused: bool) -> str:
    needers = list(dict.fromkeys(f"{ask.asked_by} {ask.asked_by_version}" for ask in asks))
    shown = needers if len(needers) <= 3 else [*needers[:2], f"{len(needers) - 2} others"]
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
    verb = "requires" if len(needers) == 1 else "require"
    wishes = {str(ask.specifier) for ask in asks}
    wish = f" ({asks[0].specifier})" if len(wishes) == 1 and asks[0].specifier else ""
    text = f"no line provides {name}, which {listed} {verb}{wish}"
    what = f"{name} {taken.version}" if taken else "it"
    if name in _OFTEN_INSTALLED:
        return f"{text}; it must be in the environment already"
    if is_refused:
        return f"{text}; pip would take {what} and refuse it because it has no hash"
    return f"{text}, so it will be absent" + (f"; {what} would fit" if taken else "")


def _taken(snapshot: Snapshot, name: NormalizedName, asks: list[Ask]) -> Release | None:
    """Return the release pip would take: the resolved one, else the newest that suits all who ask."""
    resolved = snapshot.resolution.by_name.get(name)
    if resolved is not None:
        return resolved.release
    page = snapshot.pages.get(name)
    if page is None:
        return None
    wishes = Wishes(specifiers=tuple(ask.specifier for ask in asks))
    return newest(page, lambda release: is_usable(snapshot, release), wishes=wishes)


CHECK = Check(
    name="missing-requirement",
    summary="a set that claims to be complete lacks something it needs",
    severity=Severity.ERROR,
    needs=frozenset({Need.INDEX, Need.METADATA}),
    find=find,
)
