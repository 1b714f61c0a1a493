"""Keep the cache folder within its size: now and then the entries not used for longest are removed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

_LOCK = "sweep.lock"
_STAMP = "sweep.time"
_EVERY_S = 24 * 3600.0
_STALE_LOCK_S = 15 * 60.0
_OLD_TEMPORARY_S = 3600.0
_KEPT_SHARE = 0.8


def sweep_now_and_then(folder: Path, max_size_bytes: int, written_bytes: int) -> None:
    """Sweep if a day has passed since the last time, or this run wrote a tenth of what is allowed."""
    is_time = _age_s(folder / _STAMP) > _EVERY_S or written_bytes > max_size_bytes // 10
    lock = folder / _LOCK
    if not is_time or not _locked(lock):
        return
    try:
        folder.joinpath(_STAMP).write_bytes(b"")
        _sweep(folder, max_size_bytes)
    except OSError:
        return  # another time, or another process
    finally:
        lock.unlink(missing_ok=True)


def _locked(lock: Path) -> bool:
    """Take the lock, also from a process that died with it."""
    if lock.exists() and _age_s(lock) > _STALE_LOCK_S:
        lock.unlink(missing_ok=True)
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        return False
    return True


def _sweep(folder: Path, max_size_bytes: int) -> None:
    now = time.time()
    entries: list[tuple[float, int, str]] = []
    for file in _files(folder):
        status = file.stat(follow_symlinks=False)
        if file.name.endswith(".entry"):
            entries.append((status.st_mtime, status.st_size, file.path))
        elif file.name.endswith(".tmp") and now - status.st_mtime > _OLD_TEMPORARY_S:
            Path(file.path).unlink(missing_ok=True)
    total = sum(size for _, size, _ in entries)
    if total <= max_size_bytes:
        return
    for _, size, path in sorted(entries):
        if total <= max_size_bytes * _KEPT_SHARE:
            return
        Path(path).unlink(missing_ok=True)
        total -= size


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the files of kind/shard/, three levels and no deeper; links are not followed."""
    for kind in _entries(folder):
        if kind.is_dir(follow_symlinks=False):
            for shard in _entries(kind.path):
                if shard.is_dir(follow_symlinks=False):
                    yield from (f for f in _entries(shard.path) if f.is_file(follow_symlinks=False))


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _age_s(path: Path) -> float:
    """Return how long ago a file was written, infinite if it does not exist."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
