"""A project page boiled down to one block of bytes, which is cached as it is and read a release at a time.

    length of the header (4 bytes, little-endian) | header (JSON) | one JSON row per version, newest first

A row is the list of the PEP 691 entries of its files, as the index wrote them. A page of 2,000 releases costs
a warm run the header and the few rows that it asks for; entries are judged only then (`file_entry`).
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass

from packaging.utils import NormalizedName
from packaging.version import InvalidVersion, Version

from driftcheck.index.pages.filenames import FilenameReader
from driftcheck.index.pages.page_entries import PageEntries
from driftcheck.model.release import ProjectStatus
from driftcheck.support.plain_text import printable

_LENGTH = struct.Struct("<I")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHeader:
    """What is read of a page before any release is looked at."""

    page_url: str
    """What the URLs in the rows are relative to."""
    status: ProjectStatus
    status_reason: str | None
    skipped: int
    """Entries that could not even be grouped."""
    texts: list[str]
    """The versions in normal form, newest first."""
    ends: list[int]
    """Where the row of each ends, counted from the end of the header, in bytes."""


def distil(page: PageEntries, name: NormalizedName) -> bytes:
    """Boil a page down to the files of one project; other projects' and other formats are left out."""
    read = FilenameReader(name).read
    groups: dict[str, list[str] | None] = {}
    versions: dict[Version, list[str]] = {}
    skipped = 0
    for filename, text in page.entries:
        if type(filename) is not str:
            skipped += 1
            continue
        found = read(filename)
        if found is None:
            continue
        version = found[1]
        try:
            row = groups[version]
        except KeyError:
            row = groups[version] = _row_of(version, versions)
        if row is not None:
            row.append(text)
    return _assemble(page, versions, skipped)


def read_header(blob: bytes | memoryview) -> tuple[PageHeader, int]:
    """Return the header and where the rows begin.

    Raises:
        ValueError: this is not such a block.
    """
    try:
        (size,) = _LENGTH.unpack_from(blob)
        start = _LENGTH.size + size
        url, status, reason, skipped, texts, ends = json.loads(bytes(blob[_LENGTH.size : start]))
        header = PageHeader(
            page_url=url,
            status=ProjectStatus(status),
            status_reason=reason,
            skipped=skipped,
            texts=texts,
            ends=ends,
        )
        is_whole = len(texts) == len(ends) and start + (ends[-1] if ends else 0) == len(blob)
    except (struct.error, TypeError) as error:
        raise ValueError("not a distilled page") from error
    if not is_whole:
        raise ValueError("not a distilled page")
    return header, start


def _row_of(text: str, versions: dict[Version, list[str]]) -> list[str] | None:
    """Return the list that files of a version go into, `None` if PEP 440 refuses it (pip 24 skips them)."""
    try:
        return versions.setdefault(Version(text), [])
    except InvalidVersion:
        return None


def _assemble(page: PageEntries, versions: dict[Version, list[str]], skipped: int) -> bytes:
    newest_first = sorted(versions, reverse=True)
    # JSON can hold a lone surrogate only as \ud800, and as that it stays; "replace" is for the impossible.
    rows = [f"[{','.join(versions[version])}]".encode("utf-8", "replace") for version in newest_first]
    ends, end = [], 0
    for row in rows:
        end += len(row)
        ends.append(end)
    reason = printable(page.status_reason) if page.status_reason else None
    texts = [str(version) for version in newest_first]
    header = json.dumps([page.url, _status(page.status), reason, skipped, texts, ends]).encode("ascii")
    return b"".join((_LENGTH.pack(len(header)), header, *rows))


def _status(text: str | None) -> str:
    """Return a status that we know; one that PEP 792 does not list says nothing that a check could use."""
    known = {status.value for status in ProjectStatus}
    return text if text in known else ProjectStatus.ACTIVE.value
