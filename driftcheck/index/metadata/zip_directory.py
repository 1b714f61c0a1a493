"""The inner structure of a zip, from bytes alone: end record, central directory, member contents.

Strict where `zipfile` is lenient, because every number in it comes from a stranger: the end record must end
the file, the directory must end at the end record, contents must not overlap what follows, and CRC and sizes
must be true. What is not asked for is not judged: old wheels with doubled members are real.

Source: the zip specification, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from driftcheck.model.errors import DriftcheckError
from driftcheck.support.plain_text import printable

MAX_END_BYTES = 22 + 65_535 + 20 + 56
"""The end record with the longest comment, the zip64 locator and the zip64 end record."""

_MAX_MEMBERS = 250_000
_MAX_DIRECTORY_BYTES = 64 * 1024**2
_STORED, _DEFLATED = 0, 8
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED_FLAGS = 0x2041  # encrypted, strongly encrypted, masked directory
_UTF8_FLAG = 0x800


class BadArchiveError(DriftcheckError):
    """A zip is damaged, or made in a way that driftcheck refuses to read."""


class MemberTooLargeError(BadArchiveError):
    """A member is larger than the caller was ready to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Where the central directory lies in the file."""

    first: int
    """Offset in bytes from the start of the file."""
    size_bytes: int
    entries: int


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the central directory; every number is a claim until the member was read."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc32: int
    compressed_bytes: int
    size_bytes: int
    offset: int
    """Of the local header, in bytes from the start of the file."""


def locate_directory(tail: bytes, *, file_bytes: int) -> Directory | None:
    """Find the central directory from the last bytes of a file.

    Returns:
        `None` if the tail holds no end record but a longer one could (a long comment).

    Raises:
        BadArchiveError: it is no zip, cut short, or contradicts itself.
    """
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        if len(tail) < min(file_bytes, MAX_END_BYTES):
            return None
        raise BadArchiveError("it does not end as a zip does")
    _, disk, first_disk, here, entries, size, first, comment = _END.unpack_from(tail, at)
    if len(tail) - at != _END.size + comment:
        raise BadArchiveError("something stands behind the end of the zip")
    end_at = file_bytes - len(tail) + at
    if at >= _LOCATOR.size and tail.startswith(b"PK\6\7", at - _LOCATOR.size):
        wide = _locate_wide(tail, at - _LOCATOR.size, file_bytes=file_bytes)
        claims = ((entries, _FULL16, wide[0]), (size, _FULL32, wide[1]), (first, _FULL32, wide[2]))
        if any(narrow not in (full, value) for narrow, full, value in claims):
            raise BadArchiveError("its two end records contradict each other")
        entries, size, first, end_at = wide
    elif (disk, first_disk, here) != (0, 0, entries):
        raise BadArchiveError("it is one of several volumes")
    if first + size != end_at:
        raise BadArchiveError("its directory does not lie where it says")
    if entries > _MAX_MEMBERS or size > _MAX_DIRECTORY_BYTES or size < entries * _ENTRY.size:
        raise BadArchiveError(f"its directory claims {entries} members in {size} bytes")
    return Directory(first=first, size_bytes=size, entries=entries)


def parse_directory(data: bytes, directory: Directory) -> tuple[Member, ...]:
    """Read the central directory.

    Args:
        data: exactly the bytes that `directory` names.

    Raises:
        BadArchiveError: it is damaged, or a name leads out of the folder it would be unpacked to.
    """
    members = []
    at = 0
    for _ in range(directory.entries):
        if len(data) - at < _ENTRY.size or not data.startswith(b"PK\1\2", at):
            raise BadArchiveError("its directory is damaged")
        entry = _ENTRY.unpack_from(data, at)
        name_end = at + _ENTRY.size + entry[10]
        extra_end = name_end + entry[11]
        after = extra_end + entry[12]
        if after > len(data):
            raise BadArchiveError("its directory is cut short")
        sizes: tuple[int, ...] = (entry[9], entry[8], entry[16])
        if _FULL32 in sizes:
            sizes = _wide_sizes(data[name_end:extra_end], sizes)
        raw_name = data[at + _ENTRY.size : name_end]
        size, compressed, offset = sizes
        if offset + _LOCAL.size + len(raw_name) + compressed > directory.first:
            raise BadArchiveError("a member reaches into the directory")
        name = _safe_name(raw_name, is_utf8=bool(entry[3] & _UTF8_FLAG))
        members.append(Member(name, raw_name, entry[3], entry[4], entry[7], compressed, size, offset))
        at = after
    if at != len(data):
        raise BadArchiveError("its directory holds more than it says")
    return tuple(members)


def span_limit(member: Member) -> int:
    """Return how many bytes from its local header on a member can take at most, data descriptor left out."""
    return _LOCAL.size + len(member.raw_name) + _FULL16 + member.compressed_bytes


def refuse_unreadable(member: Member, *, limit_bytes: int) -> None:
    """Refuse by the directory alone what `content` would refuse, before a byte of it is fetched.

    Raises:
        MemberTooLargeError: it is larger than `limit_bytes`, packed or unpacked.
        BadArchiveError: it is encrypted or packed in a way that wheels don't use.
    """
    if member.size_bytes > limit_bytes or member.compressed_bytes > limit_bytes + limit_bytes // 64 + 1024:
        raise MemberTooLargeError(
            f"{printable(member.name)} has {max(member.size_bytes, member.compressed_bytes)} bytes, "
            f"more than the {limit_bytes} that driftcheck reads"
        )
    if member.flags & _ENCRYPTED_FLAGS:
        raise BadArchiveError(f"{printable(member.name)} is encrypted")
    if member.method not in (_STORED, _DEFLATED):
        raise BadArchiveError(f"{printable(member.name)} is packed with method {member.method}")


def content(member: Member, span: bytes) -> bytes:
    """Unpack a member.

    Args:
        member: one that `refuse_unreadable` let pass.
        span: the bytes from its local header up to whatever follows it, at least the whole member.

    Raises:
        BadArchiveError: the member overlaps what follows, or is not what the directory says.
    """
    shown = printable(member.name)
    if len(span) < _LOCAL.size or not span.startswith(b"PK\3\4"):
        raise BadArchiveError(f"{shown} is not where the directory says")
    local = _LOCAL.unpack_from(span)
    data_at = _LOCAL.size + local[9] + local[10]
    packed = span[data_at : data_at + member.compressed_bytes]
    if span[_LOCAL.size : _LOCAL.size + local[9]] != member.raw_name or local[3] != member.method:
        raise BadArchiveError(f"{shown} is something else than the directory says")
    if len(packed) != member.compressed_bytes:
        raise BadArchiveError(f"{shown} overlaps what follows it")
    data = packed if member.method == _STORED else _inflated(packed, member, shown)
    if len(data) != member.size_bytes or zlib.crc32(data) != member.crc32:
        raise BadArchiveError(f"{shown} does not have the size and checksum that the directory says")
    return data


def _inflated(packed: bytes, member: Member, shown: str) -> bytes:
    """Unpack at most one byte more than claimed, so a bomb costs no more than it says."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflater.decompress(packed, member.size_bytes + 1)
    except zlib.error as error:
        raise BadArchiveError(f"{shown} can't be unpacked: {error}") from error
    if not inflater.eof and len(data) <= member.size_bytes:
        raise BadArchiveError(f"{shown} is cut short")
    return data


