"""What each server turned out to be able to do, remembered for a week: `.metadata` files, parts of files."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass

from driftcheck.index.cache.store import CacheKind, CacheStore

_WEEK_S = 7 * 24 * 3600.0
_DECAY = 0.9
_PROBES = 2.5
"""Three tries weigh 2.71 once the older two have begun to be forgotten."""
_SHARE_WITH_RANGES = 0.7
_SHARE_WITHOUT_RANGES = 0.1


@dataclass(slots=True)
class _Server:
    hits: float = 0.0
    tries: float = 0.0
    has_ranges: bool | None = None
    under_way: int = 0
    is_changed: bool = False


class ServerMemory:
    """The servers of one run; safe for threads.

    What a server does with three `.metadata` files that no page advertises tells whether to go on asking for
    them. One answer does not: a mirror may have them for some wheels only (for 49 of the 91 pinned wheels of
    a real set). Where parts of files are to be had, which mostly takes one request too, a try has to be right
    in 7 of 10 cases to be worth it; where the whole wheel is the other choice, in 1 of 10. Old tries are
    forgotten step by step, so a server that changes its ways is noticed.
    """

    def __init__(self, cache: CacheStore) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._servers: dict[str, _Server] = {}

    def takes_metadata_try(self, origin: str) -> bool:
        """Whether to ask for a `.metadata` file that is not advertised; then `note_metadata` must follow."""
        with self._lock:
            server = self._server(origin)
            if server.tries + server.under_way < _PROBES:
                is_worth_it = True
            else:
                needed = _SHARE_WITHOUT_RANGES if server.has_ranges is False else _SHARE_WITH_RANGES
                is_worth_it = server.tries > 0 and server.hits / server.tries >= needed
            server.under_way += is_worth_it
            return is_worth_it

    def note_metadata(self, origin: str, *, was_there: bool) -> None:
        """Remember how a try ended."""
        with self._lock:
            server = self._server(origin)
            server.under_way -= 1
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
