"""pip's way of deciding, as a provider for resolvelib; only this file imports that, and it is imported late.

The order of decisions is `PipProvider` of pip 26.3: what came up in the last contradiction first, then
what often does, then explicit candidates, pins, upper bounds, the user's own wishes, bounded ones,
and the alphabet. The user's wishes are ordered by name instead of by line, so that the order of lines
never changes the set.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from packaging.utils import NormalizedName
from resolvelib import (
    AbstractProvider,
    BaseReporter,
    ResolutionImpossible,
    ResolutionTooDeep,
)
from resolvelib.resolvers import Resolution
from resolvelib.structs import RequirementInformation

from driftcheck.resolver.contradiction import Cause
from driftcheck.resolver.library import Library, OutOfBoundsError
from driftcheck.resolver.request import Request
from driftcheck.resolver.wish import ANY_VERSION, Candidate, Wish, make_wish

_Information = RequirementInformation[Wish, Candidate]
_Preference = tuple[bool, bool, bool, bool, float, bool, str]

PROMOTED_AFTER = 5
"""Contradictions after which a name is decided early (pip's `_CONFLICT_PRIORITY_THRESHOLD`)."""
_UPPER_BOUNDS = ("<", "<=", "~=")


class NoSetError(Exception):
    """No set satisfies all the wishes.

    Args:
        causes: the wishes that came up last, with who asks (`None`: the user).
    """

    def __init__(self, causes: Sequence[Cause]) -> None:
        super().__init__(causes)
        self.causes = tuple(causes)


def find_set(request: Request, library: Library) -> dict[NormalizedName, Candidate]:
    """Return the set that pip would install, without the candidates that only stand for extras.

    It may hold packages that nobody asks for any more. `resolvelib.Resolver` would leave them out, but
    recurses without end where such leftovers ask for each other.

    Raises:
        NoSetError: the wishes contradict each other.
        OutOfBoundsError: a limit was reached.
    """
    provider = PipProvider(request, library)
    search: Resolution[Wish, Candidate, str] = Resolution(provider, BaseReporter())
    try:
        state = search.resolve(_root_wishes(request, library), max_rounds=library.options.limits.rounds)
    except ResolutionImpossible as error:
        raise NoSetError([(cause.requirement, cause.parent) for cause in error.causes]) from error
    except ResolutionTooDeep as error:
        raise OutOfBoundsError(f"{library.options.limits.rounds} steps were taken") from error
    return {candidate.name: candidate for candidate in state.mapping.values() if candidate.base is None}


def split_wish(wish: Wish) -> Iterator[Wish]:
    """Yield what pip makes of a wish: with a specifier and extras, one for the package and one for them."""
    if wish.extras and len(wish.specifier):
        yield make_wish(wish.name, wish.specifier, requirement=wish.requirement, declaration=wish.declaration)
    yield wish


def _root_wishes(request: Request, library: Library) -> list[Wish]:
    wishes = [
        part
        for name, lines in request.roots.items()
        if name not in library.absent and name not in library.unreachable
        for wish in lines
        for part in split_wish(wish)
    ]
    return sorted(wishes, key=lambda wish: bool(wish.extras))


class PipProvider(AbstractProvider[Wish, Candidate, str]):
    """Answers resolvelib's questions as pip does."""

    def __init__(self, request: Request, library: Library) -> None:
        self._library = library
        self._order = {name: position for position, name in enumerate(request.roots)}
        self._conflicts: defaultdict[str, int] = defaultdict(int)
        self._promoted: set[str] = set()
        self._dependencies: dict[Candidate, tuple[Wish, ...]] = {}

    def identify(self, requirement_or_candidate: Wish | Candidate) -> str:
        """Return `name` or `name[extra,…]`."""
        return requirement_or_candidate.identifier

    def narrow_requirement_selection(
        self,
        identifiers: Iterable[str],
        resolutions: Mapping[str, Candidate],
        candidates: Mapping[str, Iterator[Candidate]],  # noqa: ARG002 - the signature is resolvelib's
        information: Mapping[str, Iterator[_Information]],  # noqa: ARG002
        backtrack_causes: Sequence[_Information],
    ) -> Iterable[str]:
        """Return what to decide first: the last contradiction's names, else those that come up often."""
        involved: set[str] = set()
        for cause in backtrack_causes:
            parties = [cause.requirement.identifier]
            if cause.parent is not None:
                parties.append(cause.parent.identifier)
            for name in parties:
                involved.add(name)
                if name not in resolutions:
                    self._conflicts[name] += 1
                    if self._conflicts[name] >= PROMOTED_AFTER:
                        self._promoted.add(name)
        names = list(identifiers)
        first = [name for name in names if name in involved]
        return first or [name for name in names if name in self._promoted] or names

    def get_preference(
        self,
        identifier: str,
        resolutions: Mapping[str, Candidate],  # noqa: ARG002
        candidates: Mapping[str, Iterator[Candidate]],  # noqa: ARG002
        information: Mapping[str, Iterator[_Information]],
        backtrack_causes: Sequence[_Information],  # noqa: ARG002
    ) -> _Preference:
        """Return a key that sorts what pip decides earlier first."""
        wishes = [entry.requirement for entry in information[identifier]]
        clauses = [clause for wish in wishes if wish.only is None for clause in wish.specifier]
        is_bounded = any(
            clause.operator in _UPPER_BOUNDS or (clause.operator == "==" and "*" in clause.version)
            for clause in clauses
        )
        is_explicit = any(wish.only is not None or wish.name in self._library.exclusive for wish in wishes)
        return (
            identifier not in self._promoted,
            not is_explicit,
            not any(wish.is_pin for wish in wishes),
            not is_bounded,
            self._order.get(_canonical(identifier), math.inf),
            not clauses,
            identifier,
        )

    def find_matches(
        self,
        identifier: str,
        requirements: Mapping[str, Iterator[Wish]],
        incompatibilities: Mapping[str, Iterator[Candidate]],
    ) -> partial[Iterator[Candidate]]:
        """Return a maker of iterators over the candidates, the best first."""
        self._library.check_bounds()
        wishes = list(requirements[identifier])
        if not wishes or identifier == _IMPOSSIBLE:
            return partial(iter, ())
        excluded = set(incompatibilities.get(identifier, iter(())))
        base = identifier.partition("[")[0]
        if base != identifier:
            wishes += requirements.get(base, iter(()))
        return partial(self._candidates, wishes, excluded, has_extras=base != identifier)

    def _candidates(
        self, wishes: list[Wish], excluded: set[Candidate], *, has_extras: bool
    ) -> Iterator[Candidate]:
        first = wishes[0]
        for candidate in self._library.matching(first.name, wishes):
            one = self._library.with_extras(candidate, first.extras) if has_extras else candidate
            if one not in excluded:
                yield one

    def is_satisfied_by(self, requirement: Wish, candidate: Candidate) -> bool:
        """Whether a candidate will do; a settled one always does."""
        return candidate.name in self._library.settled or requirement.accepts(candidate)

    def get_dependencies(self, candidate: Candidate) -> tuple[Wish, ...]:
        """Return what a candidate asks for; one that pip passes over asks for the impossible."""
        if candidate not in self._dependencies:
            self._dependencies[candidate] = tuple(self._dependencies_of(candidate))
        return self._dependencies[candidate]

    def _dependencies_of(self, candidate: Candidate) -> Iterator[Wish]:
        library = self._library
        if candidate.base is not None:
            yield Wish(name=candidate.name, only=candidate.base)
        elif library.facts(candidate).is_refused:
            yield Wish(name=_IMPOSSIBLE, specifier=ANY_VERSION)
            return
        asked = library.wishes_of(candidate)
        library.prefetch_pages(wish.name for wish in asked)
        for wish in asked:
            library.shelf(wish.name)
            if not library.is_dropped(candidate.name, wish):
                yield from split_wish(wish)


_IMPOSSIBLE = NormalizedName("(what pip passes over)")


def _canonical(identifier: str) -> NormalizedName:
    return NormalizedName(identifier)
