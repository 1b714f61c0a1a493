"""What the rest of `index/` asks of whatever fetches bytes: nothing else knows of requests or of sockets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from driftcheck.model.errors import IndexUnavailableError
from driftcheck.support.plain_text import printable
from driftcheck.support.redaction import redacted

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer, read to its end."""

    status: int
    """Below 500 and not 429; `file:` URLs give 200, 206, 404 or 416."""
    headers: Mapping[str, str]
    """Keys in lower case; the last of several of one name, joined with commas."""
    body: bytes
    """Decompressed if the server compressed it."""
    url: str
    """Where the answer came from, after redirects; without credentials."""


class FetchFailedError(IndexUnavailableError):
    """One URL could not be fetched.

    Args:
        url: which; credentials are taken out.
        what: what happened, to stand behind "URL could not be fetched: ", for example `timed out after 15 s`.
        hint: what the user can do about it, or `None`.
    """

    def __init__(self, url: str, what: str, hint: str | None = None) -> None:
        self.url = printable(redacted(url))
        self.what = printable(redacted(what))
        super().__init__(f"{self.url} could not be fetched: {self.what}", hint)

    def __reduce__(self) -> tuple[type[FetchFailedError], tuple[str, str, str | None]]:
        return (type(self), (self.url, self.what, self.hint))


class TooLargeError(FetchFailedError):
    """A body is larger than the caller was ready to read."""


class Transport(Protocol):
    """Fetches bytes by URL (`https:`, `http:`, `file:`) from any thread; faults are retried."""

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS, limit_bytes: int) -> Response:
        """Fetch a whole body; every status below 500 except 429 is an answer, 304, 401 and 404 included.

        Raises:
            TooLargeError: the body has more than `limit_bytes`, decompressed.
            IndexUnavailableError: no answer could be had.
        """

    def get_range(self, url: str, first: int, last: int) -> Response:
        """Fetch the bytes `first` to `last`, both included, counted from 0.

        Status 206 gives the part (check its length and `content-range`); 200 means that the server ignores
        ranges: the body is then `b""`, not the whole file. 416 and other statuses below 500 are returned too,
        and so is 501, with which some servers refuse a suffix.

        Raises:
            TooLargeError: the part has more bytes than were asked for.
            IndexUnavailableError: no answer could be had.
        """

    def get_suffix(self, url: str, size: int) -> Response:
        """Fetch the last `size` bytes; the same in everything else as `get_range`."""

    def stream(self, url: str, *, limit_bytes: int) -> AbstractContextManager[Iterator[bytes]]:
        """Open a body to be read piece by piece; the caller may stop early. Not retried once pieces came.

        Raises:
            TooLargeError: more than `limit_bytes` came.
            IndexUnavailableError: no answer could be had, or it was not a 200.
        """
