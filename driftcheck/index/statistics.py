"""What a run cost: how often the indexes were asked, how much came, how often the cache knew."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The sums so far."""

    requests: int
    """Sent to servers, retries and redirects included."""
    received_bytes: int
    """Bodies as they came over the wire."""
    cache_hits: int
    """Pages and metadata that needed no request."""


class Counter:
    """Counts from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests = self._received_bytes = self._cache_hits = 0

    def add(self, *, requests: int = 0, received_bytes: int = 0, cache_hits: int = 0) -> None:
        """Add to the sums."""
        with self._lock:
            self._requests += requests
            self._received_bytes += received_bytes
            self._cache_hits += cache_hits

    def snapshot(self) -> Statistics:
        """Return the sums so far."""
        with self._lock:
            return Statistics(
                requests=self._requests, received_bytes=self._received_bytes, cache_hits=self._cache_hits
            )
