import io
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftcheck.index.connection.credentials import Credentials
from driftcheck.index.connection.http import HttpClient
from driftcheck.index.connection.transport import FetchFailedError
from driftcheck.index.metadata.remote_zip import (
    BadArchiveError,
    FileChangedError,
    MemberTooLargeError,
    RangesNotSupportedError,
    RemoteZip,
)
from driftcheck.model.settings import ConnectionSettings, KeyringProvider
from tests.support.index_server import IndexServer, Ranges
from tests.support.memory_transport import MemoryTransport

URL = "https://index.example/a.zip"
LIMIT = 1024**2


def zip_of(members: dict[str, bytes], *, stored: bool = False, comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def opened(data: bytes) -> tuple[RemoteZip, MemoryTransport]:
    transport = MemoryTransport({URL: data})
    return RemoteZip.open(transport, URL, len(data)), transport


def read(data: bytes, name: str, *, limit_bytes: int = LIMIT) -> bytes | None:
    archive, _ = opened(data)
    member = archive.find(name)
    return None if member is None else archive.read(member, limit_bytes=limit_bytes)


def read_first(data: bytes) -> bytes:
    archive, _ = opened(data)
    return archive.read(archive.members[0], limit_bytes=LIMIT)


def incompressible(size: int) -> bytes:
    return random.Random(0).randbytes(size)


# ------------------------------------------------------------------------------------ round trips


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9), st.binary(max_size=300)
    ),
    st.booleans(),
    st.binary(max_size=40).filter(lambda comment: b"PK" not in comment),
)
def test_what_zipfile_wrote_is_read(members: dict[str, bytes], stored: bool, comment: bytes) -> None:
    data = zip_of(members, stored=stored, comment=comment)

    archive, transport = opened(data)

    assert [member.name for member in archive.members] == list(members)
    assert {m.name: archive.read(m, limit_bytes=LIMIT) for m in archive.members} == members
    assert len(transport.asked) == 1
    assert RemoteZip.from_bytes(data).members == archive.members


@settings(max_examples=150)
@given(st.data())
def test_damage_gives_the_right_content_or_a_declared_error(data: st.DataObject) -> None:
    members = {"a/one.txt": b"one" * 30, "a/two.txt": b"", "three": bytes(range(256))}
    damaged = bytearray(zip_of(members, stored=data.draw(st.booleans())))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 20))
    whole = bytes(damaged[: len(damaged) - cut])

    try:
        archive = RemoteZip.from_bytes(whole)
        for member in archive.members:
            content = archive.read(member, limit_bytes=1000)
            assert content == members.get(member.name, content)
    except BadArchiveError:
        pass


@given(st.binary(max_size=200))
def test_garbage_is_a_declared_error(garbage: bytes) -> None:
    with pytest.raises(BadArchiveError):
        RemoteZip.from_bytes(garbage)


# ---------------------------------------------------------------------------------------- requests


def test_a_large_file_costs_one_request_if_the_member_is_near_the_end() -> None:
    data = zip_of({"big": incompressible(2_000_000), "a.dist-info/METADATA": b"Name: a\n"}, stored=True)
    archive, transport = opened(data)
    member = archive.find("a.dist-info/METADATA")

    assert member is not None
    assert archive.read(member, limit_bytes=LIMIT) == b"Name: a\n"
    assert transport.asked == [f"{len(data) - 192 * 1024}-{len(data) - 1}"]


def test_a_member_far_from_the_end_costs_one_more() -> None:
    data = zip_of({"METADATA": b"Name: a\n", "big": incompressible(2_000_000)}, stored=True)
    archive, transport = opened(data)
    member = archive.find("METADATA")

    assert member is not None
    assert archive.read(member, limit_bytes=LIMIT) == b"Name: a\n"
    assert transport.asked[1:] == [f"0-{30 + len('METADATA') + len(b'Name: a') + 1 - 1}"]


