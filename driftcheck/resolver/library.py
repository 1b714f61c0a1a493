"""Everything that resolving looks up, each thing once: pages, candidates, metadata, dependencies.

It also holds what was decided on the way: names that are settled on one candidate whatever anybody
asks, names that are left out, and wishes that are dropped because nothing can fulfil them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from packaging.utils import NormalizedName

from driftcheck.model.catalogue import Catalogue
from driftcheck.model.errors import IndexUnavailableError
from driftcheck.model.gap import Gap, Step
from driftcheck.model.location import Location
from driftcheck.model.progress import Progress
from driftcheck.model.target import Target
from driftcheck.resolver.facts import NO_EXTRAS, NOTHING, FactReader, Facts
from driftcheck.resolver.options import ResolveOptions
from driftcheck.resolver.requirement_text import Dependencies
from driftcheck.resolver.shelf import Shelf
from driftcheck.resolver.wish import Candidate, Wish, make_wish


class OutOfBoundsError(Exception):
    """One of the limits of `ResolveLimits` was reached; the message says which."""


@dataclass(slots=True, kw_only=True)
class Library:
    """What one resolution has looked up and decided so far."""

    target: Target
    options: ResolveOptions
    catalogue: Catalogue
    progress: Progress
    """Hears how many packages are known; of pages and metadata the catalogue tells itself."""
    installs_dependencies: bool = True
    bounds: dict[NormalizedName, tuple[Wish, ...]] = field(default_factory=dict)
    """The user's constraints by name; they bind only what somebody asks for."""
    exclusive: dict[NormalizedName, Candidate] = field(default_factory=dict)
    """The one candidate of a name that the user takes from a URL."""
    settled: dict[NormalizedName, Candidate] = field(default_factory=dict)
    """Names whose candidate stands, whatever anybody asks."""
    kept_as_written: set[NormalizedName] = field(default_factory=set)
    """Names that a line of the user's pins: their candidate is kept even if it can't be read."""
    absent: set[NormalizedName] = field(default_factory=set)
    """Names that are left out; wishes for them are not followed."""
    unreachable: dict[NormalizedName, Gap] = field(default_factory=dict)
    """Names whose page could not be fetched."""
    dropped: set[tuple[NormalizedName | None, NormalizedName, str]] = field(default_factory=set)
    """(asker, name, specifier) of metadata's wishes that nothing can fulfil."""
    _reader: FactReader = field(init=False)
    _shelves: dict[NormalizedName, Shelf | None] = field(default_factory=dict)
    _facts: dict[Candidate, Facts] = field(default_factory=dict)
    _wishes: dict[tuple[Candidate, frozenset[NormalizedName]], tuple[Wish, ...]] = field(default_factory=dict)
    _with_extras: dict[tuple[Candidate, frozenset[NormalizedName]], Candidate] = field(default_factory=dict)
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self._reader = FactReader(target=self.target, catalogue=self.catalogue)
        self._deadline = time.monotonic() + self.options.limits.wall_s

    def check_bounds(self) -> None:
        """Raise if resolving took too much.

        Raises:
            OutOfBoundsError: a limit was reached.
        """
        limits = self.options.limits
        if len(self._facts) > limits.candidates:
            raise OutOfBoundsError(f"the metadata of {limits.candidates} releases was read")
        if time.monotonic() > self._deadline:
            raise OutOfBoundsError(f"{limits.wall_s:g} seconds went by")

    def shelf(self, name: NormalizedName) -> Shelf | None:
        """Return a project's releases, `None` if no index knows it, is asked for it, or could be reached."""
        if not self.is_from_index(name):
            return None
        if name not in self._shelves:
            self._shelves[name] = self._open(name)
        return self._shelves[name]

    def is_from_index(self, name: NormalizedName) -> bool:
        """Whether the indexes are asked for a name: not if a line says that it comes from elsewhere."""
        settled = self.settled.get(name)
        return name not in self.exclusive and (settled is None or settled.version is not None)

    def prefetch_pages(self, names: Iterable[NormalizedName]) -> None:
        """Start fetching the pages of the names that come from an index."""
        self.catalogue.prefetch_pages([name for name in names if self.is_from_index(name)])

    def shelves(self) -> Iterator[Shelf]:
        """Yield every shelf that was opened, sorted by name."""
        for _, shelf in sorted(self._shelves.items()):
            if shelf is not None:
                yield shelf

    def matching(
        self, name: NormalizedName, wishes: Sequence[Wish], *, within_bounds: bool = True
    ) -> Iterator[Candidate]:
        """Yield the candidates for a name that satisfy all the wishes and constraints, the best first.

        Args:
            name: what is asked for.
            wishes: all for this name.
            within_bounds: whether the user's constraints on the name bind as well.
        """
        if name in self.settled:
            yield self.settled[name]
            return
        if within_bounds and name in self.bounds:
            wishes = [*wishes, *self.bounds[name]]
        alone = self.exclusive.get(name)
        explicit = {wish.only for wish in wishes if wish.only is not None}
        if alone is not None:
            explicit.add(alone)
        if explicit:
            yield from (one for one in explicit if all(wish.accepts(one) for wish in wishes))
            return
        shelf = self.shelf(name)
        if shelf is not None:
            yield from shelf.matching(wishes)

    def best(
        self, name: NormalizedName, wishes: Sequence[Wish], *, within_bounds: bool = True
    ) -> Candidate | None:
        """Return the first of `matching` that pip would not pass over.

        Raises:
            OutOfBoundsError: a limit was reached.
        """
        for candidate in self.matching(name, wishes, within_bounds=within_bounds):
            if not self.facts(candidate).is_refused:
                return candidate
            self.check_bounds()
        return None

    def with_extras(self, base: Candidate, extras: frozenset[NormalizedName]) -> Candidate:
        """Return the candidate that adds extras to a candidate, always the same one."""
        key = (base, extras)
        if key not in self._with_extras:
            self._with_extras[key] = Candidate(
                name=base.name,
                version=base.version,
                release=base.release,
                files=base.files,
                extras=extras,
                base=base,
            )
        return self._with_extras[key]

    def facts(self, candidate: Candidate) -> Facts:
        """Return what is known of a candidate's metadata, reading it when first asked."""
        base = candidate.base or candidate
        facts = self._facts.get(base)
        if facts is None:
            keeps = base.name in self.kept_as_written or base.name in self.exclusive
            facts = self._reader.read(base, keeps=keeps)
            self._facts[base] = facts
        return facts

    def read_so_far(self) -> Iterator[tuple[Candidate, Facts]]:
        """Yield every candidate whose metadata was read."""
        yield from self._facts.items()

    def prefetch(self, candidates: Iterable[Candidate]) -> None:
        """Start fetching the metadata of the candidates' best files."""
        files = [candidate.files[0] for candidate in candidates if candidate.files]
        if files:
            self.catalogue.prefetch_metadata(files)

    def wishes_of(self, candidate: Candidate) -> tuple[Wish, ...]:
        """Return what a candidate asks for on the target, without what was dropped or left out."""
        base = candidate.base or candidate
        key = (base, candidate.extras)
        if key not in self._wishes:
            self._wishes[key] = tuple(self._make_wishes(base, candidate.extras))
        wishes = self._wishes[key]
        if not self.dropped and not self.absent and not self.unreachable:
            return wishes
        return tuple(wish for wish in wishes if not self.is_dropped(base.name, wish))

    def is_dropped(self, asker: NormalizedName, wish: Wish) -> bool:
        """Whether a wish of metadata's is not followed."""
        if wish.name in self.absent or wish.name in self.unreachable:
            return True
        return bool(self.dropped) and (asker, wish.name, str(wish.specifier)) in self.dropped

    def dependencies(self, candidate: Candidate) -> Dependencies:
        """Return the `Requires-Dist` lines of a candidate that count on the target.

        Dropped ones are among them, and with `--no-deps` those that are not followed.
        """
        metadata = self.facts(candidate).metadata
        if metadata is None:
            return NOTHING
        extras = candidate.extras & frozenset(metadata.provides_extra) if candidate.extras else NO_EXTRAS
        if candidate.extras and not extras:
            return NOTHING
        return self._reader.select(candidate.base or candidate, metadata, extras)

    def _make_wishes(self, base: Candidate, extras: frozenset[NormalizedName]) -> Iterator[Wish]:
        if not self.installs_dependencies:
            return
        candidate = self.with_extras(base, extras) if extras else base
        for dependency in self.dependencies(candidate).wanted:
            requirement = dependency.requirement
            if requirement.url is None:
                yield make_wish(
                    dependency.name,
                    requirement.specifier,
                    extras=dependency.extras,
                    requirement=requirement,
                )

    def _open(self, name: NormalizedName) -> Shelf | None:
        try:
            page = self.catalogue.page(name)
        except IndexUnavailableError as error:
            self.unreachable[name] = _gap(name, str(error))
            return None
        return None if page is None else Shelf(page=page, target=self.target, options=self.options)


def _gap(name: NormalizedName, reason: str, location: Location | None = None) -> Gap:
    return Gap(subject=name, step=Step.RESOLVE, reason=reason, location=location, is_package=True)
