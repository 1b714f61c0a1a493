import io
import os
import zipfile
from pathlib import Path

import pytest
from packaging.utils import parse_wheel_filename
from pypi_simple import PyPISimple

from driftcheck.index.connection.credentials import Credentials
from driftcheck.index.connection.http import HttpClient
from driftcheck.index.metadata.core_metadata import read_fields
from driftcheck.index.metadata.remote_zip import RangesNotSupportedError
from driftcheck.index.metadata.wheels import (
    MAX_METADATA_BYTES,
    DamagedWheelError,
    read_metadata_by_ranges,
    read_metadata_from_bytes,
)
from driftcheck.index.statistics import Counter
from driftcheck.model.errors import MetadataUnavailableError
from driftcheck.model.settings import ConnectionSettings, KeyringProvider
from tests.support.distributions import build_wheel
from tests.support.memory_transport import MemoryTransport

NAME = "a-1.0-py3-none-any.whl"


def wheel_of(*names: str, content: str = "Name: a\n") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return stream.getvalue()


def test_both_roads_give_the_metadata(tmp_path: Path) -> None:
    path = build_wheel(tmp_path, "Foo.Bar", "1.0+local.1", requires=["x>=1"])
    data = path.read_bytes()
    url = f"https://index.example/files/{path.name.replace('+', '%2B')}?token=1"

    metadata = read_metadata_from_bytes(data, path.name)

    assert b"Requires-Dist: x>=1\n" in metadata
    assert read_metadata_by_ranges(MemoryTransport({url: data}), url, len(data)) == metadata
    assert read_metadata_by_ranges(MemoryTransport({url: data}), url, None) == metadata


@pytest.mark.parametrize(
    "filename,folder",
    [
        ("foo_bar-1.0-py3-none-any.whl", "foo_bar-1.0.dist-info"),
        ("Foo_Bar-1.0-py3-none-any.whl", "foo.bar-1.0.dist-info"),
        ("foo_bar-1.0-1-py3-none-any.whl", "foo-bar-1.0.dist-info"),
        ("foo_bar-1.0.0-py3-none-any.whl", "foo_bar-1.0.dist-info"),
    ],
)
def test_folders_are_found_as_pip_finds_them(filename: str, folder: str) -> None:
    data = wheel_of(
        "foo/_vendor/other-2.0.dist-info/METADATA", f"{folder}/METADATA", f"{folder}/sub/METADATA"
    )

    assert parse_wheel_filename(filename)[0] == "foo-bar"
    assert read_metadata_from_bytes(data, filename) == b"Name: a\n"


@pytest.mark.parametrize(
    "names,reason",
    [
        (("a/__init__.py",), "holds no .dist-info folders"),
        (("a-1.0.dist-info/WHEEL",), "holds no METADATA files"),
        (("a-1.0.dist-info/METADATA", "b-1.0.dist-info/METADATA"), "holds 2 .dist-info folders"),
        (("a-1.0.dist-info/METADATA", "b-1.0.dist-info/WHEEL"), "holds 2 .dist-info folders"),
        (("other-1.0.dist-info/METADATA",), "holds the metadata of another project: other-1.0.dist-info"),
        (("a-1.0.dist-info/metadata",), "holds no METADATA files"),
    ],
)
def test_wheels_without_metadata_of_their_own_say_why(names: tuple[str, ...], reason: str) -> None:
    with pytest.raises(MetadataUnavailableError) as caught:
        read_metadata_from_bytes(wheel_of(*names), NAME)

    assert caught.value.message == f"{NAME} {reason}"


def test_huge_metadata_is_refused() -> None:
    data = wheel_of("a-1.0.dist-info/METADATA", content=" " * (MAX_METADATA_BYTES + 1))

    with pytest.raises(MetadataUnavailableError, match=f"has {MAX_METADATA_BYTES + 1} bytes"):
        read_metadata_from_bytes(data, NAME)


def test_a_file_that_is_no_zip_is_damaged() -> None:
    url = f"https://me:secret@index.example/{NAME}"
    page = b"<!DOCTYPE html><html></html>" * 100

    with pytest.raises(DamagedWheelError, match="does not end as a zip does"):
        read_metadata_from_bytes(page, NAME)
    with pytest.raises(DamagedWheelError) as caught:
        read_metadata_by_ranges(MemoryTransport({url: page}), url, len(page))
    assert "secret" not in caught.value.message


def test_a_wheel_that_was_cut_short_is_damaged(tmp_path: Path) -> None:
    data = build_wheel(tmp_path, "a", "1.0").read_bytes()

    with pytest.raises(DamagedWheelError):
        read_metadata_from_bytes(data[:-30], NAME)


def test_a_server_without_ranges_is_told(tmp_path: Path) -> None:
    data = build_wheel(tmp_path, "a", "1.0").read_bytes()
    url = f"https://index.example/{NAME}"

    with pytest.raises(RangesNotSupportedError):
        read_metadata_by_ranges(MemoryTransport({url: data}, has_ranges=False), url, len(data))


REAL = [("numpy", "2.3.4", 2), ("flask", "1.1.2", 1), ("scipy", "1.9.3", 2), ("tensorflow-cpu", "2.9.3", 3)]


@pytest.mark.network
@pytest.mark.parametrize("name,version,most_requests", REAL)
@pytest.mark.parametrize("size_is_known", [True, False])
def test_real_wheels_cost_few_requests(
    name: str, version: str, most_requests: int, size_is_known: bool
) -> None:
    with PyPISimple() as index:
        page = index.get_project_page(name)
    wheels = [p for p in page.packages if p.filename.endswith(".whl") and p.version == version]
    package = max(wheels, key=lambda p: p.size or 0)
    counter = Counter()
    credentials = Credentials([], provider=KeyringProvider.DISABLED, environment={})
    client = HttpClient(
        ConnectionSettings(), credentials=credentials, environment=os.environ, counter=counter
    )

    raw = read_metadata_by_ranges(client, package.url, package.size if size_is_known else None)

    assert read_fields(raw)["version"] == [version]
    assert counter.snapshot().requests <= most_requests
