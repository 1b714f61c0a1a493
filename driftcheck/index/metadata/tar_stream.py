"""A tar archive read as it comes, packed or not, without ever writing anything.

Not `tarfile`: that one reads a long-name record of any claimed size into memory, and follows links. Here only
regular files are given out, and everything is counted before it is believed.

Source: POSIX.1-2017 `pax`, https://www.gnu.org/software/tar/manual/html_node/Standard.html
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Protocol

from driftcheck.index.metadata.zip_directory import BadArchiveError

MAX_UNPACKED_BYTES = 2 * 1024**3
_MAX_MEMBERS = 250_000
_MAX_RECORD_BYTES = 1024**2
_BLOCK = 512
_PIECE_BYTES = 256 * 1024
_MAX_XZ_MEMORY_BYTES = 128 * 1024**2
_NO_DATA = frozenset(b"123456")
_REGULAR = frozenset(b"\x0007")


class _Unpacker(Protocol):
    """What bz2's and lzma's decompressors have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class TarStream:
    """The regular files of a tar archive, in its order."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """Take the archive's bytes: plain, or packed by gzip, bzip2 or xz (told by how they begin)."""
        self._source = _unpacked(iter(pieces))
        self._buffer = b""
        self._at = 0
        self._total = 0
        self._unread = 0

    def members(self) -> Iterator[tuple[str, int]]:
        """Yield path and size in bytes of every regular file; `read` gives the content of the last yielded.

        Raises:
            BadArchiveError: it is no tar archive, cut short, or larger than driftcheck reads.
        """
        path_record: str | None = None
        size_record: int | None = None
        for _ in range(_MAX_MEMBERS):
            header = self._take(_BLOCK, at_end_is_fine=True)
            if len(header) < _BLOCK or not header.strip(b"\0"):
                return
            kind, size = header[156], _number(header[124:136])
            _refuse_bad_checksum(header)
            if kind in b"xLKg":
                if size > _MAX_RECORD_BYTES:
                    raise BadArchiveError(f"a name in it claims {size} bytes")
                record = self._take_padded(size)
                if kind == ord("L"):
                    path_record = _decoded(record)
                elif kind == ord("x"):
                    pax = _pax_records(record)
                    path_record = pax.get("path", path_record)
                    size_record = _pax_size(pax)
                continue
            if kind == ord("S"):
                raise BadArchiveError("it holds sparse files")
            if size_record is not None:
                size = size_record
            path = path_record if path_record is not None else _path(header)
            path_record = size_record = None
            self._unread = 0 if kind in _NO_DATA else size
            padding = -self._unread % _BLOCK
            if kind in _REGULAR and not path.endswith("/"):
                yield path, size
            self._skip(self._unread + padding)
        raise BadArchiveError(f"it holds more than {_MAX_MEMBERS} members")

    def read(self) -> bytes:
        """Return the content of the member that was yielded last, once; look at its size before."""
        data = self._take(self._unread)
        self._unread = 0
        return data

    def _take_padded(self, size: int) -> bytes:
        data = self._take(size)
        self._skip(-size % _BLOCK)
        return data

    def _take(self, size: int, *, at_end_is_fine: bool = False) -> bytes:
        parts: list[bytes] = []
        missing = size
        while missing:
            if self._at == len(self._buffer) and not self._refill():
                if at_end_is_fine and missing == size:
                    return b""
                raise BadArchiveError("it is cut short")
            part = self._buffer[self._at : self._at + missing]
            self._at += len(part)
            missing -= len(part)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _skip(self, size: int) -> None:
        while size:
            if self._at == len(self._buffer) and not self._refill():
                raise BadArchiveError("it is cut short")
            step = min(size, len(self._buffer) - self._at)
            self._at += step
            size -= step

    def _refill(self) -> bool:
        self._buffer, self._at = next(self._source, b""), 0
        self._total += len(self._buffer)
        if self._total > MAX_UNPACKED_BYTES:
            raise BadArchiveError(f"it unpacks to more than {MAX_UNPACKED_BYTES} bytes")
        return bool(self._buffer)


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces of the unpacked archive, never empty and of bounded size."""
    start = b""
    for piece in pieces:
        start += piece
        if len(start) >= 6:
            break
    if start.startswith(b"\x1f\x8b"):
        yield from _inflated(start, pieces)
    elif start.startswith(b"BZh"):
        import bz2  # noqa: PLC0415  rare

        yield from _decompressed(bz2.BZ2Decompressor(), start, pieces, OSError)
    elif start.startswith(b"\xfd7zXZ\0"):
        import lzma  # noqa: PLC0415  rare

        unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MAX_XZ_MEMORY_BYTES)
        yield from _decompressed(unpacker, start, pieces, lzma.LZMAError)
    else:
        yield from filter(None, chain((start,), pieces))


def _inflated(start: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack gzip, also several streams one after the other, as `gzip` does."""
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    data = start
    while True:
        try:
            unpacked = inflater.decompress(data, _PIECE_BYTES)
        except zlib.error as error:
            raise BadArchiveError(f"it can't be unpacked: {error}") from error
        if unpacked:
            yield unpacked
        data = inflater.unconsumed_tail
        if inflater.eof:
            data = inflater.unused_data.lstrip(b"\0") or next(pieces, b"").lstrip(b"\0")
            if not data.startswith(b"\x1f\x8b"):
                return
            inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        elif not data and len(unpacked) < _PIECE_BYTES:
            data = next(pieces, b"")
            if not data:
                raise BadArchiveError("it is cut short")


