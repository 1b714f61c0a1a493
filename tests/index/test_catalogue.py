"""The catalogue as the resolver uses it, against real local indexes."""

import json
import re
import threading
import time
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.model.errors import (
    IndexUnavailableError,
    MetadataUnavailableError,
    SettingsError,
)
from driftcheck.model.release import DistributionFile, ProjectStatus
from driftcheck.model.settings import ConnectionSettings
from tests.support.catalogues import FLASK, ONE, first_file, opened
from tests.support.distributions import build_sdist, build_wheel
from tests.support.faults import (
    BAD_JSON,
    HTML_FOR_JSON,
    Body,
    ContentType,
    CutShort,
    Fault,
    HugeBody,
    Refuse,
    Stall,
    Status,
)
from tests.support.index_pages import JSON_TYPE
from tests.support.index_server import CoreMetadata, IndexServer, Ranges
from tests.support.tls import Certificates


def test_a_page_and_its_metadata(server: IndexServer) -> None:
    with opened(server.url) as catalogue:
        page = catalogue.page(FLASK)
        assert page is not None
        assert page.versions == (Version("2.0"), ONE)
        assert page.status is ProjectStatus.ACTIVE
        assert catalogue.metadata(first_file(catalogue)).requires_dist == ("jinja2>=2",)
        assert catalogue.gaps == ()
        assert catalogue.statistics.requests == 2
    assert server.count() == 2


def test_html_says_the_same_as_json(server: IndexServer, tmp_path: Path) -> None:
    server.add(build_wheel(tmp_path / "dist", "flask", "3.0", requires_python=">=3.9"), yanked="broken & bad")
    server.add(build_sdist(tmp_path / "dist", "flask", "3.0"), yanked=True)
    server.project("flask", status="archived", status_reason="no time")
    server.offers.upload_times = server.offers.sizes = False
    seen = []
    for as_json in (True, False):
        server.offers.json = as_json
        with opened(server.url) as catalogue:
            page = catalogue.page(FLASK)
            assert page is not None
            seen.append((page.status, page.status_reason, list(page.releases())))
    assert seen[0] == seen[1]
    assert seen[0][0] is ProjectStatus.ARCHIVED
    assert [file.yanked for file in seen[0][2][0].files] == ["broken & bad", ""]


