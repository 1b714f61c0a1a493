"""When a walk is the answer that pip's resolver would find, whatever order it decides in.

resolvelib takes for each name the first candidate that satisfies the wishes known by then, and takes
another when a wish comes up that the first does not satisfy; wishes of a candidate that was given up may
have left traces by then. Let the walk never have changed its mind, and let *every wish that can come up*,
those of candidates that are given up included, accept the walk's choice. Then

* no name of the walk ever runs out of candidates, so nothing is ever taken back;
* at any time, a name's candidate is the walk's choice or one before it in pip's order;
* in the end it is the walk's choice: go through the names in the order of the walk. The wishes by which
  the walk chose come from names chosen earlier, which by then have the walk's candidates, so they are
  known in the end; and the walk's choice is the first candidate that satisfies them.

The candidates that can come up for a name are those before the walk's choice that are the first to satisfy
some part of the wishes for it. `tests/resolver/test_properties.py` compares both ways on random indexes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress, takewhile

from packaging.utils import NormalizedName

from driftcheck.resolver.closure import Walk
from driftcheck.resolver.library import Library
from driftcheck.resolver.request import Request
from driftcheck.resolver.wish import Candidate, Wish

_ROUNDS = 4


class _NotCertainError(Exception):
    """The resolver has to look."""


def is_the_answer(state: Walk, request: Request, library: Library) -> bool:
    """Whether no order of decisions could have led to another set than the walk's."""
    if state.has_changed_its_mind or state.unfulfilled:
        return False
    wishes = {name: [wish for _, wish in askers] for name, askers in state.wishes.items()}
    given_up: set[Candidate] = set()
    try:
        for _ in range(_ROUNDS):
            found = set(_passing_candidates(wishes, state, request, library)) - given_up
            if not found:
                return True
            library.prefetch(found)
            for candidate in sorted(found, key=lambda one: one.name):
                _add_wishes(candidate, wishes, state, library)
            given_up |= found
    except _NotCertainError:
        return False
    return False


def _passing_candidates(
    wishes: dict[NormalizedName, list[Wish]], state: Walk, request: Request, library: Library
) -> Iterator[Candidate]:
    """Yield every candidate that could be taken for a while."""
    for name, known in wishes.items():
        chosen = state.chosen.get(name)
        if chosen is None or name in library.settled:
            continue
        if not all(wish.accepts(chosen) for wish in known):
            raise _NotCertainError
        own = request.own_wishes(name, library)
        others = [wish for wish in known if wish.declaration is None]
        if not others or name in library.exclusive or any(wish.is_pin for wish in own):
            continue
        if _may_reorder(chosen, others, library):
            raise _NotCertainError
        passing = _first_for_some(name, chosen, own, others, library)
        if passing and state.extras.get(name):
            raise _NotCertainError  # pip ties `name[extra]` to one candidate of `name`
        yield from passing


def _may_reorder(chosen: Candidate, wishes: list[Wish], library: Library) -> bool:
    """Whether a wish more could mean candidates more, or another order: pre-releases, `--prefer-binary`."""
    return (
        library.options.prefer_binary
        or chosen.version is None
        or chosen.version.is_prerelease
        or any(wish.takes_prereleases for wish in wishes)
    )


def _first_for_some(
    name: NormalizedName, chosen: Candidate, own: list[Wish], others: list[Wish], library: Library
) -> list[Candidate]:
    """Return the candidates, but for the chosen one, that are the first for the user's and some other wishes.

    The first candidate for some wishes is also the first for all the wishes that it satisfies, so it is
    enough to look at what satisfies each newer version.
    """
    shelf = library.shelf(name)
    versions = shelf.page.newest_first() if shelf is not None else ()
    newer = takewhile(lambda version: version != chosen.version, versions)
    satisfied = {tuple(wish.allows(version) for wish in others) for version in newer}
    found = []
    for which in sorted(satisfied):
        if not own and not any(which):
            continue  # nobody looks for a name before somebody wishes for it
        some = [*own, *compress(others, which)]
        first = next(library.matching(name, some, within_bounds=False), None)
        if first is not None and first is not chosen:
            found.append(first)
    return list(dict.fromkeys(found))


def _add_wishes(
    candidate: Candidate, wishes: dict[NormalizedName, list[Wish]], state: Walk, library: Library
) -> None:
    """Add what a candidate asks for, as long as the walk's choices can live with it."""
    if library.facts(candidate).is_refused:
        raise _NotCertainError
    for wish in library.wishes_of(candidate):
        chosen = state.chosen.get(wish.name)
        if chosen is None or not wish.extras <= state.extras.get(wish.name, frozenset()):
            raise _NotCertainError
        if wish.name not in library.settled and not wish.accepts(chosen):
            raise _NotCertainError
        if wish not in wishes[wish.name]:
            wishes[wish.name].append(wish)
