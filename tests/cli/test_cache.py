"""`driftcheck cache dir|show|clear`."""

from pathlib import Path

import pytest

from driftcheck.index.cache.store import CacheKind, CacheStore
from tests.cli.running import run


def test_dir_is_the_platforms_folder_or_the_chosen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run(capsys, "cache", "dir").out.strip().endswith("driftcheck")
    assert run(capsys, "cache", "dir", "--cache-dir", str(tmp_path)).out == f"{tmp_path}\n"
    monkeypatch.setenv("DRIFTCHECK_CACHE_DIR", str(tmp_path / "other"))
    assert run(capsys, "cache", "dir").out == f"{tmp_path / 'other'}\n"


def test_show_and_clear(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    CacheStore(folder, max_size_bytes=10**9).put(CacheKind.PAGES, "key", b"x" * 5000)
    shown = run(capsys, "cache", "show", "--cache-dir", str(folder))
    assert shown.code == 0
    assert shown.out.splitlines()[0] == str(folder)
    assert shown.out.splitlines()[-1].split() == ["total", "1", "5", "KiB"]
    assert run(capsys, "cache", "clear", "--cache-dir", str(folder)).out == f"{folder}: 5 KiB removed\n"
    assert run(capsys, "cache", "show", "--cache-dir", str(folder)).out.splitlines()[-1].split()[1] == "0"


def test_a_folder_of_others_is_left_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    ran = run(capsys, "cache", "clear", "--cache-dir", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert "is not a cache of driftcheck" in ran.err
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.parametrize("args", [(), ("cleer",)])
def test_an_unknown_action(capsys: pytest.CaptureFixture[str], args: tuple[str, ...]) -> None:
    ran = run(capsys, "cache", *args)
    assert (ran.code, ran.out) == (2, "")
    assert "clear" in ran.err