def test_what_is_asked_twice_is_fetched_once(server: IndexServer) -> None:
    with opened(server.url) as catalogue:
        catalogue.prefetch_pages([FLASK, FLASK])
        threads = [threading.Thread(target=lambda: catalogue.page(FLASK)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        file = first_file(catalogue)
        catalogue.prefetch_metadata([file, file])
        assert catalogue.metadata(file) is catalogue.metadata(file)
    assert server.count("/simple/flask/") == 1
    assert server.count("*.metadata") == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_project_that_every_index_denies_is_unknown(server: IndexServer, status: int) -> None:
    server.fail("/simple/nothing/", Status(status))
    with opened(server.url) as catalogue:
        assert catalogue.page(canonicalize_name("nothing")) is None


@pytest.mark.parametrize(
    "fault",
    [
        Refuse(),
        Stall(5),
        CutShort(),
        Status(401),
        Status(403),
        Status(429),
        Status(500),
        Status(418),
        BAD_JSON,
        HTML_FOR_JSON,
        ContentType("application/vnd.pypi.simple.v2+json"),
        ContentType("text/plain"),
        Body(b"[]"),
        Body(b"{}"),
        Body(b'{"meta": {"api-version": "2.0"}, "files": []}'),
        Body(b'{"meta": {"api-version": 1}, "files": []}'),
        Body(b'{"meta": {"api-version": "1.0"}, "files": {}}'),
        Body(b"[" * 100_000),
        Body(b'{"meta": {"api-version": "1.0"}, "files": [\xff\xfe]}'),
        HugeBody(50_000_000),
    ],
)
def test_an_index_that_fails_is_an_error_and_not_an_unknown_project(
    server: IndexServer, fault: Fault
) -> None:
    server.fail("/simple/flask/", fault)
    connection = ConnectionSettings(timeout_s=0.5, retries=0)
    with (
        opened(server.url, connection=connection) as catalogue,
        pytest.raises(IndexUnavailableError, match=r"127\.0\.0\.1"),
    ):
        catalogue.page(FLASK)


def test_a_dead_index_is_one_reason_whatever_was_asked_of_it(server: IndexServer) -> None:
    server.fail("/simple/*", Status(418))
    reasons = set()
    with opened(server.url) as catalogue:
        for name in (FLASK, canonicalize_name("jinja2")):
            with pytest.raises(
                IndexUnavailableError, match=re.escape(f"fetched from {server.url}")
            ) as caught:
                catalogue.page(name)
            reasons.add(str(caught.value))
    assert len(reasons) == 1


def test_a_page_beyond_150_mb_is_refused(server: IndexServer) -> None:
    server.fail("/simple/flask/", HugeBody(150_000_001))
    with opened(server.url) as catalogue, pytest.raises(IndexUnavailableError, match="larger than"):
        catalogue.page(FLASK)


def test_a_page_of_50_mb_is_read(index_server: IndexServer, tmp_path: Path) -> None:
    entry = {"filename": "flask-1.0-py3-none-any.whl", "url": "x.whl", "hashes": {}, "padding": "x" * 1000}
    files = [{**entry, "filename": f"flask-1.{n}-py3-none-any.whl"} for n in range(46_000)]
    page = json.dumps({"meta": {"api-version": "1.0"}, "name": "flask", "files": files})
    index_server.serve("/simple/flask/", page, content_type=JSON_TYPE)
    index_server.offers.gzip = False
    with opened(index_server.url, cache=tmp_path / "cache") as catalogue:
        found = catalogue.page(FLASK)
        assert found is not None
        assert len(found.versions) == 46_000


def test_one_bad_entry_does_not_lose_the_page(server: IndexServer) -> None:
    page = {
        "meta": {"api-version": "1.1"},
        "name": "flask",
        "files": [
            None,
            {"filename": 3},
            {"filename": "flask-1.0-py3-none-any.whl", "url": "../a%20b.whl#sha256=1"},
            {"filename": "flask-1.0-py2-none-any.whl", "url": ["x"]},
            {"filename": "flask-1.0.tar.gz", "url": "file:///etc/passwd"},
            {"filename": "flask-not.a.version.tar.gz", "url": "x"},
            {"filename": "other-1.0.tar.gz", "url": "x"},
        ],
    }
    server.serve("/simple/flask/", json.dumps(page), content_type=JSON_TYPE)
    with opened(server.url) as catalogue:
        found = catalogue.page(FLASK)
        assert found is not None
        assert found.versions == (ONE,)
        assert first_file(catalogue).url == f"{server.url}a%20b.whl"
        assert [gap.reason for gap in catalogue.gaps] == ["4 file entries for flask could not be understood"]


def test_a_bad_bundle_is_a_wrong_setting_from_every_thread(server: IndexServer) -> None:
    connection = ConnectionSettings(cert="/nowhere.pem")
    with opened(server.url, connection=connection) as catalogue:
        catalogue.prefetch_pages([FLASK])
        with pytest.raises(SettingsError, match="/nowhere"):
            catalogue.page(FLASK)


def test_tls_from_end_to_end(certificates: Certificates, tmp_path: Path) -> None:
    connection = ConnectionSettings(
        timeout_s=2, retries=0, cert=str(certificates.ca_file), client_cert=str(certificates.client_file)
    )
    with IndexServer(ssl_context=certificates.server_context(require_client=True)) as server:
        server.add(build_wheel(tmp_path, "flask", "1.0"))
        with opened(server.url, connection=connection) as catalogue:
            assert catalogue.metadata(first_file(catalogue)).version == ONE


def test_leaving_does_not_wait_for_a_stalled_index(server: IndexServer) -> None:
    server.fail("*", Stall(30))
    names = [canonicalize_name(f"p{number}") for number in range(50)]
    with opened(server.url, connection=ConnectionSettings(timeout_s=30, jobs=2)) as catalogue:
        catalogue.prefetch_pages(names)
        before = time.monotonic()
    assert time.monotonic() - before < 3


def test_an_archive_by_url(server: IndexServer, tmp_path: Path) -> None:
    server.offers.core_metadata = CoreMetadata.ABSENT
    with opened(server.url) as catalogue:
        file = DistributionFile(
            filename="flask-1.0-py3-none-any.whl",
            url=server.files_url + "flask-1.0-py3-none-any.whl",
            kind=first_file(catalogue).kind,
            name=FLASK,
            version=ONE,
            index_url=server.files_url,
        )
        assert catalogue.metadata(file).requires_dist == ("jinja2>=2",)


@pytest.mark.parametrize("ranges", list(Ranges))
@pytest.mark.parametrize("core_metadata", list(CoreMetadata))
def test_every_road_leads_to_the_same_metadata(
    server: IndexServer, ranges: Ranges, core_metadata: CoreMetadata
) -> None:
    server.offers.ranges, server.offers.core_metadata = ranges, core_metadata
    with opened(server.url) as catalogue:
        assert catalogue.metadata(first_file(catalogue)).requires_dist == ("jinja2>=2",)
        assert catalogue.gaps == ()


def test_a_file_without_metadata_is_said_to_have_none(index_server: IndexServer, tmp_path: Path) -> None:
    wheel = tmp_path / "flask-1.0-py3-none-any.whl"
    wheel.write_bytes(b"not a wheel")
    index_server.add(wheel, core_metadata=False)
    for _ in range(2):
        with opened(index_server.url, cache=tmp_path / "cache") as catalogue:
            catalogue.prefetch_metadata([first_file(catalogue)])
            with pytest.raises(MetadataUnavailableError):
                catalogue.metadata(first_file(catalogue))
    assert 1 <= index_server.count("/files/flask-1.0-py3-none-any.whl") <= 3
