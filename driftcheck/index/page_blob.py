"""A project page boiled down to one block of bytes, which is cached as it is and read a release at a time.

    length of the header (4 bytes, little-endian) | header (JSON) | one JSON row per version, newest first

A row is a list of files, and a file is the list that `_row` makes. A page of 2,000 releases costs a warm run
the header and the few rows that it asks for.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from urllib.parse import urljoin

from packaging.utils import NormalizedName
from packaging.version import InvalidVersion, Version

from driftcheck.index.filenames import FilenameReader
from driftcheck.index.page_entries import PageEntries
from driftcheck.model.release import FileKind, ProjectStatus
from driftcheck.support.plain_text import printable
from driftcheck.support.redaction import without_credentials

_LENGTH = struct.Struct("<I")
_MAX_TEXT = 2000
_encode = json.JSONEncoder(separators=(",", ":")).encode

Row = list[object]
"""filename, URL, hashes, requires-python, size, upload time, yanked, metadata hashes, is wheel."""


class _BadEntryError(Exception):
    """A file entry that can't be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHeader:
    """What is read of a page before any release is looked at."""

    status: ProjectStatus
    status_reason: str | None
    skipped: int
    """File entries that could not be understood."""
    texts: list[str]
    """The versions as the file names write them, newest first."""
    ends: list[int]
    """Where the row of each ends, counted from the end of the header."""


def distil(page: PageEntries, name: NormalizedName) -> bytes:
    """Boil a page down to the files of one project; other projects' and other formats are left out."""
    reader = FilenameReader(name)
    groups: dict[str, list[Row] | None] = {}
    versions: dict[Version, list[Row]] = {}
    skipped = 0
    for entry in page.entries:
        try:
            filename = _filename(entry)
            found = reader.read(filename)
            if found is None:
                continue
            kind, text = found
            try:
                rows = groups[text]
            except KeyError:
                rows = groups[text] = _group(text, versions)
            if rows is not None and isinstance(entry, dict):
                rows.append(_row(entry, filename, kind, page.url))
        except _BadEntryError:
            skipped += 1
    return _assemble(page, versions, skipped)


def read_header(blob: bytes | memoryview) -> tuple[PageHeader, int]:
    """Return the header and where the rows begin.

    Raises:
        ValueError: this is not such a block.
    """
    try:
        (size,) = _LENGTH.unpack_from(blob)
        start = _LENGTH.size + size
        status, reason, skipped, texts, ends = json.loads(bytes(blob[_LENGTH.size : start]))
        header = PageHeader(
            status=ProjectStatus(status), status_reason=reason, skipped=skipped, texts=texts, ends=ends
        )
    except (struct.error, TypeError) as error:
        raise ValueError("not a distilled page") from error
    if len(texts) != len(ends) or start + (ends[-1] if ends else 0) != len(blob):
        raise ValueError("not a distilled page")
    return header, start


def _group(text: str, versions: dict[Version, list[Row]]) -> list[Row] | None:
    """Return the list that files of a version go into, `None` if PEP 440 refuses it (pip 24 skips them)."""
    try:
        return versions.setdefault(Version(text), [])
    except InvalidVersion:
        return None


def _filename(entry: object) -> str:
    filename = entry.get("filename") if isinstance(entry, dict) else None
    if type(filename) is not str or not filename.isprintable() or "/" in filename or len(filename) > 500:
        raise _BadEntryError
    return filename


def _row(entry: dict[str, object], filename: str, kind: FileKind, page_url: str) -> Row:
    """Return the file as a list; hashes are a bare string where there is only a sha256."""
    requires_python = entry.get("requires-python")
    if requires_python is not None and (
        type(requires_python) is not str or not requires_python.isprintable()
    ):
        requires_python = _tidy(requires_python)
    size = entry.get("size")
    if type(size) is not int or size < 0:
        size = None
    uploaded = entry.get("upload-time")
    if type(uploaded) is not str or not 10 <= len(uploaded) <= 40:
        uploaded = None
    yanked = entry.get("yanked")
    if yanked is not None:
        yanked = printable(yanked, limit=_MAX_TEXT) if isinstance(yanked, str) and yanked else yanked
        yanked = "" if yanked is True else (yanked or None)
        if yanked is not None and type(yanked) is not str:
            raise _BadEntryError
    advertised = entry.get("core-metadata")
    if advertised is None:
        advertised = entry.get("data-dist-info-metadata", entry.get("dist-info-metadata"))
    metadata = None if advertised is None or advertised is False else _hashes(advertised)
    hashes = _hashes(entry.get("hashes"))
    url = _url(entry.get("url"), page_url)
    return [filename, url, hashes, requires_python, size, uploaded, yanked, metadata, kind is FileKind.WHEEL]


def _hashes(value: object) -> str | dict[str, str]:
    """Return a sha256 as it is, several hashes or another one as {algorithm: digest}, nothing as {}."""
    if type(value) is dict:
        sha256 = value.get("sha256")
        if type(sha256) is str and len(sha256) == 64 and len(value) == 1 and sha256.isalnum():
            return sha256.lower()
        return {
            algorithm.lower(): digest.lower()
            for algorithm, digest in value.items()
            if type(algorithm) is str and type(digest) is str and algorithm.isalnum() and digest.isalnum()
        }
    return {}


def _url(value: object, page_url: str) -> str:
    if type(value) is not str or not value.isprintable() or not value or len(value) > _MAX_TEXT * 4:
        raise _BadEntryError
    url = value
    if not url.startswith("https://"):
        try:
            url = urljoin(page_url, url)
        except ValueError as error:
            raise _BadEntryError from error
        scheme = url.partition(":")[0].lower()
        # A server has no business pointing at files of this machine.
        if scheme not in {"https", "http"} and not (scheme == "file" and page_url.startswith("file:")):
            raise _BadEntryError
    if "#" in url:
        url = url.partition("#")[0]
    return without_credentials(url) if "@" in url else url


def _tidy(value: object) -> str | None:
    """Return a text on one line, `None` for anything else."""
    return printable(" ".join(value.split()), limit=_MAX_TEXT) if isinstance(value, str) else None


def _assemble(page: PageEntries, versions: dict[Version, list[Row]], skipped: int) -> bytes:
    newest_first = sorted((version for version, rows in versions.items() if rows), reverse=True)
    rows = [_encode(versions[version]).encode("ascii") for version in newest_first]
    ends, end = [], 0
    for row in rows:
        end += len(row)
        ends.append(end)
    reason = printable(page.status_reason, limit=_MAX_TEXT) if page.status_reason else None
    header = [_status(page.status), reason, skipped, [str(version) for version in newest_first], ends]
    encoded = _encode(header).encode("ascii")
    return b"".join((_LENGTH.pack(len(encoded)), encoded, *rows))


def _status(text: str | None) -> str:
    """Return a status that we know; one that PEP 792 does not list says nothing that a check could use."""
    known = {status.value for status in ProjectStatus}
    return text if text in known else ProjectStatus.ACTIVE.value
