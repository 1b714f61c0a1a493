"""Explain a contradiction as a person would: who asks for what, and where that stands."""

from __future__ import annotations

from driftcheck.model.resolution import Ask, Conflict


def explain(conflict: Conflict) -> str:
    """Return e.g. `no release of numpy satisfies both app.txt:3 (==1.26.4) and pandas 1.0 (<1.20)`."""
    parties = list(dict.fromkeys(_party(ask) for ask in conflict.asks))
    both = "both " if len(parties) == 2 else ""
    listed = f"{', '.join(parties[:-1])} and {parties[-1]}" if len(parties) > 1 else "".join(parties)
    return f"no release of {conflict.package} satisfies {both}{listed}"


def _party(ask: Ask) -> str:
    wish = str(ask.specifier) or "any version"
    if ask.asked_by is not None:
        version = f" {ask.asked_by_version}" if ask.asked_by_version is not None else ""
        return f"{ask.asked_by}{version} ({wish})"
    kind = "constraint " if ask.is_constraint else ""
    return f"{kind}{ask.location} ({wish})" if ask.location else f"the input ({wish})"
