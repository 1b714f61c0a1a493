"""The local index answers as a real one does, within what it was told to offer."""

from datetime import datetime, timezone
from pathlib import Path

import pypi_simple
import pytest
import requests

from tests.support.distributions import build_sdist, build_wheel
from tests.support.index_server import CoreMetadata, IndexServer, Ranges
from tests.support.tls import Certificates

JSON = {"Accept": "application/vnd.pypi.simple.v1+json"}


def page_of(
    server: IndexServer, name: str, *, accept: str = pypi_simple.ACCEPT_ANY
) -> pypi_simple.ProjectPage:
    with pypi_simple.PyPISimple(server.url, accept=accept) as client:
        return client.get_project_page(name)


@pytest.mark.parametrize("accept", [pypi_simple.ACCEPT_JSON_ONLY, pypi_simple.ACCEPT_HTML_ONLY])
def test_another_client_reads_both_forms_alike(
    index_server: IndexServer, tmp_path: Path, accept: str
) -> None:
    wheel = build_wheel(tmp_path, "Some.Name", "1.0", requires=["b"], requires_python=">=3.8")
    index_server.add(wheel, yanked="it was broken", upload_time="2020-04-03T01:02:03Z")
    index_server.add(build_sdist(tmp_path, "some-name", "1.0"), hashes=False)
    index_server.project("some-name", status="archived", status_reason="see other-name")

    page = page_of(index_server, "some-name", accept=accept)
    first, second = page.packages

    assert (page.status, page.status_reason) == (pypi_simple.ProjectStatus.ARCHIVED, "see other-name")
    assert (first.filename, first.version, first.requires_python) == (wheel.name, "1.0", ">=3.8")
    assert (first.is_yanked, first.yanked_reason, first.has_metadata) == (True, "it was broken", True)
    assert (second.is_yanked, second.digests, bool(second.has_metadata)) == (False, {}, False)
    if accept == pypi_simple.ACCEPT_JSON_ONLY:
        assert first.upload_time == datetime(2020, 4, 3, 1, 2, 3, tzinfo=timezone.utc)
        assert first.size == wheel.stat().st_size
        assert page.versions == ["1.0"]
    with pypi_simple.PyPISimple(index_server.url) as client:
        assert "Requires-Dist: b\n" in client.get_package_metadata(first)


def test_what_is_not_offered_is_not_there(index_server: IndexServer, tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path, "a", "1")
    index_server.add(wheel)
    index_server.offers.upload_times = index_server.offers.sizes = index_server.offers.etags = False
    index_server.offers.max_age_s = None
    index_server.offers.core_metadata = CoreMetadata.PRESENT
    index_server.offers.relative_urls = True

    response = requests.get(index_server.url + "a/", headers=JSON, timeout=10)
    (file,) = response.json()["files"]

    assert set(file) == {"filename", "url", "hashes", "yanked"}
    assert file["url"] == f"../../files/{wheel.name}"
    assert response.headers.keys().isdisjoint({"etag", "cache-control"})
    metadata_url = f"{index_server.files_url}{wheel.name}.metadata"
    assert requests.get(metadata_url, timeout=10).status_code == 200
    index_server.offers.core_metadata = CoreMetadata.ABSENT
    assert requests.get(metadata_url, timeout=10).status_code == 404
    index_server.offers.json = False
    assert (
        requests.get(index_server.url + "a/", headers=JSON, timeout=10)
        .headers["Content-Type"]
        .startswith("text/html")
    )


