"""What each server turned out to be able to do, remembered for a week: `.metadata` files, parts of files."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass

from driftcheck.index.cache import CacheKind, CacheStore

_WEEK_S = 7 * 24 * 3600.0
_DECAY = 0.9
_EXPECTED_HITS, _EXPECTED_TRIES = 1.0, 1.0
_WORTH_A_TRY = 0.5


@dataclass(slots=True)
class _Server:
    hits: float = 0.0
    tries: float = 0.0
    has_ranges: bool | None = None
    is_changed: bool = False


class ServerMemory:
    """The servers of one run; safe for threads.

    A `.metadata` file that no page advertises is worth a try as long as every second try of late found one: a
    miss costs a request, a hit saves about one. A mirror may have them for some wheels only, so neither one
    miss nor one hit decides; and old tries are forgotten, so a server that changes its ways is noticed.
    """

    def __init__(self, cache: CacheStore) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._servers: dict[str, _Server] = {}

    def is_metadata_likely(self, origin: str) -> bool:
        """Whether to ask for a `.metadata` file that is not advertised."""
        with self._lock:
            server = self._server(origin)
            return (server.hits + _EXPECTED_HITS) / (server.tries + _EXPECTED_TRIES) >= _WORTH_A_TRY

    def note_metadata(self, origin: str, *, was_there: bool) -> None:
        """Remember how a try ended."""
        with self._lock:
            server = self._server(origin)
            server.hits = server.hits * _DECAY + was_there
            server.tries = server.tries * _DECAY + 1
            server.is_changed = True

    def has_ranges(self, origin: str) -> bool:
        """Whether to ask for parts of files; true until it is known not to work."""
        with self._lock:
            return self._server(origin).has_ranges is not False

    def note_ranges(self, origin: str, *, work: bool) -> None:
        """Remember how a try ended; a server that once gave parts is not written off again."""
        with self._lock:
            server = self._server(origin)
            if server.has_ranges is None:
                server.has_ranges = work
                server.is_changed = True

    def save(self) -> None:
        """Write what is new into the cache."""
        with self._lock:
            changed = {origin: server for origin, server in self._servers.items() if server.is_changed}
        for origin, server in changed.items():
            data = json.dumps([round(server.hits, 3), round(server.tries, 3), server.has_ranges])
            self._cache.put(CacheKind.CAPABILITIES, origin, data.encode())

    def _server(self, origin: str) -> _Server:
        server = self._servers.get(origin)
        if server is None:
            server = self._servers[origin] = self._loaded(origin)
        return server

    def _loaded(self, origin: str) -> _Server:
        entry = self._cache.get(CacheKind.CAPABILITIES, origin)
        if entry is None or time.time() - entry.stored_at > _WEEK_S:
            return _Server()
        try:
            match json.loads(bytes(entry.payload)):
                case [int() | float() as hits, int() | float() as tries, (bool() | None) as has_ranges]:
                    return _Server(hits=hits, tries=tries, has_ranges=has_ranges)
        except ValueError:
            return _Server()
        return _Server()