def test_a_large_directory_costs_one_more() -> None:
    members = {f"folder/with/a/long/name/{number:06}.py": b"" for number in range(6000)}
    data = zip_of({"big": incompressible(700_000), **members, "METADATA": b"Name: a\n"}, stored=True)
    archive, transport = opened(data)
    member = archive.find("METADATA")

    assert member is not None
    assert archive.read(member, limit_bytes=LIMIT) == b"Name: a\n"
    assert len(archive.members) == 6002
    assert len(transport.asked) == 2


def test_a_long_comment_is_looked_behind() -> None:
    assert read(zip_of({"a": b"content"}, comment=b"x" * 65_535), "a") == b"content"


def test_a_comment_longer_than_a_small_tail_is_looked_behind() -> None:
    data = zip_of({"a": b"content", "b": incompressible(200_000)}, stored=True, comment=b"x" * 65_535)

    assert read(data, "a") == b"content"


# -------------------------------------------------------------------------------------------- zip64


def zip64_of(name: str, content: bytes, *, entries: int = 1, said_entries: int = 0xFFFF) -> bytes:
    """One stored member with every number in its zip64 place."""
    raw, crc = name.encode(), zlib.crc32(content)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 0, 0, 0, crc, 2**32 - 1, 2**32 - 1, len(raw), 20)
    local += raw + struct.pack("<2H2Q", 1, 16, len(content), len(content)) + content
    extra = struct.pack("<2H3Q", 1, 24, len(content), len(content), 0)
    entry = struct.pack(
        "<4s6H3L5H2L",
        b"PK\1\2",
        45,
        45,
        0,
        0,
        0,
        0,
        crc,
        2**32 - 1,
        2**32 - 1,
        len(raw),
        28,
        0,
        0,
        0,
        0,
        2**32 - 1,
    )
    directory = entry + raw + extra
    end_at = len(local) + len(directory)
    end64 = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, entries, entries, len(directory), len(local)
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end_at, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, said_entries, said_entries, 2**32 - 1, 2**32 - 1, 0)
    return local + directory + end64 + locator + end


def test_zip64_is_read() -> None:
    assert read(zip64_of("a", b"content"), "a") == b"content"


def test_two_end_records_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(BadArchiveError, match="contradict"):
        opened(zip64_of("a", b"content", said_entries=2))


def test_more_members_than_the_directory_has_room_for_are_refused() -> None:
    with pytest.raises(BadArchiveError, match="claims 4294967296 members"):
        opened(zip64_of("a", b"content", entries=2**32))


# ------------------------------------------------------------------------------------ hostile files


def changed(data: bytes, marker: bytes, offset: int, value: bytes) -> bytes:
    """Overwrites bytes behind the last place of a marker."""
    at = data.rindex(marker) + offset
    return data[:at] + value + data[at + len(value) :]


LARGE = struct.pack("<L", 2**32 - 2)


@pytest.mark.parametrize(
    "offset,value,reason",
    [
        (24, LARGE, "has 4294967294 bytes"),
        (20, LARGE, "reaches into the directory"),
        (42, LARGE, "reaches into the directory"),
        (16, b"\0\0\0\0", "checksum"),
        (24, b"\1\0\0\0", "checksum"),
        (10, b"\x0c\0", "packed with method 12"),
        (8, b"\1\0", "encrypted"),
        (30, b"\xff\xff", "cut short"),
        (46, b"\xff", "not where|something else"),
    ],
)
def test_false_claims_of_the_directory_are_refused(offset: int, value: bytes, reason: str) -> None:
    data = changed(zip_of({"a": b"content" * 20}), b"PK\1\2", offset, value)

    with pytest.raises(BadArchiveError, match=reason):
        read_first(data)


