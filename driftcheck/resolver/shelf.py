"""The releases of one project that a target can install, newest first, looked at as late as possible.

The order and the exclusions are pip's (`CandidateEvaluator` and `Factory._iter_found_candidates`,
pip 26.3): hashes, pre-releases (PEP 440), yanked files (PEP 592), `--prefer-binary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from packaging.version import Version

from driftcheck.model.catalogue import ProjectPage
from driftcheck.model.installable import installable_files
from driftcheck.model.project import Hash
from driftcheck.model.release import DistributionFile, Release
from driftcheck.model.target import Target
from driftcheck.resolver.as_of import DayView
from driftcheck.resolver.options import ResolveOptions
from driftcheck.resolver.wish import Candidate, Wish


@dataclass(slots=True, kw_only=True)
class Shelf:
    """One project's releases, seen from a target."""

    page: ProjectPage
    target: Target
    options: ResolveOptions
    _day: DayView = field(init=False)
    _candidates: dict[Version, Candidate | None] = field(default_factory=dict)
    _filtered: dict[tuple[Version, tuple[Hash, ...]], Candidate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._day = DayView(page=self.page, day=self.options.as_of)

    @property
    def undated(self) -> frozenset[str]:
        """Indexes seen so far that do not say when files were uploaded, although `--as-of` asks."""
        return frozenset(self._day.undated)

    def release(self, version: Version) -> Release | None:
        """Return a release with the files that existed on the day, `None` if it had none."""
        return self._day.release(version)

    def candidate(self, version: Version) -> Candidate | None:
        """Return what the target could take of a release, `None` if nothing."""
        if version not in self._candidates:
            self._candidates[version] = self._make(version)
        return self._candidates[version]

    def matching(self, wishes: Sequence[Wish]) -> Iterator[Candidate]:
        """Yield the candidates that satisfy all the wishes, the best first."""
        found = self._allowed(wishes)
        hashes = wanted_hashes(wishes)
        if hashes:
            found = iter(self._with_hashes(list(found), hashes))
        if any(wish.is_pin for wish in wishes):
            pinned = list(found)
            clean = [candidate for candidate in pinned if not _is_yanked(candidate)]
            found = iter(clean or pinned)
        else:
            found = (candidate for candidate in found if not _is_yanked(candidate))
        if self.options.prefer_binary:
            found = iter(sorted(found, key=lambda candidate: not candidate.files[0].is_wheel))
        yield from found

    def _allowed(self, wishes: Sequence[Wish]) -> Iterator[Candidate]:
        takes_prereleases = self.options.pre or any(wish.takes_prereleases for wish in wishes)
        held_back: list[Candidate] = []
        has_final = False
        for version in self._versions(wishes):
            if not all(wish.allows(version) for wish in wishes):
                continue
            candidate = self.candidate(version)
            if candidate is None:
                continue
            if version.is_prerelease and not takes_prereleases:
                held_back.append(candidate)
                continue
            has_final = True
            yield candidate
        if not has_final:
            yield from held_back

    def _versions(self, wishes: Sequence[Wish]) -> Iterable[Version]:
        pin = next((wish.pin for wish in wishes if wish.pin is not None), None)
        if pin is None:
            return self.page.newest_first()
        if pin.local is not None or not self.page.has_local_versions:
            return (pin,)
        # `==1.0` also takes 1.0+cu121, and a local version is newer than the one without (PEP 440).
        return [v for v in self.page.versions if (v if v.local is None else Version(v.public)) == pin]

    def _make(self, version: Version) -> Candidate | None:
        release = self.release(version)
        if release is None:
            return None
        control = self.options.format_control
        files = tuple(installable_files(release, target=self.target, format_control=control))
        files = tuple(file for file in files if file.yanked is None) or files
        if not files:
            return None
        return Candidate(name=release.name, version=release.version, release=release, files=files)

    def _with_hashes(self, found: list[Candidate], hashes: tuple[Hash, ...]) -> list[Candidate]:
        """Keep what has a wished hash or none at all; if no file has a wished one, keep everything (pip)."""
        wanted = {(one.algorithm, one.digest) for one in hashes}
        if not any(_has_hash(file, wanted) for candidate in found for file in candidate.files):
            return found
        kept: list[tuple[bool, Candidate]] = []
        for candidate in found:
            files = tuple(file for file in candidate.files if not file.hashes or _has_hash(file, wanted))
            if files:
                files = tuple(sorted(files, key=lambda file: not _has_hash(file, wanted)))
                kept.append((not _has_hash(files[0], wanted), self._reduced(candidate, files, hashes)))
        return [candidate for _, candidate in sorted(kept, key=lambda pair: pair[0])]

    def _reduced(
        self, candidate: Candidate, files: tuple[DistributionFile, ...], hashes: tuple[Hash, ...]
    ) -> Candidate:
        if files == candidate.files or candidate.version is None:
            return candidate
        key = (candidate.version, hashes)
        return self._filtered.setdefault(key, replace(candidate, files=files))


def wanted_hashes(wishes: Sequence[Wish]) -> tuple[Hash, ...]:
    """Return the hashes that every wish with hashes allows, sorted; empty if none has any."""
    sets = [set(wish.hashes) for wish in wishes if wish.hashes]
    return tuple(sorted(set.intersection(*sets))) if sets else ()


def _has_hash(file: DistributionFile, wanted: set[tuple[str, str]]) -> bool:
    return any(pair in wanted for pair in file.hashes.items())


def _is_yanked(candidate: Candidate) -> bool:
    return all(file.yanked is not None for file in candidate.files)
