"""How a long step says how far it is; `cli/` shows it on stderr."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives progress from any thread; must be cheap and never raise."""

    def update(self, step: str, *, done: int, total: int | None) -> None:
        """Say that `done` of `total` things of a step (`index pages`) are there; `None`: not known yet."""

    def warn(self, text: str) -> None:
        """Say something that the answer does not suffer from, e.g. a cache that can't be written."""


class SilentProgress:
    """Shows nothing."""

    def update(self, step: str, *, done: int, total: int | None) -> None:
        """Do nothing."""

    def warn(self, text: str) -> None:
        """Do nothing."""