@pytest.mark.parametrize(
    "offset,value,reason",
    [
        (4, b"\1\0", "several volumes"),
        (8, b"\2\0", "several volumes"),
        (10, b"\2\0", "several volumes"),
        (12, LARGE, "does not lie where it says"),
        (16, LARGE, "does not lie where it says"),
        (20, b"\1\0", "behind the end"),
    ],
)
def test_false_claims_of_the_end_are_refused(offset: int, value: bytes, reason: str) -> None:
    with pytest.raises(BadArchiveError, match=reason):
        opened(changed(zip_of({"a": b"content"}), b"PK\5\6", offset, value))


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "a\\..\\b"])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(BadArchiveError, match="leads elsewhere"):
        opened(zip_of({name: b""}))


def test_something_behind_or_before_the_zip_is_refused() -> None:
    data = zip_of({"a": b"content"})

    with pytest.raises(BadArchiveError, match="behind the end"):
        opened(data + b"more")
    with pytest.raises(BadArchiveError, match="does not lie where it says"):
        opened(b"more" + data)


def test_a_doubled_member_is_refused_when_asked_for() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in (("a", b"1"), ("a", b"2"), ("b", b"3")):
            archive.writestr(name, content)

    with pytest.raises(BadArchiveError, match="a is in it 2 times"):
        read(stream.getvalue(), "a")
    assert read(stream.getvalue(), "b") == b"3"


def test_overlapping_members_are_refused() -> None:
    """Many members over one stretch of data are how a small file unpacks to petabytes."""
    data = zip_of({"a": b"1" * 90, "b": b"2" * 90}, stored=True)
    longer = changed(changed(data, b"PK\1\2", 20, b"\xff\0\0\0"), b"PK\1\2", 24, b"\xff\0\0\0")
    first = longer.index(b"PK\1\2")
    size = struct.pack("<2L", 125, 125)
    overlapping = data[: first + 20] + size + data[first + 28 :]

    archive, _ = opened(overlapping)
    with pytest.raises(BadArchiveError, match="overlaps"):
        archive.read(archive.members[0], limit_bytes=LIMIT)


def test_a_bomb_costs_no_more_than_it_claims() -> None:
    data = changed(zip_of({"a": b"\0" * 50_000_000}), b"PK\1\2", 24, struct.pack("<L", 1000))

    with pytest.raises(BadArchiveError, match="size and checksum"):
        read(data, "a")


def test_a_member_over_the_limit_is_not_fetched() -> None:
    data = zip_of({"a": b"\0" * 5000, "b": incompressible(500_000)}, stored=True)
    archive, transport = opened(data)

    with pytest.raises(MemberTooLargeError, match="a has 5000 bytes, more than the 4999"):
        archive.read(archive.members[0], limit_bytes=4999)
    assert len(transport.asked) == 1


@pytest.mark.parametrize("size", [0, 1, 21])
def test_what_is_too_small_for_a_zip_is_refused(size: int) -> None:
    transport = MemoryTransport({URL: b"x" * size})

    with pytest.raises(BadArchiveError):
        RemoteZip.open(transport, URL, size)


# ---------------------------------------------------------------------------------------- servers


def client() -> HttpClient:
    credentials = Credentials([], provider=KeyringProvider.DISABLED, environment={})
    return HttpClient(ConnectionSettings(retries=0), credentials=credentials, environment={})


@pytest.fixture
def serve_file(index_server: IndexServer, tmp_path: Path) -> Callable[[bytes], str]:
    """Hosts bytes under the name of a wheel, because only files are served in parts; gives the URL."""

    def serve(data: bytes) -> str:
        path = tmp_path / "a-1.0-py3-none-any.whl"
        path.write_bytes(data)
        index_server.add(path, core_metadata=False, requires_python="")
        return f"{index_server.files_url}{path.name}"

    return serve


@pytest.mark.parametrize("size_is_known", [True, False])
@pytest.mark.parametrize("ranges", [Ranges.HONOURED, Ranges.NO_SUFFIX])
def test_members_are_read_over_http(
    index_server: IndexServer, serve_file: Callable[[bytes], str], ranges: Ranges, size_is_known: bool
) -> None:
    data = zip_of({"a": b"content", "b": incompressible(900_000)}, stored=True)
    index_server.offers.ranges = ranges
    url = serve_file(data)

    archive = RemoteZip.open(client(), url, len(data) if size_is_known else None)

    assert archive.read(archive.members[0], limit_bytes=LIMIT) == b"content"
    assert sum(request.bytes_sent for request in index_server.requests) < 250_000


