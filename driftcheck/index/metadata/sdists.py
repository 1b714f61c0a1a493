"""The metadata of an sdist, read as it comes in: nothing is unpacked to disk, nothing is built or run.

Reading stops as soon as what is needed was seen. In order of trust:

1. PKG-INFO of version 2.2 or later that does not call its dependencies dynamic (PEP 643).
2. `[project]` of pyproject.toml with its dependencies written down: a backend may not change them (PEP 621).
3. PKG-INFO that lists requirements; newer setuptools, flit, poetry and the like list them all.
4. `requires.txt` of the egg-info: what setuptools saw on the machine that made the archive.
5. An egg-info without `requires.txt`, or another backend than setuptools: nothing is required.
6. Nothing of that: unknown, and said so (`core_metadata.DEPENDENCIES_HEADER`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packaging.utils import NormalizedName, canonicalize_name

from driftcheck.index.connection.transport import FetchFailedError, TooLargeError, Transport
from driftcheck.index.metadata.core_metadata import DEPENDENCIES_HEADER, Fields, read_fields
from driftcheck.index.metadata.egg_info import lines_from_requires_txt, lists_requires_txt
from driftcheck.index.metadata.remote_zip import BadArchiveError, RangesNotSupportedError, RemoteZip
from driftcheck.index.metadata.static_project import StaticProject, read_static_project
from driftcheck.index.metadata.tar_stream import TarStream
from driftcheck.model.errors import MetadataUnavailableError
from driftcheck.model.release import DistributionFile
from driftcheck.support.plain_text import printable

MAX_SDIST_BYTES = 300 * 1024**2
MAX_ZIP_BYTES = 100 * 1024**2
"""Of a zipped sdist on a server without ranges, which has to be in memory as a whole."""
MAX_SECONDS = 180.0
"""For one sdist to arrive."""

_LIMITS = {
    "PKG-INFO": 16 * 1024**2,
    "pyproject.toml": 1024**2,
    "egg-info/PKG-INFO": 16 * 1024**2,
    "egg-info/requires.txt": 1024**2,
    "egg-info/SOURCES.txt": 16 * 1024**2,
}
_ESSENTIAL = frozenset({"PKG-INFO", "egg-info/requires.txt"})


def read_metadata(transport: Transport, file: DistributionFile) -> tuple[bytes, bool]:
    """Return an sdist's metadata for `parse_metadata`, and whether any wheel built of it will say the same.

    Raises:
        MetadataUnavailableError: the archive is damaged, too large or has no PKG-INFO.
        IndexUnavailableError: it could not be fetched.
    """
    shown = printable(file.filename)
    try:
        is_zip = file.filename.lower().endswith(".zip")
        parts = _parts_of_zip(transport, file) if is_zip else _parts_of_tar(transport, file)
        return parts.metadata()
    except BadArchiveError as error:
        raise MetadataUnavailableError(f"{shown}: {error}") from error
    except TooLargeError as error:
        raise MetadataUnavailableError(f"{shown} is larger than driftcheck reads an sdist") from error


def _parts_of_tar(transport: Transport, file: DistributionFile) -> _Parts:
    parts = _Parts(file.name)
    with transport.stream(file.url, limit_bytes=MAX_SDIST_BYTES) as pieces:
        archive = TarStream(_in_time(file.url, pieces))
        for path, size_bytes in archive.members():
            kind = _kind(path, file.name)
            if kind is not None and parts.wants(kind, size_bytes):
                parts.add(kind, archive.read())
                if parts.is_enough():
                    return parts
    return parts


def _parts_of_zip(transport: Transport, file: DistributionFile) -> _Parts:
    try:
        archive = RemoteZip.open(transport, file.url, file.size_bytes)
    except RangesNotSupportedError:
        with transport.stream(file.url, limit_bytes=MAX_ZIP_BYTES) as pieces:
            data = b"".join(_in_time(file.url, pieces))
        archive = RemoteZip.from_bytes(data)
    parts = _Parts(file.name)
    found = [(kind, m) for m in archive.members if (kind := _kind(m.name, file.name)) is not None]
    for kind, member in sorted(found, key=lambda pair: list(_LIMITS).index(pair[0])):
        if parts.wants(kind, member.size_bytes):
            parts.add(kind, archive.read(member, limit_bytes=_LIMITS[kind]))
            if parts.is_enough():
                return parts
    return parts


def _in_time(url: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the pieces until time is up: time-outs are for each read, and a server can drip."""
    deadline = time.monotonic() + MAX_SECONDS
    for piece in pieces:
        if time.monotonic() > deadline:
            raise FetchFailedError(url, f"it did not arrive within {MAX_SECONDS:.0f} s")
        yield piece


