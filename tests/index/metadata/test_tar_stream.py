import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftcheck.index.metadata import tar_stream
from driftcheck.index.metadata.tar_stream import TarStream
from driftcheck.index.metadata.zip_directory import BadArchiveError

FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


def tar_of(members: dict[str, bytes], *, form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def special(name: str, kind: bytes, *, size: int = 0, target: str = "") -> bytes:
    """A header alone, of any kind and with any claimed size."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, size
    return info.tobuf(tarfile.GNU_FORMAT)


def contents(data: bytes, *, piece_bytes: int = 1000) -> dict[str, bytes]:
    pieces = (data[at : at + piece_bytes] for at in range(0, len(data), piece_bytes))
    archive = TarStream(pieces)
    return {path: archive.read() for path, _ in archive.members()}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("piece_bytes", [1, 700, 10**6])
def test_every_packing_is_read(pack: Callable[[bytes], bytes], piece_bytes: int) -> None:
    members = {"a-1/PKG-INFO": b"Name: a\n", "a-1/empty": b"", "a-1/block": b"x" * 512, "a-1/b": b"y" * 1025}

    assert contents(pack(tar_of(members)), piece_bytes=piece_bytes) == members


def test_gzip_of_several_streams_is_read() -> None:
    members = {"a": b"1" * 3000, "b": b"2"}
    data = tar_of(members)

    assert contents(gzip.compress(data[:1500]) + gzip.compress(data[1500:])) == members


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40),
        st.binary(max_size=2000),
        max_size=5,
    ),
    st.sampled_from(FORMATS),
)
def test_what_tarfile_wrote_is_read(members: dict[str, bytes], form: int) -> None:
    assert contents(tar_of(members, form=form)) == members


@pytest.mark.parametrize("form", FORMATS)
def test_long_names_are_read(form: int) -> None:
    name = "/".join(["folder" * 8] * 4 + ["file.txt"])

    assert contents(tar_of({name: b"content", "b": b""}, form=form)) == {name: b"content", "b": b""}


def test_a_size_in_a_pax_record_counts() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a")
        info.size, info.pax_headers = 3, {"size": "3", "comment": "x = y\nz"}
        archive.addfile(info, io.BytesIO(b"abc"))

    assert contents(stream.getvalue()) == {"a": b"abc"}


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_links_and_devices_are_passed_over(kind: bytes) -> None:
    data = special("a-1/PKG-INFO", kind, target="/etc/passwd") + tar_of({"b": b"content"})

    assert contents(data) == {"b": b"content"}


def test_sparse_files_are_refused() -> None:
    with pytest.raises(BadArchiveError, match="sparse"):
        contents(special("a", tarfile.GNUTYPE_SPARSE))


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_a_name_of_gigabytes_is_refused(kind: bytes) -> None:
    with pytest.raises(BadArchiveError, match="a name in it claims 8589934591 bytes"):
        contents(special("a", kind, size=8 * 1024**3 - 1))


def test_a_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_stream, "MAX_UNPACKED_BYTES", 5_000_000)
    bomb = gzip.compress(special("a", tarfile.REGTYPE, size=10**9) + bytes(50_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(BadArchiveError, match="unpacks to more than 5000000 bytes"):
            list(TarStream([bomb]).members())
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_stream, "_MAX_MEMBERS", 10)

    with pytest.raises(BadArchiveError, match="more than 10 members"):
        contents(tar_of({str(number): b"" for number in range(11)}))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<html>" * 200, id="a page"),
        pytest.param(gzip.compress(b"<html>" * 200), id="a packed page"),
        pytest.param(b"\x1f\x8bgarbage and more", id="bad gzip"),
        pytest.param(b"BZh9garbage and more", id="bad bzip2"),
        pytest.param(b"\xfd7zXZ\0garbage and more", id="bad xz"),
        pytest.param(gzip.compress(tar_of({"a": b"x" * 9000}))[:-40], id="gzip cut short"),
        pytest.param(bz2.compress(tar_of({"a": b"x" * 9000}))[:-40], id="bzip2 cut short"),
        pytest.param(tar_of({"a": b"x" * 9000})[:5000], id="cut in a file"),
        pytest.param(tar_of({"a": b"x" * 9000})[:100], id="cut in a header"),
    ],
)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(BadArchiveError):
        contents(data)


def test_an_archive_without_its_end_blocks_is_whole() -> None:
    assert contents(tar_of({"a": b"x" * 512})[:1024]) == {"a": b"x" * 512}


def test_nothing_is_an_empty_archive() -> None:
    assert contents(b"") == {}


def test_only_what_is_needed_is_taken_from_the_source() -> None:
    taken = []

    def pieces() -> Iterator[bytes]:
        for at in range(0, 100_000, 1000):
            taken.append(at)
            yield data[at : at + 1000]

    data = tar_of({"first": b"1", "second": b"2" * 90_000})
    archive = TarStream(pieces())

    assert next(archive.members()) == ("first", 1)
    assert archive.read() == b"1"
    assert len(taken) <= 3


@settings(max_examples=200)
@given(st.data())
def test_damage_is_a_declared_error(data: st.DataObject) -> None:
    damaged = bytearray(
        tar_of({"a": b"one", "b/" + "x" * 99: b"two"}, form=data.draw(st.sampled_from(FORMATS)))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    whole = bytes(damaged)

    with suppress(BadArchiveError):
        contents(gzip.compress(whole) if data.draw(st.booleans()) else whole)
