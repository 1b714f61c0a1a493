"""One `Transport` for every kind of URL; HTTP and its heavy imports come in with the first request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from driftcheck.index.connection.local_files import LocalFiles
from driftcheck.index.connection.transport import NO_HEADERS, FetchFailedError, Response, Transport


class ClosableTransport(Transport, Protocol):
    """A transport with connections to close."""

    def close(self) -> None:
        """Close them, and end every wait for a next try."""


class SchemeTransport:
    """A `Transport` that hands `file:` URLs to the disk and the others to HTTP.

    Args:
        make_http: Called once, when first needed; `None` refuses every request (`--offline`).
    """

    def __init__(self, make_http: Callable[[], ClosableTransport] | None) -> None:
        self._make_http = make_http
        self._lock = threading.Lock()
        self._http: ClosableTransport | None = None
        self._local = LocalFiles()

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS, limit_bytes: int) -> Response:
        """Fetch a whole body (see `Transport.get`)."""
        return self._for(url).get(url, headers=headers, limit_bytes=limit_bytes)

    def get_range(self, url: str, first: int, last: int) -> Response:
        """Fetch a part (see `Transport.get_range`)."""
        return self._for(url).get_range(url, first, last)

    def get_suffix(self, url: str, size: int) -> Response:
        """Fetch the end (see `Transport.get_suffix`)."""
        return self._for(url).get_suffix(url, size)

    def stream(self, url: str, *, limit_bytes: int) -> AbstractContextManager[Iterator[bytes]]:
        """Open a body to be read piece by piece (see `Transport.stream`)."""
        return self._for(url).stream(url, limit_bytes=limit_bytes)

    def close(self) -> None:
        """Close the connections, if there are any."""
        with self._lock:
            if self._http is not None:
                self._http.close()

    def _for(self, url: str) -> Transport:
        scheme = url.partition(":")[0].lower()
        if scheme == "file":
            return self._local
        if scheme not in {"http", "https"}:
            raise FetchFailedError(url, "driftcheck reads https:, http: and file: URLs only")
        if self._make_http is None:
            raise FetchFailedError(url, "--offline forbids to ask for it")
        with self._lock:
            if self._http is None:
                self._http = self._make_http()
            return self._http