@pytest.mark.parametrize(
    "ranges,asked,status,first_byte,size,said",
    [
        (Ranges.HONOURED, "bytes=10-19", 206, 10, 10, "bytes 10-19/{size}"),
        (Ranges.HONOURED, "bytes=-10", 206, -10, 10, None),
        (Ranges.HONOURED, "bytes=999999-", 416, 0, 0, "bytes */{size}"),
        (Ranges.IGNORED, "bytes=10-19", 200, 0, None, None),
        (Ranges.NO_SUFFIX, "bytes=-10", 501, None, None, None),
        (Ranges.WRONG_PART, "bytes=10-19", 206, 0, 10, "bytes 0-9/{size}"),
        (Ranges.WRONG_BYTES, "bytes=10-19", 206, 0, 10, "bytes 10-19/{size}"),
    ],
)
def test_ranges(
    index_server: IndexServer,
    tmp_path: Path,
    ranges: Ranges,
    asked: str,
    status: int,
    first_byte: int | None,
    size: int | None,
    said: str | None,
) -> None:
    wheel = build_wheel(tmp_path, "a", "1")
    index_server.add(wheel)
    index_server.offers.ranges = ranges
    content = wheel.read_bytes()

    response = requests.get(index_server.files_url + wheel.name, headers={"Range": asked}, timeout=10)

    assert response.status_code == status
    if first_byte is not None:
        start = first_byte % len(content)
        assert response.content == content[start : None if size is None else start + size]
    if said is not None:
        assert response.headers["Content-Range"] == said.format(size=len(content))


def test_an_unchanged_page_is_not_sent_twice(index_server: IndexServer, tmp_path: Path) -> None:
    index_server.add(build_wheel(tmp_path, "a", "1"))
    first = requests.get(index_server.url + "a/", timeout=10)
    second = requests.get(
        index_server.url + "a/", headers={"If-None-Match": first.headers["ETag"]}, timeout=10
    )
    index_server.add(build_wheel(tmp_path, "a", "2"))
    third = requests.get(
        index_server.url + "a/", headers={"If-None-Match": first.headers["ETag"]}, timeout=10
    )

    assert [answer.status_code for answer in (first, second, third)] == [200, 304, 200]
    assert first.headers["Cache-Control"] == "max-age=600, public"


def test_every_request_is_recorded(index_server: IndexServer) -> None:
    index_server.serve("/vulns", '{"a": 1}')
    with requests.Session() as session:
        answer = session.post(
            index_server.base_url + "/vulns?x=1", data=b"body", headers={"X-Y": "z"}, timeout=10
        )
        session.get(index_server.url + "absent/", timeout=10)

    first, second = index_server.requests
    assert answer.json() == {"a": 1}
    assert (first.method, first.path, first.query, first.body) == ("POST", "/vulns", "x=1", b"body")
    assert (first.headers["x-y"], first.status) == ("z", 200)
    assert first.bytes_sent == int(answer.headers["Content-Length"])
    assert (second.path, second.status) == ("/simple/absent/", 404)
    assert first.connection == second.connection
    assert index_server.count("/simple/*") == 1
    index_server.forget()
    assert index_server.requests == ()


def test_credentials_are_asked_of_every_request(index_server: IndexServer) -> None:
    index_server.credentials = ("user", "password")

    assert requests.get(index_server.url, timeout=10).status_code == 401
    assert requests.get(index_server.url, auth=("user", "wrong"), timeout=10).status_code == 401
    assert requests.get(index_server.url, auth=("user", "password"), timeout=10).status_code == 200


def test_a_name_is_redirected_to_its_normal_form(index_server: IndexServer, tmp_path: Path) -> None:
    index_server.add(build_wheel(tmp_path, "a-b", "1"))

    assert requests.get(index_server.url + "A_b", timeout=10).url == index_server.url + "a-b/"


def test_tls_with_and_without_a_client_certificate(certificates: Certificates) -> None:
    ca_file, client_file = str(certificates.ca_file), str(certificates.client_file)
    with IndexServer(ssl_context=certificates.server_context()) as server:
        assert requests.get(server.url, verify=ca_file, timeout=10).status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(server.url, timeout=10)
    with IndexServer(ssl_context=certificates.server_context(require_client=True)) as server:
        assert requests.get(server.url, verify=ca_file, cert=client_file, timeout=10).status_code == 200
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(server.url, verify=ca_file, timeout=10)
        assert server.count() == 1


def test_a_fault_of_the_server_itself_fails_the_test() -> None:
    server = IndexServer()
    server.__enter__()
    server.offers = None  # type: ignore[assignment]
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(server.url, timeout=10)

    with pytest.raises(AssertionError, match="the local index itself failed"):
        server.__exit__(None, None, None)
