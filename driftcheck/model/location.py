"""Where in the user's files something stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Location:
    """A place in an input file."""

    path: str
    """The file, as the user would type it (relative to the working directory where it lies below it)."""
    line: int | None = None
    """1-based, of the first physical line; `None` if the place is the whole file."""

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"
