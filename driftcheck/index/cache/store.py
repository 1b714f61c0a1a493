"""What the indexes said, kept on disk: one file an entry, for any number of processes at once.

An entry is written to a temporary file that then takes its place, so a reader sees the old one or the new one
and Ctrl-C at any moment leaves the cache whole. An entry that is broken all the same is dropped and fetched
again.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from driftcheck.index.cache.cache_entry import CacheEntry, packed, unpacked
from driftcheck.index.cache.cache_sweep import sweep_now_and_then
from driftcheck.model.errors import CacheError

MARKER = "CACHEDIR.TAG"
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55"  # https://bford.info/cachedir/
_MARKER_TEXT = f"{_SIGNATURE}\n# This folder is the cache of driftcheck: it may be removed at any time.\n"
_TOUCH_AFTER_S = 12 * 3600.0
NO_FACTS: Mapping[str, str] = {}


class CacheKind(str, Enum):
    """What an entry is about; each kind has its own folder."""

    PAGES = "pages"
    """A project page of one index, distilled (`page_blob.py`); fresh for minutes, then asked again."""
    METADATA = "metadata"
    """Core metadata of one file, distilled; for ever."""
    CAPABILITIES = "capabilities"
    """What one server can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSize:
    """How much there is of one kind."""

    kind: CacheKind
    entries: int
    size_bytes: int


def default_cache_folder(environment: Mapping[str, str]) -> Path:
    """Return `DRIFTCHECK_CACHE_DIR`, else the platform's folder for caches."""
    named = environment.get("DRIFTCHECK_CACHE_DIR")
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415 - not needed where the folder is named

    return user_cache_path("driftcheck", appauthor=False)


class CacheStore:
    """The cache in one folder; safe for threads and processes.

    Args:
        folder: Made when the first entry is written; `None`: nothing is kept.
        max_size_bytes: Beyond it the entries not used for longest are removed, now and then.
    """

    def __init__(self, folder: Path | None, *, max_size_bytes: int) -> None:
        self._folder = folder
        self._max_size_bytes = max_size_bytes
        self._lock = threading.Lock()
        self._is_ready = False
        self._fault: str | None = None
        self._written_bytes = 0

    @property
    def folder(self) -> Path | None:
        """Where it is."""
        return self._folder

    @property
    def fault(self) -> str | None:
        """Why nothing could be written, `None` if all could; the run went on without."""
        return None if self._fault is None else f"{self._fault} ({self._folder})"

    def get(self, kind: CacheKind, key: str) -> CacheEntry | None:
        """Return an entry, `None` if there is none or it is broken (then it is removed)."""
        path = self._path(kind, key)
        if path is None:
            return None
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - Path.open costs as much as the read
                status = os.fstat(file.fileno())
                data = file.read()
        except OSError:
            return None
        entry = unpacked(data)
        if entry is None:
            _remove(path)
        elif time.time() - status.st_mtime > _TOUCH_AFTER_S:
            _touch(path)
        return entry

    def put(
        self, kind: CacheKind, key: str, payload: bytes | memoryview, facts: Mapping[str, str] = NO_FACTS
    ) -> None:
        """Write an entry; what can't be written becomes the `fault` and nothing else."""
        path = self._path(kind, key)
        if path is None or self._fault is not None:
            return
        pieces = packed(CacheEntry(payload=payload, facts=facts, stored_at=time.time()))
        try:
            self._make_ready()
            _write_atomically(path, *pieces)
        except OSError as error:
            with self._lock:
                self._fault = f"the cache can't be written: {error.strerror or type(error).__name__}"
            return
        with self._lock:
            self._written_bytes += sum(map(len, pieces))

    def drop(self, kind: CacheKind, key: str) -> None:
        """Remove an entry that turned out to be of no use."""
        path = self._path(kind, key)
        if path is not None:
            _remove(path)

    def close(self) -> None:
        """Remove what is too much, if it is time for that."""
        if self._folder is not None and self._written_bytes:
            sweep_now_and_then(self._folder, self._max_size_bytes, self._written_bytes)

    def describe(self) -> tuple[KindSize, ...]:
        """Return how much there is of each kind.

        Raises:
            CacheError: the folder can't be read, or is not driftcheck's.
        """
        self._check_is_ours()
        sizes = []
        for kind in CacheKind:
            files = list(self._kind_folder(kind).rglob("*.entry")) if self._folder else []
            bytes_of_kind = sum(size for file in files if (size := _size(file)) is not None)
            sizes.append(KindSize(kind=kind, entries=len(files), size_bytes=bytes_of_kind))
        return tuple(sizes)

    def clear(self, kind: CacheKind | None = None) -> None:
        """Remove every entry, or those of one kind.

        Raises:
            CacheError: the folder is not driftcheck's, or can't be emptied.
        """
        self._check_is_ours()
        if self._folder is None:
            return
        for each in CacheKind if kind is None else (kind,):
            folder = self._kind_folder(each)
            if not folder.is_dir():
                continue
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise CacheError(f"{folder} can't be removed: {error.strerror}") from error

    def _check_is_ours(self) -> None:
        folder = self._folder
        if folder is None or not folder.exists():
            return
        if not folder.is_dir():
            raise CacheError(f"{folder} is not a folder", "name another with --cache-dir")
        try:
            marker = folder.joinpath(MARKER).read_text(encoding="utf-8", errors="replace")
            is_ours = marker == _MARKER_TEXT or not any(folder.iterdir())
        except FileNotFoundError:
            is_ours = not any(folder.iterdir())
        except OSError as error:
            raise CacheError(f"{folder} can't be read: {error.strerror}") from error
        if not is_ours:
            raise CacheError(
                f"{folder} is not a cache of driftcheck: it has no {MARKER} of driftcheck's",
                "name the right folder with --cache-dir",
            )

    def _kind_folder(self, kind: CacheKind) -> Path:
        return (self._folder or Path()) / kind.value

    def _path(self, kind: CacheKind, key: str) -> str | None:
        if self._folder is None:
            return None
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self._folder}{os.sep}{kind.value}{os.sep}{digest[:2]}{os.sep}{digest[2:40]}.entry"

    def _make_ready(self) -> None:
        """Make the folder and its marker, once; a folder with other things in it is left alone."""
        with self._lock:
            if self._is_ready or self._folder is None:
                return
            folder = self._folder
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            marker = folder / MARKER
            if not marker.exists():
                if any(not entry.name.startswith(MARKER) for entry in folder.iterdir()):
                    raise OSError(errno.EEXIST, "the folder holds other things")
                _write_atomically(str(marker), _MARKER_TEXT.encode())
            self._is_ready = True


def _write_atomically(path: str, *pieces: bytes | memoryview) -> None:
    temporary = f"{path}.{os.getpid()}.{threading.get_ident()}.tmp"
    try:
        file = open(temporary, "wb")  # noqa: PTH123, SIM115 - closed below; Path.open costs as much as the write
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120 - it is a str
        file = open(temporary, "wb")  # noqa: PTH123, SIM115 - as above
    try:
        with file:
            file.writelines(pieces)
        os.replace(temporary, path)  # noqa: PTH105 - it is a str
    except BaseException:
        _remove(temporary)
        raise


def _remove(path: str) -> None:
    try:
        os.remove(path)  # noqa: PTH107 - it is a str
    except OSError:
        return  # another process was faster, or it can't be removed: then it is read and refused again


def _touch(path: str) -> None:
    try:
        os.utime(path)
    except OSError:
        return  # a cache that can only be read serves all the same


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
