"""Wheels of the real index for the linker's measurements: their Python members by ranges, kept on disk."""

from __future__ import annotations

import io
import json
import re
import tempfile
import threading
import zipfile
from datetime import datetime
from pathlib import Path

import requests
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from driftcheck.linker.archive import LinkedWheel

CACHE = Path(tempfile.gettempdir()) / "linkcache"
_KEPT = re.compile(r"(\.py|\.pyi|METADATA|entry_points\.txt|top_level\.txt)$")
_local = threading.local()


def session() -> requests.Session:
    """Return this thread's session."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
    found: requests.Session = _local.session
    return found


def page(name: str) -> list[dict[str, object]]:
    """Return the files that the index lists for a project (PEP 691), kept on disk."""
    path = CACHE / "pages" / f"{name}.json"
    if not path.exists():
        answer = session().get(
            f"{PYPI_SIMPLE_ENDPOINT}{name}/",
            headers={"Accept": "application/vnd.pypi.simple.v1+json"},
            timeout=60,
        )
        answer.raise_for_status()
        keep = ("filename", "url", "size", "upload-time", "requires-python", "yanked", "hashes")
        files = [{key: file.get(key) for key in keep} for file in answer.json()["files"]]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(files))
    found: list[dict[str, object]] = json.loads(path.read_text())
    return found


def tags(minor: int) -> dict[Tag, int]:
    """Return the tags of CPython 3.N on Linux x86_64 with glibc 2.36, {tag: rank}."""
    platforms = [f"manylinux_2_{n}_x86_64" for n in range(36, 4, -1)]
    for alias, n in (("manylinux2014", 17), ("manylinux2010", 12), ("manylinux1", 5)):
        platforms.insert(platforms.index(f"manylinux_2_{n}_x86_64") + 1, f"{alias}_x86_64")
    platforms.append("linux_x86_64")
    abis = [f"cp3{minor}m"] if minor < 8 else [f"cp3{minor}"]
    every = [
        *cpython_tags((3, minor), abis, platforms),
        *compatible_tags((3, minor), f"cp3{minor}", platforms),
    ]
    return {tag: rank for rank, tag in reversed(list(enumerate(every)))}


def releases(name: str, minor: int) -> dict[Version, dict[str, object]]:
    """Return the best wheel of each version for a Python, {version: file}."""
    ranks = tags(minor)
    best: dict[Version, tuple[int, dict[str, object]]] = {}
    for file in page(name):
        try:
            _, version, _, file_tags = parse_wheel_filename(str(file["filename"]))
        except InvalidWheelFilename:
            continue
        rank = min((ranks[tag] for tag in file_tags if tag in ranks), default=None)
        if rank is not None and (version not in best or rank < best[version][0]):
            best[version] = (rank, file)
    return {version: file for version, (_, file) in best.items()}


class RangeFile(io.RawIOBase):
    """A remote file that fetches only what is read, or was asked for beforehand."""

    def __init__(self, url: str, size: int) -> None:
        self.url, self.size, self.at = url, size, 0
        self.parts: list[tuple[int, bytes]] = []
        self.fetched = 0

    def fetch(self, first: int, last: int) -> None:
        """Fetch the bytes from `first` to before `last`."""
        answer = session().get(self.url, headers={"Range": f"bytes={first}-{last - 1}"}, timeout=120)
        answer.raise_for_status()
        self.parts.append((first, answer.content))
        self.fetched += len(answer.content)

    def read(self, size: int = -1) -> bytes:
        """Read from what is there, or fetch it."""
        end = self.size if size < 0 else min(self.size, self.at + size)
        if end <= self.at:
            return b""
        for _ in range(2):
            for first, data in self.parts:
                if first <= self.at and end <= first + len(data):
                    out = data[self.at - first : end - first]
                    self.at = end
                    return out
            self.fetch(self.at, max(end, min(self.size, self.at + 65536)))
        raise OSError("short read")

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move as files do."""
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def tell(self) -> int:
        """Return the position."""
        return self.at

    def seekable(self) -> bool:
        """Ranges can."""
        return True

    def readable(self) -> bool:
        """Ranges can."""
        return True


class CachedArchive:
    """A wheel of which the Python members are on disk; others are fetched when read."""

    def __init__(self, file: dict[str, object]) -> None:
        self.file = file
        hashes = file["hashes"]
        self.sha256 = str(hashes["sha256"]) if isinstance(hashes, dict) else str(file["filename"])
        self.path = CACHE / "wheels" / f"{self.sha256}.zip"
        self._zip: zipfile.ZipFile | None = None
        self._names: list[str] | None = None
        self._lock = threading.Lock()

    def ensure(self) -> None:
        """Fetch the Python members if they are not there."""
        if self.path.exists():
            return
        size = int(str(self.file["size"]))
        remote = RangeFile(str(self.file["url"]), size)
        remote.fetch(0 if size < 600_000 else max(0, size - 200_000), size)
        with zipfile.ZipFile(remote) as source:
            wanted = [i for i in source.infolist() if _KEPT.search(i.filename) and i.file_size < 8 * 1024**2]
            wanted.sort(key=lambda i: i.header_offset)
            spans: list[list[int]] = []
            for i in wanted:
                end = min(size, i.header_offset + i.compress_size + len(i.filename) + 400)
                if spans and i.header_offset - spans[-1][1] < 60_000:
                    spans[-1][1] = max(spans[-1][1], end)
                else:
                    spans.append([i.header_offset, end])
            if size >= 600_000:
                for first, last in spans:
                    remote.fetch(first, last)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self.path.with_suffix(f".{threading.get_ident()}")
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as target:
                for i in wanted:
                    target.writestr(i.filename, source.read(i))
                target.writestr("//names", json.dumps(source.namelist()))
            temporary.replace(self.path)

    @property
    def names(self) -> list[str]:
        """Every member of the wheel."""
        if self._names is None:
            self.ensure()
            self._names = json.loads(self._open().read("//names"))
        return self._names

    def read(self, name: str) -> bytes:
        """Return a member, fetched if it is not on disk."""
        with self._lock:
            archive = self._open()
            try:
                return archive.read(name)
            except KeyError:
                pass
        remote = RangeFile(str(self.file["url"]), int(str(self.file["size"])))
        remote.fetch(max(0, remote.size - 200_000), remote.size)
        with zipfile.ZipFile(remote) as source:
            info = source.getinfo(name)
            remote.fetch(info.header_offset, min(remote.size, info.header_offset + info.compress_size + 1000))
            return source.read(info)

    def _open(self) -> zipfile.ZipFile:
        if self._zip is None:
            self.ensure()
            self._zip = zipfile.ZipFile(self.path)
        return self._zip


def wheel_of(name: str, version: str, minor: int) -> LinkedWheel:
    """Return a wheel of the index."""
    file = releases(canonicalize_name(name), minor)[Version(version)]
    return linked(name, Version(version), file)


def linked(name: str, version: Version, file: dict[str, object]) -> LinkedWheel:
    """Make the linker's view of a file of the index."""
    uploaded = datetime.fromisoformat(str(file["upload-time"]).replace("Z", "+00:00"))
    return LinkedWheel(
        name=canonicalize_name(name), version=version, archive=CachedArchive(file), uploaded=uploaded
    )
