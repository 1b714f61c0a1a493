"""Serve `file:` URLs as if they were an index: regular files, and folders through their `index.html`."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from driftcheck.index.connection.transport import NO_HEADERS, FetchFailedError, Response, TooLargeError

_PIECE_BYTES = 1 << 16
_TYPES = {".html": "text/html; charset=utf-8", ".json": "application/vnd.pypi.simple.v1+json"}


class LocalFiles:
    """A `Transport` for `file:` URLs; what does not exist is a 404."""

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS, limit_bytes: int) -> Response:
        """Read a whole file, of a folder its `index.html` as pip does (see `Transport.get`)."""
        path = path_of(url)
        if path.is_dir():
            path /= "index.html"
            url = url.rstrip("/") + "/index.html"
        with _opened(path, url) as file:
            if file is None:
                return _missing(url)
            body = _read(file, limit_bytes + 1, url)
        if len(body) > limit_bytes:
            raise TooLargeError(url, f"the file is larger than {limit_bytes:,} bytes")
        headers = {"content-type": _TYPES.get(path.suffix.lower(), "application/octet-stream")}
        return Response(status=200, headers=headers, body=body, url=url)

    def get_range(self, url: str, first: int, last: int) -> Response:
        """Read a part (see `Transport.get_range`)."""
        with _opened(path_of(url), url) as file:
            return _missing(url) if file is None else _part(file, url, first, last)

    def get_suffix(self, url: str, size: int) -> Response:
        """Read the end (see `Transport.get_suffix`)."""
        with _opened(path_of(url), url) as file:
            if file is None:
                return _missing(url)
            total = os.fstat(file.fileno()).st_size
            return _part(file, url, max(0, total - size), total - 1)

    @contextmanager
    def stream(self, url: str, *, limit_bytes: int) -> Iterator[Iterator[bytes]]:
        """Open a file to be read piece by piece (see `Transport.stream`)."""
        with _opened(path_of(url), url) as file:
            if file is None:
                raise FetchFailedError(url, "there is no such file")
            yield _pieces(file, url, limit_bytes)


def path_of(url: str) -> Path:
    """Return the path that a `file:` URL names.

    Raises:
        FetchFailedError: it names another machine, or no path at all.
    """
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        raise FetchFailedError(url, "a file: URL can't name another machine")
    if "\0" in unquote(parts.path):
        raise FetchFailedError(url, "this is not a valid URL")
    if os.name == "nt":
        from urllib.request import url2pathname  # noqa: PLC0415 - slow to import

        return Path(url2pathname(parts.path))
    return Path(unquote(parts.path))


def status_of(url: str) -> os.stat_result | None:
    """Return the status of the file that `LocalFiles.get` reads, `None` if there is none.

    Raises:
        FetchFailedError: it can't be looked at, or is not a regular file.
    """
    path = path_of(url)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            status = (path / "index.html").stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FetchFailedError(url, _reason(error)) from error
    if not stat.S_ISREG(status.st_mode):
        raise FetchFailedError(url, "this is not a regular file")
    return status


def folder_entries(url: str) -> list[str] | None:
    """Return the names of the files in a folder, sorted; `None` if the URL is not that of a folder.

    Raises:
        FetchFailedError: the folder can't be read.
    """
    path = path_of(url)
    if not path.is_dir():
        return None
    try:
        return sorted(entry.name for entry in os.scandir(path) if entry.is_file())
    except OSError as error:
        raise FetchFailedError(url, _reason(error)) from error


@contextmanager
def _opened(path: Path, url: str) -> Iterator[BinaryIO | None]:
    """Open a regular file, `None` if there is none; a pipe or a device would block or never end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        yield None
        return
    except OSError as error:
        raise FetchFailedError(url, _reason(error)) from error
    with os.fdopen(descriptor, "rb", closefd=True) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FetchFailedError(url, "this is not a regular file")
        yield file


def _part(file: BinaryIO, url: str, first: int, last: int) -> Response:
    total = os.fstat(file.fileno()).st_size
    if first >= total:
        return Response(status=416, headers={"content-range": f"bytes */{total}"}, body=b"", url=url)
    last = min(last, total - 1)
    file.seek(first)
    body = _read(file, last - first + 1, url)
    headers = {"content-range": f"bytes {first}-{last}/{total}"}
    return Response(status=206, headers=headers, body=body, url=url)


def _pieces(file: BinaryIO, url: str, limit_bytes: int) -> Iterator[bytes]:
    size = 0
    while piece := _read(file, _PIECE_BYTES, url):
        size += len(piece)
        if size > limit_bytes:
            raise TooLargeError(url, f"the file is larger than {limit_bytes:,} bytes")
        yield piece


def _read(file: BinaryIO, size: int, url: str) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise FetchFailedError(url, _reason(error)) from error


def _missing(url: str) -> Response:
    return Response(status=404, headers={}, body=b"", url=url)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