def _locate_wide(tail: bytes, locator_at: int, *, file_bytes: int) -> tuple[int, int, int, int]:
    """Read the zip64 end record: (entries, directory's size, directory's offset, this record's offset)."""
    _, disk, end_at, disks = _LOCATOR.unpack_from(tail, locator_at)
    at = end_at - (file_bytes - len(tail))
    if (
        disk != 0
        or disks > 1
        or not 0 <= at <= locator_at - _END64.size
        or not tail.startswith(b"PK\6\6", at)
    ):
        raise BadArchiveError("its zip64 end record is damaged")
    _, _, _, _, disk, first_disk, here, entries, size, first = _END64.unpack_from(tail, at)
    if (disk, first_disk, here) != (0, 0, entries):
        raise BadArchiveError("it is one of several volumes")
    return entries, size, first, end_at


def _wide_sizes(extra: bytes, narrow: tuple[int, ...]) -> tuple[int, ...]:
    """Replace the values that do not fit 32 bits by those of the zip64 extra field."""
    at = 0
    while len(extra) - at >= 4:
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            count = narrow.count(_FULL32)
            if length < 8 * count or at + 4 + length > len(extra):
                break
            wide = iter(struct.unpack_from(f"<{count}Q", extra, at + 4))
            return tuple(next(wide) if value == _FULL32 else value for value in narrow)
        at += 4 + length
    raise BadArchiveError("a member has no zip64 sizes")


def _safe_name(raw: bytes, *, is_utf8: bool) -> str:
    try:
        name = raw.decode("utf-8" if is_utf8 else "cp437")
    except UnicodeDecodeError as error:
        raise BadArchiveError("a member's name is not UTF-8") from error
    if "\0" in name or name.startswith("/") or (".." in name and ".." in name.replace("\\", "/").split("/")):
        raise BadArchiveError(f"a member's name leads elsewhere: {printable(name, limit=100)}")
    return name