@pytest.mark.parametrize("size_is_known", [True, False])
@pytest.mark.parametrize("ranges", [Ranges.IGNORED, Ranges.WRONG_PART])
def test_servers_without_ranges_are_told(
    index_server: IndexServer, serve_file: Callable[[bytes], str], ranges: Ranges, size_is_known: bool
) -> None:
    data = zip_of({"a": incompressible(900_000)}, stored=True)
    index_server.offers.ranges = ranges
    url = serve_file(data)

    with pytest.raises(RangesNotSupportedError):
        RemoteZip.open(client(), url, len(data) if size_is_known else None)


def test_a_server_that_lies_about_its_ranges_is_found_out(
    index_server: IndexServer, serve_file: Callable[[bytes], str]
) -> None:
    data = zip_of({"a": incompressible(900_000)}, stored=True)
    index_server.offers.ranges = Ranges.WRONG_BYTES

    with pytest.raises(BadArchiveError):
        RemoteZip.open(client(), serve_file(data), len(data))


def test_a_missing_file_is_not_a_matter_of_ranges(index_server: IndexServer) -> None:
    with pytest.raises(FetchFailedError, match="404"):
        RemoteZip.open(client(), f"{index_server.base_url}/files/none.whl", 1000)


@pytest.mark.parametrize("said", [1, 100, 2_000_000])
def test_another_size_than_the_index_says_is_told(said: int) -> None:
    transport = MemoryTransport({URL: zip_of({"a": incompressible(300_000)}, stored=True)})

    with pytest.raises(FileChangedError):
        RemoteZip.open(transport, URL, said)


def test_a_file_that_changes_between_two_parts_is_told() -> None:
    data = zip_of({"a": b"content", "b": incompressible(900_000)}, stored=True)
    archive, transport = opened(data)
    transport.files[URL] = data + b"more"

    with pytest.raises(FileChangedError):
        archive.read(archive.members[0], limit_bytes=LIMIT)


def test_passwords_are_not_shown() -> None:
    transport = MemoryTransport({"https://me:secret@index.example/a.zip": b"x" * 1000}, has_ranges=False)

    with pytest.raises(RangesNotSupportedError) as caught:
        RemoteZip.open(transport, "https://me:secret@index.example/a.zip", 1000)
    assert "secret" not in str(caught.value)


# ------------------------------------------------------------ fine points of the format


def test_a_name_that_is_not_utf8_though_it_says_so_is_refused() -> None:
    data = zip_of({"é": b""}).replace("é".encode(), b"\xff\xfe")

    with pytest.raises(BadArchiveError, match="not UTF-8"):
        opened(data)


def test_a_member_that_claims_to_be_wide_without_saying_how_wide_is_refused() -> None:
    data = changed(zip_of({"a": b"content"}), b"PK\1\2", 24, b"\xff\xff\xff\xff")

    with pytest.raises(BadArchiveError, match="no zip64 sizes"):
        opened(data)


def test_packed_data_that_is_damaged_or_cut_is_refused() -> None:
    data = zip_of({"a": b"content" * 50})
    damaged = data[:31] + b"\xff\xff" + data[33:]
    shorter = changed(data, b"PK\1\2", 20, b"\5\0\0\0")

    for bad in (damaged, shorter):
        with pytest.raises(BadArchiveError, match=r"can't be unpacked|cut short"):
            read_first(bad)


def test_a_zip64_end_that_is_not_there_is_refused() -> None:
    data = zip64_of("a", b"content").replace(b"PK\6\6", b"PK\6\5")

    with pytest.raises(BadArchiveError, match="zip64 end record is damaged"):
        opened(data)
