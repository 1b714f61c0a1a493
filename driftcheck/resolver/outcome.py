"""The set that was found, told as a `Resolution`: who asks for what, what contradicts, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName

from driftcheck.model.gap import Gap, Step
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration
from driftcheck.model.resolution import Ask, Conflict, Miss, Resolution, ResolvedPackage
from driftcheck.resolver.library import Library
from driftcheck.resolver.request import Request, why_unmet
from driftcheck.resolver.requirement_text import Dependency
from driftcheck.resolver.wish import Candidate, Wish, make_wish

FoundSet = Mapping[NormalizedName, Candidate]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """Gathers a resolution from the chosen candidates, following only what leads from the user's lines."""

    request: Request
    library: Library
    chosen: FoundSet
    _asks: dict[NormalizedName, list[Ask]] = field(default_factory=dict)
    _extras: dict[NormalizedName, set[NormalizedName]] = field(default_factory=dict)
    _roads: dict[NormalizedName, Location | None] = field(default_factory=dict)
    """{name: the line of the direct requirement that leads there}"""
    _unreachable: dict[NormalizedName, Location | None] = field(default_factory=dict)
    """{name whose page could not be fetched: the line that leads there}"""
    _misses: list[Miss] = field(default_factory=list)
    _gaps: list[Gap] = field(default_factory=list)

    def tell(self) -> Resolution:
        """Return the resolution."""
        self._take_own_lines()
        self._follow_roads()
        packages = tuple(self._package(name) for name in sorted(self._roads) if self._is_listed(name))
        conflicts = tuple(self._conflicts())
        return Resolution(
            target=self.library.target,
            packages=packages,
            conflicts=conflicts,
            misses=tuple(sorted(set(self._misses), key=_miss_order)),
            unneeded=tuple(self.request.unneeded),
            gaps=tuple(sorted({*self._gaps, *self._more_gaps()}, key=lambda gap: gap.sort_key)),
            by_name=MappingProxyType({package.name: package for package in packages}),
        )

    def _take_own_lines(self) -> None:
        for wish, reason in self.request.unmet:
            self._misses.append(Miss(ask=_own_ask(wish), reason=reason))
        for name, wishes in self.request.roots.items():
            if name in self.library.unreachable:
                location = wishes[0].declaration.location if wishes[0].declaration else None
                self._unreachable.setdefault(name, location)
            if name not in self.chosen:
                continue
            self._roads[name] = wishes[0].declaration.location if wishes[0].declaration else None
            for wish in wishes:
                self._note(_own_ask(wish))

    def _note(self, ask: Ask) -> bool:
        """Keep an ask, and say whether it is for an extra that nobody asked for before."""
        self._asks.setdefault(ask.package, []).append(ask)
        extras = self._extras.setdefault(ask.package, set())
        brings_more = not extras.issuperset(ask.extras)
        extras.update(ask.extras)
        return brings_more

    def _follow_roads(self) -> None:
        frontier = sorted(self._roads)
        done: set[tuple[NormalizedName, NormalizedName | None]] = set()
        while frontier:
            following: set[NormalizedName] = set()
            for name in frontier:
                for asker in self._parts(name):
                    extra = next(iter(asker.extras), None)
                    if (name, extra) not in done:
                        done.add((name, extra))
                        following |= self._follow(asker)
            frontier = sorted(following)

    def _parts(self, name: NormalizedName) -> Iterator[Candidate]:
        """Yield a chosen candidate, then each of the extras asked of it, one at a time."""
        candidate = self.chosen[name]
        yield candidate
        for extra in sorted(self._extras.get(name, ())):
            yield self.library.with_extras(candidate, frozenset({extra}))

    def _follow(self, asker: Candidate) -> set[NormalizedName]:
        following: set[NormalizedName] = set()
        for dependency in self.library.dependencies(asker).wanted:
            ask = self._ask_of(asker, dependency)
            name = dependency.name
            if not self.library.installs_dependencies:
                if name in self.request.roots and name in self.chosen:
                    self._asks.setdefault(name, []).append(ask)
            elif dependency.requirement.url is not None:
                self._note_url(ask)
            elif self._is_missing(asker, dependency):
                self._note_missing(ask, dependency)
            elif name in self.chosen:
                is_new = name not in self._roads
                self._roads.setdefault(name, ask.location)
                if self._note(ask) or is_new:
                    following.add(name)
        return following

    def _ask_of(self, asker: Candidate, dependency: Dependency) -> Ask:
        return Ask(
            package=dependency.name,
            specifier=dependency.requirement.specifier,
            extras=dependency.extras,
            asked_by=asker.name,
            asked_by_version=asker.version,
            requirement=dependency.requirement,
            location=self._roads.get(asker.name),
        )

    def _is_missing(self, asker: Candidate, dependency: Dependency) -> bool:
        key = (asker.name, dependency.name, str(dependency.requirement.specifier))
        return key in self.library.dropped or dependency.name not in self.chosen

    def _note_missing(self, ask: Ask, dependency: Dependency) -> None:
        name = dependency.name
        if name in self.library.unreachable:
            self._unreachable.setdefault(name, ask.location)
        elif name not in self.library.absent:
            wish = make_wish(name, dependency.requirement.specifier, requirement=dependency.requirement)
            self._misses.append(Miss(ask=ask, reason=why_unmet(wish, self.library)))

    def _note_url(self, ask: Ask) -> None:
        if ask.package in self.chosen:
            return
        reason = f"{ask.asked_by} {ask.asked_by_version} takes it from a URL, which was not followed"
        self._gaps.append(
            Gap(
                subject=ask.package,
                step=Step.RESOLVE,
                reason=reason,
                location=ask.location,
                is_package=True,
            )
        )

    def _is_listed(self, name: NormalizedName) -> bool:
        return self.chosen[name].version is not None

    def _package(self, name: NormalizedName) -> ResolvedPackage:
        candidate = self.chosen[name]
        if candidate.version is None or candidate.release is None:
            message = f"{name} has no version"
            raise ValueError(message)
        facts = self.library.facts(candidate)
        file = facts.file if facts.file in candidate.files else next(iter(candidate.files), None)
        declarations = tuple(self.request.lines.get(name, ()))
        asks = [*self._asks.get(name, ()), *(_bound_ask(one) for one in declarations if one.is_constraint)]
        return ResolvedPackage(
            name=name,
            version=candidate.version,
            release=candidate.release,
            file=file,
            metadata=facts.metadata,
            extras=tuple(sorted(self._extras.get(name, ()))),
            asks=tuple(sorted(asks, key=_ask_order)),
            declarations=declarations,
            refused_requirement=facts.malformed,
        )

    def _conflicts(self) -> Iterator[Conflict]:
        for name in sorted(self._roads):
            candidate = self.chosen[name]
            version = candidate.version
            is_open = name in self.library.settled or not self.library.installs_dependencies
            if version is None or not is_open:
                continue
            bounds = [_bound_ask(one) for one in self.request.lines.get(name, ()) if one.is_constraint]
            asks = [*self._asks.get(name, ()), *bounds]
            excluding = [ask for ask in asks if not ask.specifier.contains(version, prereleases=True)]
            others = self._opponents(name, excluding, [ask for ask in asks if ask not in excluding])
            if excluding and others:
                parties = tuple(sorted([*others, *excluding], key=_ask_order))
                yield Conflict(package=name, asks=parties, kept=version)
            elif excluding:
                asker = f"{excluding[0].asked_by} {excluding[0].asked_by_version}"
                reason = f"{version} was kept, but {asker} requires {name}{excluding[0].specifier}"
                self._gaps.append(self._gap(name, reason))

    def _opponents(self, name: NormalizedName, excluding: list[Ask], others: list[Ask]) -> list[Ask]:
        """Return the others that no release reconciles with an excluding one; if none, all that bind."""
        binding = [ask for ask in others if ask.asked_by is None or len(ask.specifier)]
        shelf = self.library.shelf(name) if excluding and name not in self.library.exclusive else None
        if shelf is None:
            return binding
        against = [make_wish(name, ask.specifier) for ask in excluding]
        opposed = [
            ask
            for ask in binding
            if any(_none(shelf.matching([make_wish(name, ask.specifier), wish])) for wish in against)
        ]
        return opposed or binding

    def _more_gaps(self) -> Iterator[Gap]:
        yield from self.request.gaps
        for name, location in self._unreachable.items():
            yield replace(self.library.unreachable[name], location=location)
        for candidate, facts in self.library.read_so_far():
            kept = self.chosen.get(candidate.name)
            if facts.fault is None or kept is None or candidate.name not in self._roads:
                continue
            if facts.malformed is not None:
                continue  # pip refuses it too: a check speaks of the one that is kept, nothing else is lost
            if candidate is kept:
                said = facts.fault if facts.metadata else f"its metadata could not be read: {facts.fault}"
                yield self._gap(candidate.name, said)
            elif candidate.version and kept.version and candidate.version > kept.version and facts.is_refused:
                reason = f"{candidate.version} was passed over for {kept.version}: {facts.fault}"
                yield replace(self._gap(candidate.name, reason), is_package=False)
        undated = {url for shelf in self.library.shelves() for url in shelf.undated}
        for url in sorted(undated):
            yield Gap(
                subject=url,
                step=Step.RESOLVE,
                reason="it does not say when files were uploaded, so what only it has counts on any day",
            )

    def _gap(self, name: NormalizedName, reason: str) -> Gap:
        location = self._roads.get(name)
        return Gap(subject=name, step=Step.RESOLVE, reason=reason, location=location, is_package=True)


def _own_ask(wish: Wish) -> Ask:
    declaration = wish.declaration
    return Ask(
        package=wish.name,
        specifier=declaration.specifier if declaration is not None else SpecifierSet(),
        extras=tuple(sorted(wish.extras)),
        location=declaration.location if declaration is not None else None,
        is_constraint=declaration is not None and declaration.is_constraint,
    )


def _bound_ask(declaration: Declaration) -> Ask:
    name = declaration.name
    if name is None:
        message = f"{declaration.display_name} is a constraint without a name"
        raise ValueError(message)
    return Ask(
        package=name, specifier=declaration.specifier, location=declaration.location, is_constraint=True
    )


def _ask_order(ask: Ask) -> tuple[bool, bool, str, str, str]:
    location = str(ask.location or "")
    return (ask.asked_by is not None, ask.is_constraint, ask.asked_by or "", location, str(ask.specifier))


def _miss_order(miss: Miss) -> tuple[str, tuple[bool, bool, str, str, str]]:
    return (miss.ask.package, _ask_order(miss.ask))


def _none(found: Iterator[Candidate]) -> bool:
    return next(found, None) is None
