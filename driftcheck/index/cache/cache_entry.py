"""The form of one cache entry on disk, which tells a whole entry from a broken one.

    magic and schema (8 bytes) | CRC-32 of all that follows | time stored | length of facts | facts | payload

Numbers are little-endian: CRC and length of 4 bytes, the time a double of seconds since the epoch. The CRC
guards against torn and rotten files, not against an enemy: who can write the cache folder can write anything.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_MAGIC = b"DRCHK\x00\x00\x01"
"""The last byte is the schema: an entry of another schema is as good as none."""
_HEAD = struct.Struct("<8sI")
_REST = struct.Struct("<dI")


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheEntry:
    """What was stored, and when."""

    payload: bytes | memoryview
    facts: Mapping[str, str]
    """Small things beside the payload: the ETag of a page, its content type."""
    stored_at: float
    """Seconds since the epoch."""


def packed(entry: CacheEntry) -> tuple[bytes | memoryview, ...]:
    """Return the pieces to write one after the other; a large payload is not copied."""
    facts = json.dumps(dict(entry.facts), separators=(",", ":")).encode()
    start = _REST.pack(entry.stored_at, len(facts)) + facts
    checksum = zlib.crc32(entry.payload, zlib.crc32(start))
    return _HEAD.pack(_MAGIC, checksum), start, entry.payload


def unpacked(data: bytes) -> CacheEntry | None:
    """Return the entry, `None` if the bytes are cut, rotten, foreign or of another schema."""
    if len(data) < _HEAD.size + _REST.size:
        return None
    magic, checksum = _HEAD.unpack_from(data)
    view = memoryview(data)
    if magic != _MAGIC or zlib.crc32(view[_HEAD.size :]) != checksum:
        return None
    stored_at, facts_size = _REST.unpack_from(data, _HEAD.size)
    start = _HEAD.size + _REST.size
    try:
        facts = json.loads(data[start : start + facts_size])
    except ValueError:
        return None
    if not isinstance(facts, dict):
        return None
    return CacheEntry(payload=view[start + facts_size :], facts=facts, stored_at=stored_at)
