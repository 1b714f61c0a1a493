"""The faults a local index can be told to have, each a small frozen value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """Answers with this status and a short text."""

    code: int
    retry_after: str | None = None
    """The value of `Retry-After`: seconds or a date. `None` leaves the header out."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Closes the connection without an answer."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Waits, then goes on as if nothing had been."""

    seconds: float
    after_bytes: int | None = None
    """Waits after so many bytes of the body. `None`: before the answer begins."""


@dataclass(frozen=True, slots=True)
class CutShort:
    """Promises the whole body, sends the start of it and closes the connection."""

    after_bytes: int | None = None
    """`None`: half of the body."""


@dataclass(frozen=True, slots=True)
class Drip:
    """Sends the body in small pieces with a pause after each."""

    piece_bytes: int = 16
    pause_s: float = 0.05


@dataclass(frozen=True, slots=True)
class Body:
    """Answers 200 with this body in place of the right one."""

    content: bytes
    content_type: str | None = None
    """`None`: the content type that the right answer has."""


@dataclass(frozen=True, slots=True)
class ContentType:
    """Sends the right body under another content type."""

    value: str


@dataclass(frozen=True, slots=True)
class HugeBody:
    """Answers 200 with a body of spaces under the right content type."""

    size_bytes: int = 50_000_000
    declared: bool = True
    """Whether `Content-Length` says so; if not, the body comes in chunks."""
    gzipped: bool = False
    """Whether the body is compressed: small on the wire, large when unpacked."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Redirects to another address: a path of this server, or a whole URL."""

    to: str
    code: int = 302


@dataclass(frozen=True, slots=True)
class RedirectForever:
    """Redirects to the same path, with a counter in the query."""


Fault = Status | Refuse | Stall | CutShort | Drip | Body | ContentType | HugeBody | Redirect | RedirectForever

BAD_JSON = Body(b'{"meta": {"api-version": "1.')
"""JSON that stops in the middle."""

HTML_FOR_JSON = Body(b"<!DOCTYPE html><html><body>Please sign in</body></html>", "text/html; charset=utf-8")
"""The page of a sign-in portal or a proxy."""