def _decompressed(
    unpacker: _Unpacker, start: bytes, pieces: Iterator[bytes], damage: type[Exception]
) -> Iterator[bytes]:
    """Unpack bzip2 or xz; one stream, which is what the tools write."""
    data = start
    while not unpacker.eof:
        try:
            unpacked = unpacker.decompress(data, _PIECE_BYTES)
        except damage as error:
            raise BadArchiveError(f"it can't be unpacked: {error}") from error
        if unpacked:
            yield unpacked
        data = b""
        if unpacker.needs_input:
            data = next(pieces, b"")
            if not data and not unpacker.eof:
                raise BadArchiveError("it is cut short")


def _refuse_bad_checksum(header: bytes) -> None:
    """Compare the header's checksum, which is over the header with the checksum itself as blanks."""
    if sum(header) - sum(header[148:156]) + 8 * 0x20 != _number(header[148:156]):
        raise BadArchiveError("it is not a tar archive, or damaged")


def _number(field: bytes) -> int:
    """Read a size: octal digits, or base 256 where they would not do (GNU)."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.partition(b"\0")[0].strip()
    try:
        number = int(digits or b"0", 8)
    except ValueError as error:
        raise BadArchiveError("it is not a tar archive, or damaged") from error
    if number < 0:
        raise BadArchiveError("a member of it claims a negative size")
    return number


def _path(header: bytes) -> str:
    name = _decoded(header[:100])
    prefix = _decoded(header[345:500]) if header[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _decoded(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "backslashreplace")


def _pax_records(record: bytes) -> dict[str, str]:
    """Read `length key=value` lines; the length is of the whole line."""
    found: dict[str, str] = {}
    at = 0
    while at < len(record) and record[at : at + 1] != b"\0":
        digits, _, _ = record[at : at + 20].partition(b" ")
        if not digits.isdigit() or not 4 < int(digits) <= len(record) - at:
            raise BadArchiveError("a pax record in it is damaged")
        line = record[at + len(digits) + 1 : at + int(digits)].removesuffix(b"\n")
        key, _, value = line.partition(b"=")
        found[_decoded(key)] = _decoded(value)
        at += int(digits)
    return found


def _pax_size(pax: dict[str, str]) -> int | None:
    text = pax.get("size")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise BadArchiveError("a pax record in it is damaged")
    return int(text)
