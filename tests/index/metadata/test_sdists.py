import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version
from pypi_simple import PyPISimple

from driftcheck.index.connection.credentials import Credentials
from driftcheck.index.connection.http import HttpClient
from driftcheck.index.connection.transport import FetchFailedError
from driftcheck.index.metadata import sdists
from driftcheck.index.metadata.core_metadata import parse_metadata
from driftcheck.index.metadata.sdists import read_metadata
from driftcheck.model.errors import MetadataUnavailableError
from driftcheck.model.release import CoreMetadata, DistributionFile, FileKind
from driftcheck.model.settings import ConnectionSettings, KeyringProvider
from tests.support.distributions import build_sdist, metadata_text_of
from tests.support.memory_transport import MemoryTransport

OLD = metadata_text_of("foo", "1.0", metadata_version="1.2")
NEW = metadata_text_of("foo", "1.0", metadata_version="2.2", requires=["a"])
LISTED = metadata_text_of("foo", "1.0", metadata_version="2.1", requires=["a"])


def file_of(filename: str = "foo-1.0.tar.gz", *, size_bytes: int | None = None) -> DistributionFile:
    return DistributionFile(
        filename=filename,
        url=f"https://index.example/files/{filename}",
        kind=FileKind.SDIST,
        name=canonicalize_name("foo"),
        version=Version("1.0"),
        index_url="https://index.example/simple/",
        size_bytes=size_bytes,
    )


def archive_of(members: Mapping[str, str | bytes], filename: str) -> bytes:
    stream = io.BytesIO()
    contents = {name: text.encode() if isinstance(text, str) else text for name, text in members.items()}
    if filename.endswith(".zip"):
        with zipfile.ZipFile(stream, "w") as zipped:
            for name, content in contents.items():
                zipped.writestr(name, content)
        return stream.getvalue()
    with tarfile.open(fileobj=stream, mode="w:bz2" if filename.endswith("bz2") else "w:gz") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def read(
    members: Mapping[str, str | bytes], filename: str = "foo-1.0.tar.gz", *, has_ranges: bool = True
) -> CoreMetadata:
    file = file_of(filename)
    transport = MemoryTransport({file.url: archive_of(members, filename)}, has_ranges=has_ranges)
    raw, is_certain = read_metadata(transport, file)
    return parse_metadata(raw, is_certain=is_certain, file=file)


def facts(metadata: CoreMetadata) -> tuple[tuple[str, ...], bool, bool]:
    return (metadata.requires_dist, metadata.is_certain, metadata.dependencies_known)


# ------------------------------------------------------------ the order of trust


@pytest.mark.parametrize("filename", ["foo-1.0.tar.gz", "foo-1.0.zip", "foo-1.0.tar.bz2"])
@pytest.mark.parametrize(
    "members,expected",
    [
        pytest.param({"PKG-INFO": NEW}, (("a",), True, True), id="PEP 643"),
        pytest.param({"PKG-INFO": LISTED}, (("a",), False, True), id="listed by an older backend"),
        pytest.param(
            {"PKG-INFO": OLD, "foo.egg-info/requires.txt": "a\n[x]\nb\n"},
            (("a", 'b; extra == "x"'), False, True),
            id="requires.txt",
        ),
        pytest.param(
            {"foo.egg-info/requires.txt": "a\n", "foo.egg-info/SOURCES.txt": "", "PKG-INFO": OLD},
            (("a",), False, True),
            id="requires.txt first",
        ),
        pytest.param(
            {"PKG-INFO": OLD, "src/foo.egg-info/requires.txt": "a\n"}, (("a",), False, True), id="below src"
        ),
        pytest.param(
            {"PKG-INFO": OLD, "foo.egg-info/SOURCES.txt": "setup.py\n"},
            ((), False, True),
            id="none by SOURCES.txt",
        ),
        pytest.param(
            {"PKG-INFO": OLD, "foo.egg-info/PKG-INFO": OLD}, ((), False, True), id="none by egg-info"
        ),
        pytest.param({"PKG-INFO": OLD, "setup.py": "raise SystemExit"}, ((), False, False), id="unknown"),
        pytest.param(
            {"PKG-INFO": OLD, "tests/data/other.egg-info/requires.txt": "x\n"},
            ((), False, False),
            id="of others",
        ),
        pytest.param(
            {"PKG-INFO": OLD, "pyproject.toml": '[project]\nname = "Foo"\ndependencies = ["a"]'},
            (("a",), True, True),
            id="static pyproject.toml",
        ),
        pytest.param(
            {"PKG-INFO": OLD, "pyproject.toml": '[build-system]\nbuild-backend = "poetry.core.masonry.api"'},
            ((), False, True),
            id="backend that lists all",
        ),
        pytest.param({"foo.egg-info/PKG-INFO": LISTED}, (("a",), False, True), id="PKG-INFO of the egg-info"),
    ],
)
def test_the_best_source_is_taken(
    members: Mapping[str, str], expected: tuple[tuple[str, ...], bool, bool], filename: str
) -> None:
    metadata = read({f"foo-1.0/{name}": text for name, text in members.items()}, filename)

    assert facts(metadata) == expected


