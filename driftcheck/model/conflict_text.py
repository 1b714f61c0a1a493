"""Explain a contradiction as a person would: who asks for what, and where that stands."""

from __future__ import annotations

from collections.abc import Sequence

from driftcheck.model.project import pinned_version
from driftcheck.model.resolution import Ask, Conflict

_SHOWN = 4
"""How many parties of one side are named; the others are counted."""


def explain(conflict: Conflict) -> str:
    """Return one sentence without a full stop that names both sides of a contradiction.

    E.g. `requirements.txt:3 pins werkzeug==1.0.1, but flask 2.0.0 (requirements.txt:1) requires
    werkzeug>=2.0`. The side that the run went on with comes first.
    """
    kept = conflict.kept
    followed = [ask for ask in conflict.asks if kept and ask.specifier.contains(kept, prereleases=True)]
    ignored = [ask for ask in conflict.asks if ask not in followed]
    if not followed or not ignored:
        return f"no release of {conflict.package} is what {_listed(conflict.asks)} at once"
    return f"{_listed(followed)}, but {_listed(ignored)}"


def _listed(asks: Sequence[Ask]) -> str:
    said = list(dict.fromkeys(_said(ask) for ask in asks))
    if len(said) > _SHOWN:
        said = [*said[: _SHOWN - 1], f"{len(said) - _SHOWN + 1} others do"]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _said(ask: Ask) -> str:
    wish = f"{ask.package}{ask.specifier}" if len(ask.specifier) else f"any version of {ask.package}"
    if ask.asked_by is not None:
        version = f" {ask.asked_by_version}" if ask.asked_by_version is not None else ""
        place = f" ({ask.location})" if ask.location is not None else ""
        return f"{ask.asked_by}{version}{place} requires {wish}"
    place = str(ask.location) if ask.location is not None else "the input"
    if ask.is_constraint:
        return f"the constraint {place} allows only {wish}"
    return f"{place} {'pins' if pinned_version(ask.specifier) is not None else 'asks for'} {wish}"
