"""Find the releases nearest to a wish: what a check may propose in place of what does not work.

Pages are walked outward from where the wish stands and releases are read one by one, because a project may
have thousands of files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.model.catalogue import ProjectPage
from driftcheck.model.finding import Fix
from driftcheck.model.installable import allows_python
from driftcheck.model.location import Location
from driftcheck.model.release import DistributionFile, Release
from driftcheck.model.resolution import Ask
from driftcheck.model.snapshot import Snapshot

Accept = Callable[[Release], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The accepted releases next to a version."""

    below: Release | None
    above: Release | None

    def closest(self, version: Version) -> Release | None:
        """Return the one that shares more leading numbers with `version`; the newer if both share as many."""
        if self.below is None or self.above is None:
            return self.above or self.below
        shared = (_shared(self.below.version, version), _shared(self.above.version, version))
        return self.below if shared[0] > shared[1] else self.above


def exists(snapshot: Snapshot, release: Release) -> bool:
    """Whether some file was there at the snapshot's instant; one without a date was."""
    return any(f.uploaded is None or f.uploaded <= snapshot.as_of for f in release.files)


def is_usable(snapshot: Snapshot, release: Release) -> bool:
    """Whether pip could install the release on this target at the snapshot's instant, unyanked."""
    return any(_is_takeable(snapshot, file) for file in release.files)


def has_wheel(snapshot: Snapshot, release: Release) -> bool:
    """Whether it could do so without building."""
    return any(file.is_wheel and _is_takeable(snapshot, file) for file in release.files)


def _is_sdist_alone(snapshot: Snapshot, release: Release) -> bool:
    """Whether it is usable and has no wheel to take: one with wheels for others is likely compiled."""
    has_any = any(file.is_wheel for file in release.files)
    is_wanted = not snapshot.format_control.allows_wheels(release.name)
    return (is_wanted or not has_any) and is_usable(snapshot, release)


_PREFERENCE = (has_wheel, _is_sdist_alone)
"""An old sdist often allows a Python on which it can't be built."""


def neighbours(
    page: ProjectPage, version: Version, accept: Accept, *, wishes: Wishes | None = None
) -> Neighbours:
    """Return the accepted releases directly below and above a version; the version itself counts as neither.

    Only versions within `wishes` are read.

    Pre-releases are offered beside a pre-release, or where there is nothing else.
    """
    above = [v for v in reversed(page.versions) if v > version]
    below = [v for v in page.versions if v < version]
    finals_first = not version.is_prerelease
    return Neighbours(
        below=_first(page, below, accept, wishes=wishes, finals_first=finals_first),
        above=_first(page, above, accept, wishes=wishes, finals_first=finals_first),
    )


def newest(
    page: ProjectPage,
    accept: Accept,
    *,
    above: Version | None = None,
    wishes: Wishes | None = None,
    finals_only: bool = False,
) -> Release | None:
    """Return the newest accepted release above a version, a pre-release only where there is nothing else."""
    newer = takewhile(lambda v: above is None or v > above, page.newest_first())
    order = [v for v in newer if not (finals_only and v.is_prerelease)]
    return _first(page, order, accept, wishes=wishes, finals_first=True)


def proposal(
    snapshot: Snapshot,
    name: NormalizedName,
    version: Version,
    *,
    instead_of: Location | None,
    also: tuple[Ask, ...] = (),
) -> Release | None:
    """Return the closest release that satisfies everybody but the line at `instead_of`.

    One with a wheel is preferred: an old sdist often allows a Python on which it can't be built.
    """
    page = snapshot.pages.get(name)
    if page is None:
        return None
    wishes = others(snapshot, name, instead_of=instead_of, also=also)
    for fits in _PREFERENCE:
        accept = partial(fits, snapshot)
        if found := neighbours(page, version, accept, wishes=wishes).closest(version):
            return found
    return None


def newest_agreeable(
    snapshot: Snapshot,
    name: NormalizedName,
    *,
    above: Version | None = None,
    instead_of: Location | None,
    also: tuple[Ask, ...] = (),
) -> Release | None:
    """Return the newest final release that satisfies everybody but the line at `instead_of`; wheels first."""
    page = snapshot.pages.get(name)
    if page is None:
        return None
    wishes = others(snapshot, name, instead_of=instead_of, also=also)
    for fits in _PREFERENCE:
        if found := newest(page, partial(fits, snapshot), above=above, wishes=wishes, finals_only=True):
            return found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What several parties ask for at once; `version in wishes` says whether all are content."""

    specifiers: tuple[SpecifierSet, ...]

    def __contains__(self, version: Version) -> bool:
        return all(specifier.contains(version, prereleases=True) for specifier in self.specifiers)


def others(
    snapshot: Snapshot, name: NormalizedName, *, instead_of: Location | None, also: tuple[Ask, ...] = ()
) -> Wishes:
    """Return what everybody asks of a package but the user's line at `instead_of`, which is to change.

    Args:
        also: wishes that the resolver did not look at, with `--no-deps`.
    """
    return Wishes(
        specifiers=tuple(
            ask.specifier
            for ask in (*snapshot.asks_for(name), *also)
            if ask.asked_by is not None or instead_of is None or ask.location != instead_of
        )
    )


def pin_to(release: Release | None) -> tuple[Fix, ...]:
    """Return the change that pins a package to a release, none for `None`."""
    return () if release is None else (Fix(package=release.name, specifier=f"=={release.version}"),)


def _is_takeable(snapshot: Snapshot, file: DistributionFile) -> bool:
    return (
        file.yanked is None
        and (file.uploaded is None or file.uploaded <= snapshot.as_of)
        and allows_python(file, snapshot.target)  # mostly what decides, and cheaper than tags
        and snapshot.installable(file)
    )


def _first(
    page: ProjectPage, order: list[Version], accept: Accept, *, wishes: Wishes | None, finals_first: bool
) -> Release | None:
    passes = (False, True) if finals_first else (None,)
    for is_prerelease in passes:
        for version in order:
            if is_prerelease is not None and version.is_prerelease is not is_prerelease:
                continue
            if wishes is not None and version not in wishes:
                continue
            release = page.release(version)
            if release is not None and accept(release):
                return release
    return None


def _shared(one: Version, other: Version) -> int:
    count = 0
    for left, right in zip(one.release, other.release, strict=False):
        if left != right:
            break
        count += 1
    return count