@pytest.mark.parametrize("field", ["Requires-Dist", "requires-dist", "Requires-Python", "Provides-Extra"])
def test_what_a_build_decides_is_not_certain(field: str) -> None:
    text = metadata_text_of("foo", "1.0", metadata_version="2.2", requires=["a"], dynamic=[field])

    assert facts(read({"foo-1.0/PKG-INFO": text})) == (("a",), False, True)


@pytest.mark.parametrize(
    "version,is_certain", [("2.1", False), ("2.2", True), ("2.10", True), ("3.0", True), ("x", False)]
)
def test_certainty_begins_with_version_2_2(version: str, is_certain: bool) -> None:
    text = metadata_text_of("foo", "1.0", metadata_version=version, requires=["a"], dynamic=["Classifier"])

    assert read({"foo-1.0/PKG-INFO": text}).is_certain is is_certain


def test_added_lines_survive_a_stray_line_in_the_header() -> None:
    text = "Metadata-Version: 1.0\nName: foo\nLicense: BSD\nRedistribution and use\nVersion: 1.0\n"

    assert read({"foo-1.0/PKG-INFO": text, "foo-1.0/foo.egg-info/requires.txt": "a\n"}).requires_dist == (
        "a",
    )


def test_the_tests_own_builder_makes_readable_sdists(tmp_path: Path) -> None:
    path = build_sdist(
        tmp_path, "foo", "1.0", metadata_version="1.1", egg_info_requires_txt="b>=2\n", setup_py=""
    )
    file = file_of(path.name)

    raw, is_certain = read_metadata(MemoryTransport({file.url: path.read_bytes()}), file)

    assert b"Requires-Dist: b>=2\n" in raw
    assert not is_certain


# ------------------------------------------------------------ what is fetched


def test_reading_stops_when_enough_was_seen() -> None:
    file = file_of()
    noise = bytes(range(256)) * 4000
    data = archive_of({"foo-1.0/PKG-INFO": NEW, "foo-1.0/noise": noise}, file.filename)
    plain = archive_of({"foo-1.0/noise": noise, "foo-1.0/PKG-INFO": NEW}, file.filename)
    early, late = MemoryTransport({file.url: data}), MemoryTransport({file.url: plain})
    early.piece_bytes = late.piece_bytes = 100

    assert read_metadata(early, file) == read_metadata(late, file)
    assert early.streamed_bytes < late.streamed_bytes < len(plain) + 1


def test_a_zip_is_read_in_parts_and_whole_where_there_are_none() -> None:
    members = {"foo-1.0/PKG-INFO": OLD, "foo-1.0/foo.egg-info/requires.txt": "a\n"}

    assert read(members, "foo-1.0.zip") == read(members, "foo-1.0.zip", has_ranges=False)


def test_links_are_not_followed() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        link = tarfile.TarInfo("foo-1.0/PKG-INFO")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    file = file_of()

    with pytest.raises(MetadataUnavailableError, match=r"foo-1\.0\.tar\.gz: it holds no PKG-INFO"):
        read_metadata(MemoryTransport({file.url: stream.getvalue()}), file)


# ------------------------------------------------------------ bad archives


