"""Each fault of the local index is what a client sees."""

import time
from pathlib import Path

import pytest
import requests

from tests.support.distributions import build_wheel
from tests.support.faults import (
    BAD_JSON,
    HTML_FOR_JSON,
    ContentType,
    CutShort,
    Drip,
    Fault,
    HugeBody,
    Redirect,
    RedirectForever,
    Refuse,
    Stall,
    Status,
)
from tests.support.index_server import IndexServer


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers={"Accept": "application/vnd.pypi.simple.v1+json", **headers}, timeout=10)


def test_a_fault_ends_when_it_is_used_up(index_server: IndexServer) -> None:
    index_server.fail("/simple/*", Status(429, retry_after="3"), times=2)
    index_server.fail("/simple/*", Status(503), times=1, after=1)

    answers = [get(index_server.url) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [429, 429, 200, 503, 200]
    assert answers[0].headers["Retry-After"] == "3"


@pytest.mark.parametrize("fault", [Refuse(), CutShort(), CutShort(after_bytes=0)])
def test_a_broken_connection(index_server: IndexServer, fault: Fault) -> None:
    index_server.fail("*", fault, times=1)

    with pytest.raises((requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        get(index_server.url)
    assert get(index_server.url).status_code == 200


@pytest.mark.parametrize("fault", [Stall(5), Stall(5, after_bytes=3)])
def test_a_stall_outlasts_the_client_but_not_the_server(tmp_path: Path, fault: Fault) -> None:
    began = time.monotonic()
    with IndexServer() as server:
        server.fail("*", fault)
        with pytest.raises((requests.exceptions.ReadTimeout, requests.exceptions.ConnectionError)):
            requests.get(server.url, timeout=0.2)
    assert time.monotonic() - began < 3


def test_a_drip_arrives_whole_and_late(index_server: IndexServer) -> None:
    index_server.serve("/x", b"0123456789")
    index_server.fail("/x", Drip(piece_bytes=4, pause_s=0.05))
    began = time.monotonic()

    assert get(index_server.base_url + "/x", **{"Accept-Encoding": "identity"}).content == b"0123456789"
    assert time.monotonic() - began >= 0.1


def test_wrong_bodies(index_server: IndexServer, tmp_path: Path) -> None:
    index_server.add(build_wheel(tmp_path, "a", "1"))
    for fault in (BAD_JSON, HTML_FOR_JSON, ContentType("text/plain")):
        index_server.fail("/simple/a/", fault, times=1)

    bad, html, plain = [get(index_server.url + "a/") for _ in range(3)]

    assert (bad.headers["Content-Type"], bad.content) == (
        "application/vnd.pypi.simple.v1+json",
        BAD_JSON.content,
    )
    assert html.headers["Content-Type"] == "text/html; charset=utf-8"
    assert plain.headers["Content-Type"] == "text/plain"
    assert plain.json()["name"] == "a"


@pytest.mark.parametrize(
    "fault,on_the_wire",
    [
        (HugeBody(3_000_000), 3_000_000),
        (HugeBody(3_000_000, declared=False), 3_000_000),
        (HugeBody(3_000_000, gzipped=True), 3000),
    ],
)
def test_a_huge_body(index_server: IndexServer, fault: HugeBody, on_the_wire: int) -> None:
    index_server.fail("*", fault)

    answer = get(index_server.url)

    assert len(answer.content) == 3_000_000
    assert index_server.bytes_sent() == pytest.approx(on_the_wire, abs=100)
    assert ("Content-Length" in answer.headers) is fault.declared


def test_redirects(index_server: IndexServer) -> None:
    with IndexServer() as other:
        index_server.fail("/simple/", Redirect(other.url), times=1)
        index_server.fail("/simple/", RedirectForever())

        assert get(index_server.url).url == other.url
        with pytest.raises(requests.exceptions.TooManyRedirects):
            get(index_server.url)
    assert index_server.count() == 32
