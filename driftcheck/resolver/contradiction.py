"""What to do when no set satisfies everybody: settle the name they quarrel about, or drop a hopeless wish."""

from __future__ import annotations

from collections.abc import Sequence

from packaging.utils import NormalizedName

from driftcheck.resolver.library import Library
from driftcheck.resolver.request import Request, settle
from driftcheck.resolver.wish import Candidate, Wish

Cause = tuple[Wish, Candidate | None]
"""A wish that took part in a contradiction, and whose it is (`None`: the user's)."""


def set_aside(causes: Sequence[Cause], request: Request, library: Library) -> bool:
    """Take one contradiction out of the way, so that resolving can be tried again.

    Wishes that nothing fulfils are dropped, and come out as misses. Otherwise the first name that is not
    settled yet is settled: the user's lines first, then those who can't give way, then the others.

    Returns:
        Whether anything was done.
    """
    names = list(dict.fromkeys(wish.name for wish, _ in causes if wish.only is None))
    for name in names:
        asks = [(wish, asker) for wish, asker in causes if wish.name == name and wish.only is None]
        if _drop_hopeless(name, asks, library):
            return True
    for name in names:
        if name in library.settled:
            continue
        asks = [(wish, asker) for wish, asker in causes if wish.name == name and wish.only is None]
        firm = [wish for wish, asker in asks if asker is not None and _is_firm(asker, request, library)]
        loose = [wish for wish, asker in asks if asker is not None and wish not in firm]
        own = sorted(request.own_wishes(name, library), key=lambda wish: wish.pin is None)
        if settle(name, [*own, *firm, *loose], library):
            return True
    return _settle_a_party(causes, library)


def _drop_hopeless(name: NormalizedName, asks: Sequence[Cause], library: Library) -> bool:
    done = False
    for wish, asker in asks:
        if asker is None or library.is_dropped(asker.name, wish) or name in library.settled:
            continue
        if library.best(name, [wish], within_bounds=False) is None:
            library.dropped.add((asker.name, name, str(wish.specifier)))
            done = True
    return done


def _is_firm(asker: Candidate, request: Request, library: Library) -> bool:
    return asker.name in library.settled or any(
        wish.is_pin for wish in request.own_wishes(asker.name, library)
    )


def _settle_a_party(causes: Sequence[Cause], library: Library) -> bool:
    """Settle a candidate that took part although its own wishes can't be met (its Requires-Python, say)."""
    for _, asker in causes:
        if asker is not None and asker.name not in library.settled:
            library.settled[asker.name] = asker.base or asker
            return True
    return False
