"""Several indexes, find-links and `file:` indexes together."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.index.connection.local_files import LocalFiles
from driftcheck.index.connection.transport import Response
from driftcheck.model.errors import (
    IndexUnavailableError,
)
from tests.support.catalogues import FLASK, ONE, first_file, opened
from tests.support.distributions import build_sdist, build_wheel
from tests.support.faults import (
    BAD_JSON,
    Fault,
    Refuse,
    Status,
)
from tests.support.index_server import IndexServer


def test_files_of_several_indexes_are_one_release(server: IndexServer, tmp_path: Path) -> None:
    with IndexServer() as other:
        other.add(build_wheel(tmp_path / "b", "flask", "1.0", tag="cp39-cp39-win_amd64"))
        other.add(build_wheel(tmp_path / "b", "flask", "0.5"))
        build_sdist(tmp_path / "links", "flask", "1.0.0")
        with opened(server.url, extra=(other.url,), find_links=(str(tmp_path / "links"),)) as catalogue:
            page = catalogue.page(FLASK)
            assert page is not None
            assert page.versions == (Version("2.0"), ONE, Version("0.5"))
            release = page.release(ONE)
            assert release is not None
            places = [(file.filename, file.index_url) for file in release.files]
    assert places == [
        ("flask-1.0-cp39-cp39-win_amd64.whl", other.url),
        ("flask-1.0-py3-none-any.whl", server.url),
        ("flask-1.0.0.tar.gz", (tmp_path / "links").as_uri()),
    ]


@pytest.mark.parametrize("fault", [Status(403), Status(401), Status(500), Refuse(), BAD_JSON])
def test_an_extra_index_that_fails_is_a_gap(server: IndexServer, fault: Fault, tmp_path: Path) -> None:
    server.add(build_wheel(tmp_path / "dist", "jinja2", "3.0"))
    with IndexServer() as other:
        other.fail("*", fault)
        extra = other.url.replace("//", "//user:secret@")
        with opened(server.url, extra=(extra,)) as catalogue:
            assert catalogue.page(FLASK) is not None
            assert catalogue.page(canonicalize_name("jinja2")) is not None
            gaps = catalogue.gaps
    assert len(gaps) == 1
    assert gaps[0].subject == other.url
    assert gaps[0].reason.endswith("asked for flask, jinja2")
    assert "secret" not in str(gaps)


def test_a_project_is_not_unknown_while_an_index_is_silent(server: IndexServer) -> None:
    with IndexServer() as other:
        other.fail("*", Status(500))
        with opened(server.url, extra=(other.url,)) as catalogue, pytest.raises(IndexUnavailableError):
            catalogue.page(canonicalize_name("nothing"))


def test_find_links_may_be_a_page_a_folder_or_a_file(index_server: IndexServer, tmp_path: Path) -> None:
    wheels = [build_wheel(tmp_path / "wheels", "flask", f"{number}.0") for number in range(1, 5)]
    wheels.append(build_wheel(tmp_path / "wheels", "jinja2", "3.0"))
    anchors = f'<base href="/files/"><a href="{wheels[0].name}">x</a> <a href="/about">About</a>'
    index_server.serve("/links", anchors, content_type="text/html")
    (tmp_path / "page.html").write_text(f'<a href="wheels/{wheels[1].name}">x</a>')
    (tmp_path / "folder").mkdir()
    wheels[2].rename(tmp_path / "folder" / wheels[2].name)
    find_links = (
        index_server.base_url + "/links",
        str(tmp_path / "page.html"),
        (tmp_path / "folder").as_uri(),
        str(wheels[3]),
    )
    with opened(find_links=find_links) as catalogue:
        page = catalogue.page(FLASK)
        assert page is not None
        assert [str(version) for version in page.versions] == ["4.0", "3.0", "2.0", "1.0"]
        assert first_file(catalogue).url == index_server.files_url + wheels[0].name
        assert catalogue.metadata(first_file(catalogue, version="4.0")).version == Version("4.0")
        assert catalogue.page(canonicalize_name("jinja2")) is None
    assert index_server.count("/links") == 1


def test_a_find_links_place_that_is_missing_is_a_gap(server: IndexServer, tmp_path: Path) -> None:
    with opened(server.url, find_links=(str(tmp_path / "none"), server.base_url + "/none")) as catalogue:
        assert catalogue.page(FLASK) is not None
        assert {gap.subject for gap in catalogue.gaps} == {
            (tmp_path / "none").as_uri(),
            server.base_url + "/none",
        }


def test_a_file_index(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path / "flask", "flask", "1.0")
    (tmp_path / "flask" / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    for location in (tmp_path.as_uri(), str(tmp_path)):
        with opened(location, cache=tmp_path / "cache") as catalogue:
            assert catalogue.metadata(first_file(catalogue)).version == ONE
            assert catalogue.page(canonicalize_name("jinja2")) is None
            assert catalogue.statistics.requests == 0
    assert not (tmp_path / "cache").exists()


def test_a_page_on_this_machine_is_read_again_only_when_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("driftcheck.index.pages.page_fetch._CLOCK_TICK_NS", 0)
    page = tmp_path / "index" / "flask" / "index.html"
    page.parent.mkdir(parents=True)
    links = tmp_path / "links.html"
    reads = []
    read = LocalFiles.get

    def counted(self: LocalFiles, url: str, *, headers: Mapping[str, str], limit_bytes: int) -> Response:
        reads.append(url.rpartition("/")[2])
        return read(self, url, headers=headers, limit_bytes=limit_bytes)

    monkeypatch.setattr(LocalFiles, "get", counted)

    def versions(*, refresh: bool = False) -> list[str]:
        with opened(
            str(tmp_path / "index"), find_links=(str(links),), cache=tmp_path / "cache", refresh=refresh
        ) as catalogue:
            catalogue.prefetch_pages([FLASK])
            found = catalogue.page(FLASK)
            assert catalogue.page(canonicalize_name("jinja2")) is None
        return [str(version) for version in found.versions] if found else []

    page.write_text('<a href="flask-1.0.tar.gz">x</a>')
    links.write_text('<a href="flask-0.1.tar.gz">x</a>')
    assert versions() == versions() == ["1.0", "0.1"]
    assert sorted(reads) == ["", "links.html"]
    assert versions(refresh=True) == ["1.0", "0.1"]
    assert sorted(reads) == ["", "", "links.html", "links.html"]
    page.write_text('<a href="flask-2.0.tar.gz">x</a>')
    assert versions() == ["2.0", "0.1"]
    page.unlink()
    assert versions() == ["0.1"]


def test_a_page_that_was_just_written_is_not_kept(tmp_path: Path) -> None:
    page = tmp_path / "index" / "flask" / "index.html"
    page.parent.mkdir(parents=True)
    for version in ("1.0", "2.0"):  # of one length, and maybe within one tick of the file system's clock
        page.write_text(f'<a href="flask-{version}.tar.gz">x</a>')
        with opened(str(tmp_path / "index"), cache=tmp_path / "cache") as catalogue:
            found = catalogue.page(FLASK)
            assert found is not None
            assert found.versions == (Version(version),)


def test_a_file_index_without_a_folder_is_an_error(tmp_path: Path) -> None:
    place = (tmp_path / "none").as_uri()
    with opened(place) as catalogue, pytest.raises(IndexUnavailableError, match="no such folder"):
        catalogue.page(FLASK)
