"""What happens where a road to the metadata is blocked or lies."""

from pathlib import Path

import pytest

from driftcheck.index.metadata import metadata_roads
from driftcheck.model.errors import IndexUnavailableError, MetadataUnavailableError
from tests.support.catalogues import first_file, opened
from tests.support.distributions import build_sdist, build_wheel
from tests.support.faults import Body, HugeBody, Status
from tests.support.index_server import CoreMetadata, IndexServer, Ranges

NEEDS = ("jinja2>=2",)


def test_advertised_metadata_with_another_hash_is_a_gap_and_not_believed(server: IndexServer) -> None:
    server.fail("*.metadata", Body(b"Metadata-Version: 2.1\nName: flask\nVersion: 1.0\n"))
    with opened(server.url) as catalogue:
        assert catalogue.metadata(first_file(catalogue)).requires_dist == NEEDS
        assert [gap.reason.partition(" does")[0] for gap in catalogue.gaps] == [
            "flask-1.0-py3-none-any.whl.metadata"
        ]


@pytest.mark.parametrize("fault", [Status(403), Status(404), HugeBody(20_000_000)])
def test_advertised_metadata_that_is_not_there(server: IndexServer, fault: Status | HugeBody) -> None:
    server.fail("*.metadata", fault)
    with opened(server.url) as catalogue:
        assert catalogue.metadata(first_file(catalogue)).requires_dist == NEEDS


@pytest.mark.parametrize(
    "fault",
    [Body(b"<html>sign in</html>"), HugeBody(20_000_000), Body(b"Metadata-Version: 2.1\nName: other\n")],
)
def test_unadvertised_metadata_that_is_something_else(server: IndexServer, fault: Body | HugeBody) -> None:
    server.offers.core_metadata = CoreMetadata.PRESENT
    server.fail("*.metadata", fault)
    with opened(server.url) as catalogue:
        assert catalogue.metadata(first_file(catalogue)).requires_dist == NEEDS


def test_a_whole_wheel_must_have_its_hash_and_a_bounded_size(
    server: IndexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.offers.core_metadata, server.offers.ranges = CoreMetadata.ABSENT, Ranges.IGNORED
    server.fail("/files/*.whl", Body(b"PK something else"))
    with opened(server.url) as catalogue, pytest.raises(MetadataUnavailableError, match="hash"):
        catalogue.metadata(first_file(catalogue))
    monkeypatch.setattr(metadata_roads, "MAX_WHOLE_WHEEL_BYTES", 10)
    with opened(server.url) as catalogue, pytest.raises(MetadataUnavailableError, match="larger than 10"):
        catalogue.metadata(first_file(catalogue))
    server.offers.sizes = False
    with opened(server.url) as catalogue, pytest.raises(MetadataUnavailableError, match="larger than 10"):
        catalogue.metadata(first_file(catalogue))


def test_a_wheel_that_may_not_be_read(server: IndexServer) -> None:
    server.fail("/files/*", Status(403))
    with opened(server.url) as catalogue, pytest.raises(IndexUnavailableError, match="403"):
        catalogue.metadata(first_file(catalogue))


def test_an_sdist(index_server: IndexServer, tmp_path: Path) -> None:
    index_server.add(build_sdist(tmp_path, "flask", "1.0", requires=NEEDS, metadata_version="2.2"))
    for expected in (2, 0):
        index_server.forget()
        with opened(index_server.url, cache=tmp_path / "c") as catalogue:
            assert catalogue.metadata(first_file(catalogue)).requires_dist == NEEDS
        assert index_server.count() == expected


def test_without_ranges_every_server_is_asked_for_metadata_first(
    index_server: IndexServer, tmp_path: Path
) -> None:
    index_server.offers.core_metadata, index_server.offers.ranges = CoreMetadata.PRESENT, Ranges.IGNORED
    for number in range(6):
        index_server.add(build_wheel(tmp_path, f"p{number}", "1.0"))
    with opened(index_server.url) as catalogue:
        for number in range(6):
            catalogue.metadata(first_file(catalogue, f"p{number}"))
    assert index_server.count("*.metadata") == 6
    assert index_server.count("*.whl") == 0
