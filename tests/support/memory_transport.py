"""A transport that answers from memory, for tests of what reads archives by the thousand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from driftcheck.index.connection.transport import NO_HEADERS, FetchFailedError, Response, TooLargeError


@dataclass(slots=True)
class MemoryTransport:
    """Serves `files`, `{url: content}`; ranges are honoured unless told otherwise."""

    files: dict[str, bytes] = field(default_factory=dict)
    has_ranges: bool = True
    piece_bytes: int = 1024
    asked: list[str] = field(default_factory=list)
    """`get`, `stream` or the range, for each request."""
    streamed_bytes: int = 0

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS, limit_bytes: int) -> Response:
        self.asked.append("get")
        content = self.files.get(url)
        if content is None:
            return Response(status=404, headers={}, body=b"", url=url)
        if len(content) > limit_bytes:
            raise TooLargeError(url, "too large")
        return Response(status=200, headers={}, body=content, url=url)

    def get_range(self, url: str, first: int, last: int) -> Response:
        self.asked.append(f"{first}-{last}")
        return self._part(url, first, last)

    def get_suffix(self, url: str, size: int) -> Response:
        self.asked.append(f"-{size}")
        whole = len(self.files.get(url, b""))
        return self._part(url, max(0, whole - size), whole - 1)

    @contextmanager
    def stream(self, url: str, *, limit_bytes: int) -> Iterator[Iterator[bytes]]:
        self.asked.append("stream")
        if url not in self.files:
            raise FetchFailedError(url, "status 404")
        yield self._pieces(url, limit_bytes)

    def _pieces(self, url: str, limit_bytes: int) -> Iterator[bytes]:
        content = self.files[url]
        for start in range(0, len(content), self.piece_bytes):
            piece = content[start : start + self.piece_bytes]
            self.streamed_bytes += len(piece)
            if start + len(piece) > limit_bytes:
                raise TooLargeError(url, "too large")
            yield piece

    def _part(self, url: str, first: int, last: int) -> Response:
        content = self.files.get(url)
        if content is None:
            return Response(status=404, headers={}, body=b"", url=url)
        if not self.has_ranges:
            return Response(status=200, headers={}, body=b"", url=url)
        if first >= len(content):
            return Response(status=416, headers={}, body=b"", url=url)
        body = content[first : last + 1]
        said = {"content-range": f"bytes {first}-{first + len(body) - 1}/{len(content)}"}
        return Response(status=206, headers=said, body=body, url=url)
