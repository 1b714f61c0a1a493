"""Guess what somebody meant who mistyped a name."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Return the name most like `word`, `None` if none is like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed when something went wrong

    found = get_close_matches(word.lower(), list(names), n=1)
    return found[0] if found else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """Return a hint: the nearest name, or all of them where none is near."""
    known = sorted(names)
    guess = nearest(word, known)
    return f"did you mean {guess!r}?" if guess else f"known are {', '.join(known)}"
