"""One line on standard error that says how far a long run is."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

from driftcheck.cli.screen import encoded, is_terminal, say, write_bytes

_PATIENCE_S = 0.5
"""Shorter runs show nothing."""
_PAUSE_S = 0.1
_MAX_COLUMNS = 60


class _Warnings:
    """Keeps warnings until the run is over, each once."""

    def __init__(self) -> None:
        self._warnings: dict[str, None] = {}

    def warn(self, text: str) -> None:
        """Keep a warning."""
        self._warnings[text] = None

    def tell(self) -> None:
        """Say the warnings on standard error."""
        for text in self._warnings:
            say(f"warning: {text}")


class LineProgress(_Warnings):
    """Shows the step that moved last, e.g. `index pages  41 of 90`, and wipes it away at the end."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._next = time.monotonic() + _PATIENCE_S
        self._shown = 0
        self._lock = threading.Lock()
        self._is_over = False

    def update(self, step: str, *, done: int, total: int | None) -> None:
        """Show it if the last time is long enough ago; cheap otherwise."""
        if time.monotonic() < self._next or not self._lock.acquire(blocking=False):
            return
        try:
            if not self._is_over:
                self._next = time.monotonic() + _PAUSE_S
                self._show(f"{step}  {done}" + (f" of {total}" if total is not None else ""))
        finally:
            self._lock.release()

    def close(self) -> None:
        """Wipe the line away and say the warnings; nothing is shown after this."""
        with self._lock:
            self._is_over = True
            if self._shown:
                self._show("")
        self.tell()

    def _show(self, text: str) -> None:
        text = text[:_MAX_COLUMNS]
        wiped = f"\r{text}{' ' * (self._shown - len(text))}"
        end = "" if text else "\r"
        self._shown = len(text)
        try:
            write_bytes(encoded(wiped + end, self._stream.encoding), self._stream)
        except (OSError, ValueError):
            self._is_over = True  # nobody looks any more


class NoProgress(_Warnings):
    """Shows no line, for `-q` and where nobody looks."""

    def __init__(self, *, is_quiet: bool) -> None:
        super().__init__()
        self._is_quiet = is_quiet

    def update(self, step: str, *, done: int, total: int | None) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Say the warnings, except with `-q`."""
        if not self._is_quiet:
            self.tell()


def open_progress(*, is_quiet: bool) -> LineProgress | NoProgress:
    """Return a progress line if standard error is a terminal and `-q` was not given."""
    stream = sys.stderr
    return NoProgress(is_quiet=is_quiet) if is_quiet or not is_terminal(stream) else LineProgress(stream)