def _kind(path: str, name: NormalizedName) -> str | None:
    """Say which of the wanted files a path is, `None` if none; an egg-info may lie in `src` or the like."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if len(parts) == 2 and parts[1] in ("PKG-INFO", "pyproject.toml"):
        return parts[1]
    if 3 <= len(parts) <= 5 and parts[-2].endswith(".egg-info"):
        kind = f"egg-info/{parts[-1]}"
        # Test data may hold the egg-info of others.
        is_own = canonicalize_name(parts[-2].removesuffix(".egg-info")) == name
        return kind if kind in _LIMITS and is_own else None
    return None


@dataclass(slots=True)
class _Parts:
    """What was seen of an archive so far."""

    name: NormalizedName
    pkg_info: bytes | None = None
    fields: Fields | None = None
    egg_pkg_info: bytes | None = None
    requires_txt: bytes | None = None
    has_egg_info: bool = False
    static: StaticProject | None = None
    requires_nothing: bool = False
    """Whether the egg-info's list of files names no `requires.txt`."""

    def wants(self, kind: str, size_bytes: int) -> bool:
        """Whether to read a file; of several of a kind the first counts.

        Raises:
            BadArchiveError: it is needed and too large.
        """
        if kind in _ESSENTIAL and size_bytes > _LIMITS[kind]:
            raise BadArchiveError(f"its {kind} has {size_bytes} bytes, more than driftcheck reads")
        seen = {
            "PKG-INFO": self.pkg_info is not None,
            "pyproject.toml": self.static is not None,
            "egg-info/PKG-INFO": self.egg_pkg_info is not None,
            "egg-info/requires.txt": self.requires_txt is not None,
            "egg-info/SOURCES.txt": self.requires_nothing,
        }
        return size_bytes <= _LIMITS[kind] and not seen[kind]

    def add(self, kind: str, data: bytes) -> None:
        """Take note of one file."""
        match kind:
            case "PKG-INFO":
                self.pkg_info, self.fields = data, read_fields(data)
            case "pyproject.toml":
                self.static = read_static_project(data, self.name)
            case "egg-info/PKG-INFO":
                self.egg_pkg_info = data
            case "egg-info/requires.txt":
                self.requires_txt = data
            case _:
                self.requires_nothing = not lists_requires_txt(data)
        self.has_egg_info = self.has_egg_info or kind.startswith("egg-info/")

    def is_enough(self) -> bool:
        """Whether nothing that may still come can change the answer for the better."""
        if self.fields is None:
            return False
        return (
            _is_final(self.fields)
            or (self.static is not None and self.static.dependencies is not None)
            or bool(self.fields.get("requires-dist"))
            or self.requires_txt is not None
            or self.requires_nothing
        )

    def metadata(self) -> tuple[bytes, bool]:
        """Return the answer by the order of trust in the module's docstring."""
        raw = self.pkg_info if self.pkg_info is not None else self.egg_pkg_info
        if raw is None:
            raise BadArchiveError("it holds no PKG-INFO")
        fields = self.fields if self.fields is not None else read_fields(raw)
        if _is_final(fields):
            return raw, True
        if self.static is not None and self.static.dependencies is not None:
            is_listed = bool(fields.get("requires-dist"))
            return (raw if is_listed else _with_lines(self.static.metadata_lines(), raw)), True
        if fields.get("requires-dist"):
            return raw, False
        if self.requires_txt is not None:
            return _with_lines(lines_from_requires_txt(self.requires_txt), raw), False
        is_known = self.has_egg_info or (self.static is not None and self.static.has_complete_backend)
        return (raw if is_known else _with_lines([f"{DEPENDENCIES_HEADER}: unknown"], raw)), False


def _is_final(fields: Fields) -> bool:
    """Whether PKG-INFO says what every wheel will say of requirements and Pythons (PEP 643)."""
    major, _, minor = fields.get("metadata-version", [""])[0].partition(".")
    if not (major.isdecimal() and minor.isdecimal()) or (int(major[:4]), int(minor[:4])) < (2, 2):
        return False
    dynamic = {name.lower() for name in fields.get("dynamic", ())}
    return not dynamic & {"requires-dist", "requires-python", "provides-extra"}


def _with_lines(lines: Iterable[str], raw: bytes) -> bytes:
    """Put lines before a header; behind it they would be lost where a stray line ends the header early."""
    added = "".join(line + "\n" for line in lines)
    return added.encode("utf-8", "backslashreplace") + raw.removeprefix(b"\xef\xbb\xbf")
