"""Read the body of one answer, bounded in size and in time, and notice when it was cut short."""

from __future__ import annotations

import time
from collections.abc import Iterator

import requests

from driftcheck.index.connection.retry import PassingFaultError
from driftcheck.index.connection.transport import FetchFailedError, Response, TooLargeError
from driftcheck.index.statistics import Counter
from driftcheck.support.redaction import without_credentials

_PIECE_BYTES = 1 << 16
_SMALL_PIECE_BYTES = 1 << 12
_SHORT_BYTES = 1 << 16
_TOTAL_TIMEOUTS = 20
"""A body may take so many time-outs in all: a server that drips a byte now and then never trips one."""


class BodyReader:
    """One answer of a server.

    Args:
        answer: Opened with `stream=True`; the caller closes it.
        url: What was asked for, for messages.
        counter: Where the bytes are counted.
        timeout_s: For one read; the whole may take 20 times that.
    """

    def __init__(self, answer: requests.Response, *, url: str, counter: Counter, timeout_s: float) -> None:
        self._answer = answer
        self._url = url
        self._counter = counter
        self._patience_s = timeout_s * _TOTAL_TIMEOUTS

    def response(self, limit_bytes: int) -> Response:
        """Read to the end (see `pieces` for what it raises)."""
        return self._with(b"".join(self.pieces(limit_bytes)))

    def short_response(self) -> Response:
        """Read what only keeps the connection usable: the page beside an error status, if it is short."""
        try:
            return self.response(_SHORT_BYTES)
        except TooLargeError:
            return self.without_reading()

    def without_reading(self) -> Response:
        """Return the answer with an empty body."""
        return self._with(b"")

    def pieces(self, limit_bytes: int) -> Iterator[bytes]:
        """Yield the body, decompressed.

        Raises:
            TooLargeError: it has more than `limit_bytes`.
            PassingFaultError: it was cut short.
            FetchFailedError: it took too long.
        """
        declared = self._declared_size()
        is_encoded = "content-encoding" in self._answer.headers
        if declared is not None and declared > limit_bytes and not is_encoded:
            raise TooLargeError(self._url, _too_large(limit_bytes))
        deadline = time.monotonic() + self._patience_s
        raw, size = self._answer.raw, 0
        try:
            while piece := self._next():
                size += len(piece)
                if size > limit_bytes:
                    raise TooLargeError(self._url, _too_large(limit_bytes))
                if time.monotonic() > deadline:
                    raise FetchFailedError(
                        self._url, f"the answer was not complete after {self._patience_s:g} s (timed out)"
                    )
                yield piece
            if declared is not None and raw.tell() < declared:
                raise PassingFaultError("the answer was cut short")
        finally:
            self._counter.add(received_bytes=raw.tell())

    def _next(self) -> bytes:
        """Return what has come, at most a piece; `read` would wait until a whole piece is there."""
        raw = self._answer.raw
        if hasattr(raw, "read1"):
            piece: bytes = raw.read1(_PIECE_BYTES, decode_content=True)
        else:  # urllib3 before 2.1
            piece = raw.read(_SMALL_PIECE_BYTES, decode_content=True)
        return piece

    def _declared_size(self) -> int | None:
        text = self._answer.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

    def _with(self, body: bytes) -> Response:
        return Response(
            status=self._answer.status_code,
            headers={name.lower(): value for name, value in self._answer.headers.items()},
            body=body,
            url=without_credentials(self._answer.url),
        )


def _too_large(limit_bytes: int) -> str:
    return f"the answer is larger than {limit_bytes:,} bytes"
