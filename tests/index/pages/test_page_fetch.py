"""Runs after runs: what the cache on disk spares, and what it survives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.model.errors import (
    OfflineMissError,
)
from tests.support.catalogues import FLASK, ONE, first_file, opened
from tests.support.distributions import build_wheel
from tests.support.index_server import IndexServer


def test_a_warm_run_asks_nothing(server: IndexServer, tmp_path: Path) -> None:
    for expected in (2, 0):
        server.forget()
        with opened(server.url, cache=tmp_path / "cache") as catalogue:
            catalogue.prefetch_pages([FLASK])
            file = first_file(catalogue)
            catalogue.prefetch_metadata([file])
            assert catalogue.metadata(file).requires_dist == ("jinja2>=2",)
            assert catalogue.statistics.cache_hits == 2 - expected
        assert server.count() == expected


@pytest.mark.parametrize("offline", [True, False])
def test_an_unknown_project_is_remembered(server: IndexServer, tmp_path: Path, offline: bool) -> None:
    name = canonicalize_name("nothing")
    with opened(server.url, cache=tmp_path / "cache") as catalogue:
        assert catalogue.page(name) is None
    with opened(server.url, cache=tmp_path / "cache", offline=offline) as catalogue:
        assert catalogue.page(name) is None
    assert server.count() == 1


def test_a_page_past_its_time_is_asked_again_with_its_etag(server: IndexServer, tmp_path: Path) -> None:
    server.offers.max_age_s = 0
    for _ in range(3):
        with opened(server.url, cache=tmp_path / "cache") as catalogue:
            assert catalogue.page(FLASK) is not None
    assert [request.status for request in server.requests] == [200, 304, 304]
    server.add(build_wheel(tmp_path / "dist", "flask", "4.0"))
    with opened(server.url, cache=tmp_path / "cache") as catalogue:
        page = catalogue.page(FLASK)
        assert page is not None
        assert page.versions[0] == Version("4.0")


def test_refresh_asks_about_fresh_pages(server: IndexServer, tmp_path: Path) -> None:
    for refresh in (False, True):
        with opened(server.url, cache=tmp_path / "cache", refresh=refresh) as catalogue:
            assert catalogue.page(FLASK) is not None
    assert [request.status for request in server.requests] == [200, 304]


def test_offline_answers_from_the_cache_alone(server: IndexServer, tmp_path: Path) -> None:
    server.offers.max_age_s = 0
    with opened(server.url, cache=tmp_path / "cache") as catalogue:
        catalogue.metadata(first_file(catalogue))
    server.forget()
    with opened(server.url, cache=tmp_path / "cache", offline=True) as catalogue:
        assert catalogue.metadata(first_file(catalogue)).version == ONE
        with pytest.raises(OfflineMissError, match=r"metadata of flask-2\.0-py3"):
            catalogue.metadata(first_file(catalogue, version="2.0"))
        with pytest.raises(OfflineMissError, match="/simple/ is not in the cache"):
            catalogue.page(canonicalize_name("jinja2"))
    assert server.count() == 0


def test_users_do_not_see_each_others_pages(server: IndexServer, tmp_path: Path) -> None:
    for user in ("alice", "bob", "alice"):
        with opened(server.url.replace("//", f"//{user}:x@"), cache=tmp_path / "cache") as catalogue:
            assert catalogue.page(FLASK) is not None
    assert server.count("/simple/flask/") == 2
    everything = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert b"alice" not in everything


def test_broken_entries_are_fetched_again(server: IndexServer, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with opened(server.url, cache=cache) as catalogue:
        catalogue.metadata(first_file(catalogue))
    for number, path in enumerate(sorted(cache.rglob("*.entry"))):
        data = path.read_bytes()
        path.write_bytes([b"", data[:30], data[:-1] + b"\0", b"x" * 100][number % 4])
    server.forget()
    with opened(server.url, cache=cache) as catalogue:
        assert catalogue.metadata(first_file(catalogue)).requires_dist == ("jinja2>=2",)
        assert catalogue.gaps == ()
    assert server.count() == 2


def test_a_cache_that_cannot_be_written_is_no_gap(server: IndexServer, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with opened(server.url, cache=tmp_path / "cache") as catalogue:
        assert catalogue.metadata(first_file(catalogue)).version == ONE
        assert catalogue.gaps == ()
        assert "can't be written" in str(catalogue._cache.fault)


def test_a_folder_with_other_things_is_not_made_a_cache(server: IndexServer, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    with opened(server.url, cache=tmp_path / "home") as catalogue:
        assert catalogue.page(FLASK) is not None
        assert "holds other things" in str(catalogue._cache.fault)
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letter.txt"]


PROCESS = """
import sys
from pathlib import Path
from tests.support.catalogues import FLASK, ONE, first_file, opened
from packaging.utils import canonicalize_name
with opened(sys.argv[1], cache=Path(sys.argv[2])) as catalogue:
    names = [canonicalize_name(f"p{n}") for n in range(20)]
    catalogue.prefetch_pages(names)
    for name in names:
        for release in catalogue.page(name).releases():
            assert catalogue.metadata(release.files[0]).name == name
    print(len(catalogue.gaps))
"""


def test_two_processes_share_a_cold_cache(index_server: IndexServer, tmp_path: Path) -> None:
    for number in range(20):
        index_server.add(build_wheel(tmp_path / "dist", f"p{number}", "1.0"))
    command = [sys.executable, "-c", PROCESS, index_server.url, str(tmp_path / "cache")]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    processes = [
        subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out.strip(), err) == (0, b"0", b"")
    index_server.forget()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True, timeout=60)
    assert done.stdout.strip() == b"0"
    assert index_server.count() == 0
    assert not list((tmp_path / "cache").rglob("*.tmp"))
