"""The cache folder: its size, its owner, its clearing."""

import os
import time
from pathlib import Path

import pytest

from driftcheck.index.cache.store import MARKER, CacheKind, CacheStore, default_cache_folder
from driftcheck.model.errors import CacheError

LARGE = 10**9


def store(folder: Path | None, max_size_bytes: int = LARGE) -> CacheStore:
    return CacheStore(folder, max_size_bytes=max_size_bytes)


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    store(tmp_path / "c").put(CacheKind.PAGES, "ключ", b"payload", {"etag": "x"})
    entry = store(tmp_path / "c").get(CacheKind.PAGES, "ключ")
    assert entry is not None
    assert bytes(entry.payload) == b"payload"
    assert entry.facts == {"etag": "x"}
    assert abs(entry.stored_at - time.time()) < 60
    assert store(tmp_path / "c").get(CacheKind.METADATA, "ключ") is None


def test_without_a_folder_nothing_is_kept() -> None:
    none = store(None)
    none.put(CacheKind.PAGES, "k", b"x")
    none.drop(CacheKind.PAGES, "k")
    none.clear()
    none.close()
    assert none.get(CacheKind.PAGES, "k") is None
    assert [size.entries for size in none.describe()] == [0, 0, 0]


def test_every_broken_entry_is_dropped(tmp_path: Path) -> None:
    cache = store(tmp_path / "c")
    cache.put(CacheKind.PAGES, "k", b"payload" * 10, {"etag": "x"})
    (path,) = tmp_path.rglob("*.entry")
    whole = path.read_bytes()
    broken = [whole[:length] for length in range(0, len(whole), 7)]
    broken += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    broken += [whole + b"x", b"\0" * 500]
    for data in broken:
        path.write_bytes(data)
        assert cache.get(CacheKind.PAGES, "k") is None
        assert not path.exists()


def test_describe_and_clear(tmp_path: Path) -> None:
    cache = store(tmp_path / "c")
    assert cache.describe()[0].entries == 0
    for number in range(3):
        cache.put(CacheKind.PAGES, str(number), b"x" * 100)
    cache.put(CacheKind.METADATA, "m", b"x")
    sizes = {size.kind: size for size in cache.describe()}
    assert (sizes[CacheKind.PAGES].entries, sizes[CacheKind.METADATA].entries) == (3, 1)
    assert sizes[CacheKind.PAGES].size_bytes > 300
    cache.clear(CacheKind.PAGES)
    assert [size.entries for size in cache.describe()] == [0, 1, 0]
    cache.clear()
    assert [size.entries for size in cache.describe()] == [0, 0, 0]
    cache.put(CacheKind.PAGES, "again", b"x")
    assert cache.get(CacheKind.PAGES, "again") is not None


@pytest.mark.parametrize("marker", [None, "Signature: 8a477f597d28d172789f06886806bc55\n# another tool"])
def test_a_foreign_folder_is_not_cleared(tmp_path: Path, marker: str | None) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "novel.txt").write_text("chapter 1")
    if marker is not None:
        (tmp_path / MARKER).write_text(marker)
    for action in (store(tmp_path).clear, store(tmp_path).describe):
        with pytest.raises(CacheError, match="not a cache of driftcheck"):
            action()
    assert (tmp_path / "pages" / "novel.txt").exists()


def test_a_file_is_no_cache_folder(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("")
    with pytest.raises(CacheError, match="not a folder"):
        store(tmp_path / "c").clear()


def test_what_was_not_used_for_longest_is_removed(tmp_path: Path) -> None:
    cache = store(tmp_path / "c", max_size_bytes=20_000)
    for number in range(30):
        cache.put(CacheKind.PAGES, str(number), b"x" * 1000)
    now = time.time()
    for path in tmp_path.rglob("*.entry"):
        os.utime(path, (now - 10**6, now - 10**6))
    assert cache.get(CacheKind.PAGES, "7") is not None  # a use that renews its time
    cache.close()
    left = cache.describe()[0]
    assert 0 < left.size_bytes <= 16_000
    assert cache.get(CacheKind.PAGES, "7") is not None
    assert not list(tmp_path.rglob("*.lock"))


def test_a_sweep_is_left_to_the_process_that_does_it(tmp_path: Path) -> None:
    cache = store(tmp_path / "c", max_size_bytes=100)
    cache.put(CacheKind.PAGES, "k", b"x" * 1000)
    lock = tmp_path / "c" / "sweep.lock"
    lock.write_bytes(b"")
    cache.close()
    assert cache.describe()[0].entries == 1
    os.utime(lock, (0, 0))  # its owner died long ago
    cache.close()
    assert cache.describe()[0].entries == 0


def test_old_temporary_files_are_removed(tmp_path: Path) -> None:
    cache = store(tmp_path / "c")
    cache.put(CacheKind.PAGES, "k", b"x")
    (shard,) = (path.parent for path in tmp_path.rglob("*.entry"))
    for name in ("old.tmp", "new.tmp"):
        (shard / name).write_bytes(b"")
    os.utime(shard / "old.tmp", (0, 0))
    cache.close()
    assert [path.name for path in shard.glob("*.tmp")] == ["new.tmp"]


def test_the_default_folder(tmp_path: Path) -> None:
    assert default_cache_folder({"DRIFTCHECK_CACHE_DIR": str(tmp_path)}) == tmp_path
    assert default_cache_folder({}).name == "driftcheck"
