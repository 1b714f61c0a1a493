"""Remember which servers are down, so that 90 packages do not wait for the same dead index one by one."""

from __future__ import annotations

import threading

from driftcheck.index.connection.retry import PassingFaultError

_STRIKES = 3


class HostHealth:
    """What became of the requests to each origin in this run; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._strikes: dict[str, int] = {}
        self._down: dict[str, PassingFaultError] = {}
        self._answered: set[str] = set()

    def fault_of(self, origin: str) -> PassingFaultError | None:
        """Return why an origin is not asked any more, `None` if it is."""
        return self._down.get(origin)

    def note_answer(self, origin: str) -> None:
        """Remember that it answered: one bad URL among good ones says nothing of the server."""
        with self._lock:
            self._answered.add(origin)
            self._strikes.pop(origin, None)

    def note_failure(self, origin: str, fault: PassingFaultError) -> None:
        """Remember that a URL failed at every try.

        A server that never answered and can't be reached is given up at once, any other after three URLs in
        a row.
        """
        with self._lock:
            strikes = self._strikes[origin] = self._strikes.get(origin, 0) + 1
            if strikes >= _STRIKES or (fault.is_host_down and origin not in self._answered):
                self._down[origin] = fault
