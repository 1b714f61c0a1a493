"""`file:` URLs, and the ways to misuse them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from driftcheck.index.connection.local_files import LocalFiles, folder_entries
from driftcheck.index.connection.schemes import SchemeTransport
from driftcheck.index.connection.transport import FetchFailedError, TooLargeError

FILES = LocalFiles()


def test_files_folders_and_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "index.html").write_bytes(b"page")
    url = (tmp_path / "a b").as_uri()
    response = FILES.get(url + "/", limit_bytes=10)
    assert (response.status, response.body, response.url) == (200, b"page", url + "/index.html")
    assert response.headers["content-type"].startswith("text/html")
    assert FILES.get(url + "/none/", limit_bytes=10).status == 404
    assert FILES.get(url + "/index.html/x", limit_bytes=10).status == 404
    assert folder_entries(url) == ["index.html"]
    assert folder_entries(url + "/index.html") is None


def test_parts(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(range(100)))
    url = (tmp_path / "x").as_uri()
    assert FILES.get_range(url, 3, 5).body == bytes([3, 4, 5])
    assert FILES.get_range(url, 98, 500).headers["content-range"] == "bytes 98-99/100"
    assert FILES.get_range(url, 100, 500).status == 416
    assert FILES.get_suffix(url, 2).body == bytes([98, 99])
    assert FILES.get_suffix(url, 900).body == bytes(range(100))
    assert FILES.get_range(url + "no", 1, 2).status == FILES.get_suffix(url + "no", 2).status == 404
    with FILES.stream(url, limit_bytes=100) as pieces:
        assert b"".join(pieces) == bytes(range(100))


def test_limits(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x" * 100)
    url = (tmp_path / "x").as_uri()
    with pytest.raises(TooLargeError):
        FILES.get(url, limit_bytes=99)
    with FILES.stream(url, limit_bytes=99) as pieces, pytest.raises(TooLargeError):
        list(pieces)


def stream(url: str) -> None:
    with FILES.stream(url, limit_bytes=9):
        pass


@pytest.mark.parametrize(
    "read",
    [
        lambda url: FILES.get(url, limit_bytes=9),
        lambda url: FILES.get_range(url, 0, 1),
        lambda url: FILES.get_suffix(url, 1),
        stream,
    ],
)
@pytest.mark.parametrize("url", ["file://elsewhere/etc/passwd", "file:///a%00b", "file:///dev/zero"])
def test_path_tricks(read: Callable[[str], object], url: str) -> None:
    with pytest.raises(FetchFailedError):
        read(url)


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FetchFailedError, match="not a regular file"):
        FILES.get((tmp_path / "pipe").as_uri(), limit_bytes=9)


def test_a_stream_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(FetchFailedError, match="no such file"):
        stream((tmp_path / "none").as_uri())


@pytest.mark.parametrize("url", ["ftp://x/y", "data:,x", "javascript:1", "/etc/passwd", ""])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(FetchFailedError, match="https:, http: and file:"):
        SchemeTransport(None).get(url, limit_bytes=9)


def test_offline_refuses_http() -> None:
    with pytest.raises(FetchFailedError, match="--offline"):
        SchemeTransport(None).get_range("https://index.example/", 0, 1)
