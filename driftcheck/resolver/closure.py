"""A walk through everything that is asked for, breadth first, taking each name's best candidate as it comes.

It serves three ends. Pages and metadata of a whole breadth are asked for at once, so that waiting for the
network does not add up. Mostly it is the answer already that pip's resolver would find (`certainty` says
when). And where packages that the user pins contradict each other, all of that is seen at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from packaging.utils import NormalizedName

from driftcheck.resolver.library import Library
from driftcheck.resolver.request import Request, settle
from driftcheck.resolver.wish import Candidate, Wish

_TIMES_LOOKED_AT = 4
"""How often the walk changes its mind about one name; after that it is the resolver's business."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """Where a walk led."""

    chosen: dict[NormalizedName, Candidate] = field(default_factory=dict)
    extras: dict[NormalizedName, frozenset[NormalizedName]] = field(default_factory=dict)
    wishes: dict[NormalizedName, list[tuple[Candidate | None, Wish]]] = field(default_factory=dict)
    """{name: who asks for it and how}; the asker is `None` for the user's lines."""
    known: set[Wish] = field(default_factory=set)
    """Every wish in `wishes`: a file may ask for one name on 100,000 lines."""
    has_changed_its_mind: bool = False
    unfulfilled: set[NormalizedName] = field(default_factory=set)


def walk(state: Walk, request: Request, library: Library) -> None:
    """Walk from the user's lines to everything they bring, and note it in `state`.

    Raises:
        OutOfBoundsError: a limit was reached.
    """
    for name, wishes in request.roots.items():
        if name not in library.absent:
            for wish in wishes:
                _ask(state, None, wish)
    frontier = sorted(state.wishes)
    times: dict[NormalizedName, int] = {}
    while frontier:
        library.check_bounds()
        library.progress.update("resolving", done=len(state.chosen), total=len(state.wishes))
        library.prefetch_pages(frontier)
        following: set[NormalizedName] = set()
        for candidate in _choose(frontier, state, request, library):
            following |= _follow(candidate, state, library)
        for name in following:
            times[name] = times.get(name, 0) + 1
        frontier = sorted(name for name in following if times[name] <= _TIMES_LOOKED_AT)


def _ask(state: Walk, asker: Candidate | None, wish: Wish) -> bool:
    """Note a wish; say whether it brings something that was not chosen yet."""
    askers = state.wishes.setdefault(wish.name, [])
    if wish not in state.known:
        state.known.add(wish)
        askers.append((asker, wish))
    before = state.extras.get(wish.name, frozenset())
    state.extras[wish.name] = before | wish.extras
    chosen = state.chosen.get(wish.name)
    return chosen is None or not wish.accepts(chosen) or bool(wish.extras - before)


def _choose(
    frontier: Iterable[NormalizedName], state: Walk, request: Request, library: Library
) -> list[Candidate]:
    likely: dict[NormalizedName, Candidate] = {}
    for name in frontier:
        candidate = next(library.matching(name, _binding(name, state, request, library)), None)
        if candidate is not None:
            likely[name] = candidate
    library.prefetch(likely.values())
    chosen = []
    for name in frontier:
        best = likely.get(name)
        if best is not None and library.facts(best).is_refused:
            best = library.best(name, _binding(name, state, request, library))
        before = state.chosen.get(name)
        if best is None:
            if name not in library.unreachable:
                state.unfulfilled.add(name)
            best = before
        elif before is not None and best is not before:
            state.has_changed_its_mind = True
        if best is not None:
            state.chosen[name] = best
            chosen.append(best)
    return chosen


def _binding(name: NormalizedName, state: Walk, request: Request, library: Library) -> list[Wish]:
    """Return the wishes to choose by: the user's alone where they pin, else everybody's."""
    own = request.own_wishes(name, library)
    if any(wish.is_pin for wish in own):
        return own
    return [wish for _, wish in state.wishes.get(name, ())]


def _follow(candidate: Candidate, state: Walk, library: Library) -> set[NormalizedName]:
    """Note what a candidate and its extras ask for, and return the names that have to be looked at."""
    asked = list(library.wishes_of(candidate))
    extras = state.extras.get(candidate.name, frozenset())
    if extras:
        asked += library.wishes_of(library.with_extras(candidate, extras))
    return {wish.name for wish in asked if _ask(state, candidate, wish)}


def settle_certain_contradictions(state: Walk, request: Request, library: Library) -> bool:
    """Settle every name on which packages contradict each other whose versions can't change.

    Returns:
        Whether there was one, so that another walk is due.
    """
    certain = {
        name
        for name in state.chosen
        if name in library.settled
        or name in library.exclusive
        or any(wish.is_pin for wish in request.own_wishes(name, library))
    }
    found = False
    for name, askers in sorted(state.wishes.items()):
        if name in library.settled or name in library.unreachable or name in library.absent:
            continue
        own = request.own_wishes(name, library)
        firm = [
            wish for asker, wish in askers if asker is not None and state.chosen.get(asker.name) is asker
            and asker.name in certain
        ]  # fmt: skip
        if not firm or library.best(name, [*own, *firm], within_bounds=False) is not None:
            continue
        found |= _settle_or_drop(name, own, askers, firm, library)
    return found


def _settle_or_drop(
    name: NormalizedName,
    own: list[Wish],
    askers: list[tuple[Candidate | None, Wish]],
    firm: list[Wish],
    library: Library,
) -> bool:
    hopeless = [wish for wish in firm if library.best(name, [wish], within_bounds=False) is None]
    if hopeless and not own:
        for asker, wish in askers:
            if asker is not None and wish in hopeless:
                library.dropped.add((asker.name, name, str(wish.specifier)))
        return True
    return settle(name, [*own, *firm], library)
