"""Get one page through the cache: fresh ones from disk, older ones only if the server has another by now."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from driftcheck.index.cache.cache_entry import CacheEntry
from driftcheck.index.cache.store import CacheKind, CacheStore
from driftcheck.index.connection.credentials import Credentials
from driftcheck.index.connection.local_files import status_of
from driftcheck.index.connection.refusal import refusal
from driftcheck.index.connection.transport import Response, Transport
from driftcheck.index.pages.page_entries import ACCEPT, MAX_PAGE_BYTES
from driftcheck.index.statistics import Counter
from driftcheck.model.errors import OfflineMissError
from driftcheck.support.redaction import redacted

_DEFAULT_FRESH_S = 600.0
_LONGEST_FRESH_S = 24 * 3600.0
_ABSENT = frozenset({404, 410})
_ABSENT_FACT = "absent"
_STAMP_FACT = "stamp"
_CLOCK_TICK_NS = 2_000_000_000
"""File systems count time in steps of up to two seconds (FAT)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a page."""

    blob: bytes | memoryview | None
    """The distilled page; `None`: the index does not have it."""


class PageFetcher:
    """Fetches pages of any index; safe for threads.

    Args:
        transport: Asks.
        cache: Remembers.
        credentials: For what to say of a refusal.
        counter: Counts what the cache knew.
        is_offline: Answer from the cache alone, whatever its age.
        refresh: Ask again about pages that are fresh.
    """

    def __init__(
        self,
        transport: Transport,
        cache: CacheStore,
        *,
        credentials: Credentials,
        counter: Counter,
        is_offline: bool,
        refresh: bool,
    ) -> None:
        self._transport = transport
        self._cache = cache
        self._credentials = credentials
        self._counter = counter
        self._is_offline = is_offline
        self._refresh = refresh

    def known(self, key: str) -> Known | None:
        """Return a page that need not be asked for, `None` if it must be."""
        entry = self._cache.get(CacheKind.PAGES, key)
        if entry is None or not (self._is_offline or self._is_fresh(entry)):
            return None
        self._counter.add(cache_hits=1)
        return _known(entry)

    def known_file(self, url: str, *, key: str) -> Known | None:
        """Return a page of this machine that need not be read again, `None` if it must be.

        It is the same while size and times of the file are. Reading one anew takes 0.4 s for the import of
        pypi-simple and a millisecond each.

        Raises:
            IndexUnavailableError: the file can't be looked at.
        """
        status = status_of(url)
        if status is None:
            return Known(blob=None)
        entry = None if self._refresh else self._cache.get(CacheKind.PAGES, key)
        if entry is None or entry.facts.get(_STAMP_FACT) != _stamp(status):
            return None
        self._counter.add(cache_hits=1)
        return _known(entry)

    def forget(self, key: str) -> None:
        """Drop a page that turned out to be unreadable."""
        self._cache.drop(CacheKind.PAGES, key)

    def fetch(self, url: str, *, key: str, boil_down: Callable[[Response], bytes]) -> Known:
        """Return a page, asked for if need be.

        Args:
            url: May hold credentials.
            key: Tells it from every other page and user.
            boil_down: Makes of a 200 what is kept; raises `FetchFailedError` if it is no page.

        Raises:
            OfflineMissError: it is not in the cache, and nothing may be asked.
            IndexUnavailableError: it could not be had.
        """
        if url.startswith("file:"):
            return self._read_file(url, key, boil_down)
        known = self.known(key)
        if known is not None:
            return known
        if self._is_offline:
            raise OfflineMissError(
                f"{redacted(url)} is not in the cache, and --offline forbids to ask for it",
                "run once without --offline",
            )
        entry = self._cache.get(CacheKind.PAGES, key)
        blob, facts = self._asked(url, _conditions(entry), boil_down)
        if facts is None and entry is not None:
            # 304: what we have is still right; only its age changes.
            self._cache.put(CacheKind.PAGES, key, entry.payload, entry.facts)
            return _known(entry)
        self._cache.put(CacheKind.PAGES, key, blob or b"", facts or {})
        return Known(blob=blob)

    def _read_file(self, url: str, key: str, boil_down: Callable[[Response], bytes]) -> Known:
        known = self.known_file(url, key=key)
        if known is not None:
            return known
        started, status = time.time_ns(), status_of(url)
        blob, _ = self._asked(url, {}, boil_down)
        if blob is not None and status is not None and _is_settled(status, started):
            self._cache.put(CacheKind.PAGES, key, blob, {_STAMP_FACT: _stamp(status)})
        return Known(blob=blob)

    def _asked(
        self, url: str, conditions: Mapping[str, str], boil_down: Callable[[Response], bytes]
    ) -> tuple[bytes | None, dict[str, str] | None]:
        """Return the distilled page and its facts; (`None`, `None`) if the server says that ours is right."""
        response = self._transport.get(
            url, headers={"Accept": ACCEPT, **conditions}, limit_bytes=MAX_PAGE_BYTES
        )
        facts = _facts(response)
        if response.status == 200:
            return boil_down(response), facts
        if response.status == 304 and conditions:
            return None, None
        if response.status in _ABSENT:
            return None, {**facts, _ABSENT_FACT: "yes"}
        raise refusal(url, response.status, faults=self._credentials.faults)

    def _is_fresh(self, entry: CacheEntry) -> bool:
        age_s = time.time() - entry.stored_at
        return not self._refresh and 0 <= age_s < _fresh_s(entry.facts.get("cache-control"))


def _stamp(status: os.stat_result) -> str:
    """Return a text that changes when the file does."""
    parts = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return " ".join(map(str, parts))


def _is_settled(status: os.stat_result, now_ns: int) -> bool:
    """Whether a further change of the file would show in its times; within a tick of the clock it may not."""
    return max(status.st_mtime_ns, status.st_ctime_ns) + _CLOCK_TICK_NS < now_ns


def _known(entry: CacheEntry) -> Known:
    return Known(blob=None if _ABSENT_FACT in entry.facts else entry.payload)


def _conditions(entry: CacheEntry | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it changed (RFC 9110 13.1)."""
    if entry is None:
        return {}
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {header: entry.facts[fact] for fact, header in names.items() if fact in entry.facts}


def _facts(response: Response) -> dict[str, str]:
    return {
        name: response.headers[name][:500]
        for name in ("etag", "last-modified", "cache-control")
        if name in response.headers
    }


def _fresh_s(cache_control: str | None) -> float:
    """Return for how many seconds a page may be used without asking (RFC 9111), a day at most."""
    for directive in (cache_control or "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name in {"no-cache", "no-store"}:
            return 0.0
        if name == "max-age":
            number = value.strip('" ')
            return min(float(number), _LONGEST_FRESH_S) if number.isascii() and number.isdigit() else 0.0
    return _DEFAULT_FRESH_S
