"""From the text of a page to releases: file names, the walk over the JSON, entries, the distilled block."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.index.pages.file_entry import BadEntryError, distribution_file, upload_time
from driftcheck.index.pages.filenames import FilenameReader, is_distribution
from driftcheck.index.pages.json_walk import entries_of_files
from driftcheck.index.pages.page_blob import distil
from driftcheck.index.pages.page_entries import PageEntries, entries_of_urls
from driftcheck.index.pages.project_page import ListedPage, MergedPage
from driftcheck.model.release import EMPTY, DistributionFile, FileKind, ProjectStatus

NAME = canonicalize_name("zope.interface")
PAGE = "https://index.example/simple/zope-interface/"


@pytest.mark.parametrize(
    "filename, kind, version",
    [
        ("zope.interface-5.4.0-cp39-cp39-win_amd64.whl", FileKind.WHEEL, "5.4.0"),
        ("zope_interface-5.4.0-1-cp39-cp39-win_amd64.whl", FileKind.WHEEL, "5.4.0"),
        ("Zope.Interface-5.4.0+cu118-py3-none-any.whl", FileKind.WHEEL, "5.4.0+cu118"),
        ("zope-interface-5.4.0.tar.gz", FileKind.SDIST, "5.4.0"),
        ("zope.interface-5.4.0.zip", FileKind.SDIST, "5.4.0"),
        ("zope_interface-5.4.0-1.tar.bz2", FileKind.SDIST, "5.4.0-1"),
        ("zope.interface-5.4.0.tgz", FileKind.SDIST, "5.4.0"),
    ],
)
def test_filenames_that_count(filename: str, kind: FileKind, version: str) -> None:
    assert FilenameReader(NAME).read(filename) == (kind, version)


@pytest.mark.parametrize(
    "filename",
    [
        "zope.interface-5.4.0-py3.9.egg",
        "zope.interface-5.4.0.win32-py3.9.exe",
        "zope.interface-5.4.0-1.noarch.rpm",
        "zope.interface-5.4.0-py3.9.tar.gz",
        "zope.interface-5.4.0-macosx10.6.zip",
        "other-5.4.0.tar.gz",
        "other-5.4.0-py3-none-any.whl",
        "zope.interface-5.4.0-x1-cp39-cp39-win_amd64.whl",
        "zope.interface-5.4.0.whl",
        "zope.interface.tar.gz",
        "zope.interface-.tar.gz",
        "",
        ".whl",
    ],
)
def test_filenames_that_do_not(filename: str) -> None:
    assert FilenameReader(NAME).read(filename) is None


def test_what_a_page_may_list() -> None:
    assert is_distribution("/x/A-1.EGG")
    assert not is_distribution("/about")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    page=st.dictionaries(st.text(max_size=5), json_values, max_size=3),
    files=st.lists(
        json_values | st.fixed_dictionaries({"filename": st.text(max_size=5), "x": json_values}), max_size=5
    ),
    indent=st.sampled_from([None, 0, 3]),
    ascii_only=st.booleans(),
)
def test_the_walk_reads_what_json_writes(
    page: dict[str, object], files: list[object], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps({**page, "files": files}, indent=indent, ensure_ascii=ascii_only)
    rest, entries = entries_of_files(text)
    assert rest == {key: value for key, value in page.items() if key != "files"}
    assert entries is not None
    assert [json.loads(entry) for _, entry in entries] == files
    for (filename, _), file in zip(entries, files, strict=True):
        assert filename == (file.get("filename") if isinstance(file, dict) else None)


@given(st.text(max_size=30) | st.text(alphabet='{}[]:,"files 1\\', max_size=30))
def test_the_walk_refuses_what_json_refuses(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    if isinstance(expected, dict):
        entries_of_files(text)
    else:
        with pytest.raises(ValueError):  # noqa: PT011 - JSONDecodeError or our own
            entries_of_files(text)


@pytest.mark.parametrize(
    "text", ['{"files": [1 2]}', '{"files": [1,]}', '{"files": [', '{"a" 1}', "{} x", "{1: 2}"]
)
def test_the_walk_refuses_half_a_page(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSONDecodeError or our own
        entries_of_files(text)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2020-04-03T17:17:53.739219Z", "2020-04-03T17:17:53.739219+00:00"),
        ("2020-04-03T17:17:53Z", "2020-04-03T17:17:53+00:00"),
        ("2020-04-03T17:17:53.7Z", "2020-04-03T17:17:53.700000+00:00"),
        ("2020-04-03T17:17:53.123456789Z", "2020-04-03T17:17:53.123456+00:00"),
        ("2020-04-03T17:17:53+00:00", "2020-04-03T17:17:53+00:00"),
        ("2020-04-03T19:17:53+02:00", "2020-04-03T17:17:53+00:00"),
        ("0001-01-01T00:00:00+02:00", None),
        ("yesterday", None),
        ("", None),
        (5, None),
    ],
)
def test_upload_times(text: object, expected: str | None) -> None:
    moment = upload_time(text)
    assert (moment.isoformat() if moment else None) == expected


def file_of(
    page_url: str = PAGE, *, url: object = "../x.tar.gz", entry: Mapping[str, object] = EMPTY
) -> DistributionFile:
    whole = {"filename": "zope.interface-1.0.tar.gz", "url": url, **entry}
    return distribution_file(whole, page_url=page_url, index_url=PAGE, name=NAME, version=Version("1.0"))


@pytest.mark.parametrize(
    "url, expected",
    [
        ("../../files/x.tar.gz", "https://index.example/files/x.tar.gz"),
        ("//files.example/x", "https://files.example/x"),
        ("https://files.example/x#sha256=abc", "https://files.example/x"),
        ("http://user:secret@files.example/x", "http://files.example/x"),
    ],
)
def test_urls_are_absolute_and_bare(url: str, expected: str) -> None:
    assert file_of(url=url).url == expected


@pytest.mark.parametrize(
    "url", [None, "", 5, "file:///etc/passwd", "ftp://x/y", "http://[x", "a\nb", "x" * 9000]
)
def test_urls_that_may_not_be_used(url: object) -> None:
    with pytest.raises(BadEntryError):
        file_of(url=url)


def test_a_page_on_disk_may_point_to_files_on_disk() -> None:
    assert (
        file_of("file:///srv/zope-interface/index.html", url="x.whl").url
        == "file:///srv/zope-interface/x.whl"
    )


@pytest.mark.parametrize(
    "key, value, field, expected",
    [
        ("yanked", False, "yanked", None),
        ("yanked", "", "yanked", None),
        ("yanked", True, "yanked", ""),
        ("yanked", "bad\x1b[31m", "yanked", "bad\\x1b[31m"),
        ("requires-python", ">=3.6\n, <4", "requires_python", ">=3.6 , <4"),
        ("requires-python", 3, "requires_python", None),
        ("size", -1, "size_bytes", None),
        ("size", True, "size_bytes", None),
        ("size", 7, "size_bytes", 7),
        ("hashes", {"sha256": "AB", "x": "ab", "md5": 5}, "hashes", {"sha256": "ab"}),
        ("hashes", None, "hashes", {}),
        ("core-metadata", True, "metadata_hashes", {}),
        ("core-metadata", False, "metadata_hashes", None),
        ("dist-info-metadata", {"sha256": "ab"}, "metadata_hashes", {"sha256": "ab"}),
        ("data-dist-info-metadata", {"sha256": "ab"}, "metadata_hashes", {"sha256": "ab"}),
    ],
)
def test_every_value_is_judged(key: str, value: object, field: str, expected: object) -> None:
    assert getattr(file_of(entry={key: value}), field) == expected


@pytest.mark.parametrize("entry", [None, [], {"filename": "a\nb"}, {"filename": "a/b"}, {"yanked": 5}])
def test_entries_that_mean_nothing(entry: object) -> None:
    if isinstance(entry, dict):
        entry = {"filename": "x.whl", "url": "x", **entry}
    with pytest.raises(BadEntryError):
        distribution_file(entry, page_url=PAGE, index_url=PAGE, name=NAME, version=Version("1"))


def listed(*filenames: str, status: str | None = None) -> ListedPage:
    entries = entries_of_urls([(PAGE + name, {}) for name in filenames])
    return ListedPage(distil(PageEntries(url=PAGE, entries=entries, status=status), NAME), PAGE)


def test_equal_versions_are_one_release() -> None:
    page = MergedPage(NAME, (listed("zope.interface-1.0.tar.gz", "zope.interface-1.0.0-py3-none-any.whl"),))
    assert page.versions == (Version("1"),)
    release = page.release(Version("1.0.0.0"))
    assert release is not None
    assert len(release.files) == 2
    assert page.release(Version("2")) is None


def test_versions_are_newest_first_and_legacy_ones_left_out() -> None:
    names = [
        f"zope.interface-{text}.tar.gz" for text in ("1.0", "1.0rc1", "2004d", "10.0", "9.0.dev1", "wrong")
    ]
    page = MergedPage(NAME, (listed(*names),))
    assert [str(version) for version in page.versions] == ["2004.dev0", "10.0", "9.0.dev1", "1.0", "1.0rc1"][
        1:
    ]
    assert [release.version for release in page.releases()] == list(page.versions)


@pytest.mark.parametrize(
    "status, expected",
    [
        ("archived", ProjectStatus.ARCHIVED),
        ("quarantined", ProjectStatus.QUARANTINED),
        ("unheard-of", ProjectStatus.ACTIVE),
        (None, ProjectStatus.ACTIVE),
    ],
)
def test_statuses(status: str | None, expected: ProjectStatus) -> None:
    assert MergedPage(NAME, (listed("x"), listed("y", status=status))).status is expected


@given(
    st.binary(max_size=60)
    | st.builds(lambda cut: distil(PageEntries(url="u", entries=[]), NAME)[:cut], st.integers(0, 20))
)
def test_a_damaged_block_is_a_value_error(blob: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever json or struct find wrong
        ListedPage(blob, PAGE)