@pytest.mark.parametrize(
    "members,reason",
    [
        ({"foo-1.0/setup.py": ""}, "it holds no PKG-INFO"),
        ({"PKG-INFO": NEW}, "it holds no PKG-INFO"),
        ({"foo-1.0/deep/PKG-INFO": NEW}, "it holds no PKG-INFO"),
        ({"foo-1.0/PKG-INFO": " " * (16 * 1024**2 + 1)}, "its PKG-INFO has 16777217 bytes"),
        (
            {"foo-1.0/PKG-INFO": OLD, "foo-1.0/foo.egg-info/requires.txt": "#" * (1024**2 + 1)},
            "its egg-info/requires.txt has 1048577 bytes",
        ),
    ],
)
@pytest.mark.parametrize("filename", ["foo-1.0.tar.gz", "foo-1.0.zip"])
def test_archives_without_readable_metadata_say_why(
    members: Mapping[str, str], reason: str, filename: str
) -> None:
    with pytest.raises(MetadataUnavailableError) as caught:
        read(members, filename)

    assert caught.value.message.startswith(f"{filename}: {reason}")


@pytest.mark.parametrize("filename", ["foo-1.0.tar.gz", "foo-1.0.zip", "foo-1.0.tar.bz2"])
@pytest.mark.parametrize("has_ranges", [True, False])
def test_a_page_in_place_of_an_archive_is_told(filename: str, has_ranges: bool) -> None:
    file = file_of(filename)
    transport = MemoryTransport({file.url: b"<!DOCTYPE html>" * 300}, has_ranges=has_ranges)

    with pytest.raises(MetadataUnavailableError):
        read_metadata(transport, file)


@pytest.mark.parametrize(
    "limit,filename", [("MAX_SDIST_BYTES", "foo-1.0.tar.gz"), ("MAX_ZIP_BYTES", "foo-1.0.zip")]
)
def test_an_archive_over_the_limit_is_told(
    monkeypatch: pytest.MonkeyPatch, limit: str, filename: str
) -> None:
    monkeypatch.setattr(sdists, limit, 50)

    with pytest.raises(MetadataUnavailableError, match="larger than driftcheck reads an sdist"):
        read({"foo-1.0/PKG-INFO": OLD}, filename, has_ranges=False)


def test_an_archive_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdists, "MAX_SECONDS", -1.0)

    with pytest.raises(FetchFailedError, match="did not arrive within"):
        read({"foo-1.0/PKG-INFO": OLD})


def test_a_missing_archive_is_an_error_of_the_index() -> None:
    with pytest.raises(FetchFailedError):
        read_metadata(MemoryTransport(), file_of())


# ------------------------------------------------------------ the real index


REAL: list[tuple[str, str, dict[str, Any]]] = [
    ("flask", "3.1.0", {"certain": True, "known": True, "first": "Werkzeug>=3.1"}),
    ("flask", "0.10.1", {"certain": False, "known": True, "first": "Werkzeug>=0.7"}),
    (
        "setuptools",
        "20.0",
        {"certain": False, "known": True, "first": 'certifi==2015.11.20; extra == "certs"'},
    ),
    ("requests", "2.0.0", {"certain": False, "known": True, "first": None}),
    ("pyyaml", "3.10", {"certain": False, "known": False, "first": None}),
    ("httpx", "0.10.0", {"certain": False, "known": True, "first": "certifi"}),
]


@pytest.mark.network
@pytest.mark.parametrize("name,version,expected", REAL)
def test_real_sdists_are_read(name: str, version: str, expected: dict[str, Any]) -> None:
    with PyPISimple() as index:
        page = index.get_project_page(name)
    package = next(p for p in page.packages if p.package_type == "sdist" and p.version == version)
    file = DistributionFile(
        filename=package.filename,
        url=package.url.partition("#")[0],
        kind=FileKind.SDIST,
        name=canonicalize_name(name),
        version=Version(version),
        index_url=index.endpoint,
        size_bytes=package.size,
    )
    credentials = Credentials([], provider=KeyringProvider.DISABLED, environment={})
    client = HttpClient(ConnectionSettings(), credentials=credentials, environment=os.environ)

    raw, is_certain = read_metadata(client, file)
    metadata = parse_metadata(raw, is_certain=is_certain, file=file)

    assert {
        "certain": metadata.is_certain,
        "known": metadata.dependencies_known,
        "first": next(iter(metadata.requires_dist), None),
    } == expected
