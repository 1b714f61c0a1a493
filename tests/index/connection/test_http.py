"""`HttpClient` against a real server that has every fault."""

import json
import threading
import time
from pathlib import Path

import pytest

from driftcheck.index.connection.retry import RetryPolicy
from driftcheck.index.connection.transport import FetchFailedError, TooLargeError
from driftcheck.index.statistics import Counter
from tests.support.faults import (
    CutShort,
    Drip,
    Fault,
    HugeBody,
    Refuse,
    Stall,
    Status,
)
from tests.support.http_clients import DEAD, failure, http_client
from tests.support.index_server import IndexServer


def test_a_body_comes_with_its_headers_and_is_counted(index_server: IndexServer) -> None:
    url = index_server.serve("/x", b"hello", headers=(("X-Y", "1"),))
    counter = Counter()
    with http_client(counter=counter) as http:
        response = http.get(url, limit_bytes=100)
    assert (response.status, response.body, response.url) == (200, b"hello", url)
    assert response.headers["x-y"] == "1"
    assert counter.snapshot().requests == 1
    assert counter.snapshot().received_bytes == index_server.bytes_sent("/x")


@pytest.mark.parametrize("status", [304, 401, 403, 404, 410, 416])
def test_statuses_below_500_are_answers(index_server: IndexServer, status: int) -> None:
    index_server.fail("/x", Status(status))
    with http_client() as http:
        assert http.get(index_server.base_url + "/x", limit_bytes=100).status == status
    assert index_server.count("/x") == 1


@pytest.mark.parametrize("fault", [Status(500), Status(503), Status(429), Refuse(), CutShort(3), CutShort(0)])
def test_what_may_pass_is_tried_again(index_server: IndexServer, fault: Fault) -> None:
    url = index_server.serve("/x", b"hello")
    index_server.fail("/x", fault, times=2)
    with http_client() as http:
        assert http.get(url, limit_bytes=100).body == b"hello"
    assert index_server.count("/x") == 3


@pytest.mark.parametrize(
    "fault, words",
    [
        (Status(500), "status 500"),
        (Status(429), "asks for fewer requests"),
        (Refuse(), "closed before the answer"),
        (CutShort(3), "cut short"),
        (Stall(5), "sent nothing for 0.2 s"),
        (Stall(5, after_bytes=2), "sent nothing for 0.2 s"),
    ],
)
def test_what_does_not_pass_is_named(index_server: IndexServer, fault: Fault, words: str) -> None:
    url = index_server.serve("/x", b"hello")
    index_server.fail("/x", fault)
    with http_client(timeout_s=0.2) as http:
        error = failure(lambda: http.get(url, limit_bytes=100))
    assert words in error.message
    assert url in error.message
    assert "(3 tries)" in error.message


def test_a_chunked_body_that_is_cut_is_noticed(index_server: IndexServer) -> None:
    index_server.fail("/x", HugeBody(200_000, declared=False), times=1)
    index_server.serve("/x", b"")
    with http_client() as http:
        assert len(http.get(index_server.base_url + "/x", limit_bytes=10**6).body) == 200_000


def test_other_server_faults_are_final(index_server: IndexServer) -> None:
    index_server.fail("/x", Status(505))
    with http_client() as http:
        assert "status 505" in failure(lambda: http.get(index_server.base_url + "/x", limit_bytes=9)).message
    assert index_server.count("/x") == 1


def test_retry_after_is_honoured(index_server: IndexServer) -> None:
    url = index_server.serve("/x", b"hello")
    index_server.fail("/x", Status(429, retry_after="1"), times=1)
    before = time.monotonic()
    with http_client() as http:
        assert http.get(url, limit_bytes=100).body == b"hello"
    assert 1.0 <= time.monotonic() - before < 5


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("gzipped", [True, False])
def test_a_huge_body_is_not_read(index_server: IndexServer, declared: bool, gzipped: bool) -> None:
    index_server.fail("/x", HugeBody(50_000_000, declared=declared, gzipped=gzipped))
    counter = Counter()
    with (
        http_client(counter=counter) as http,
        pytest.raises(TooLargeError, match="larger than 1,000,000 bytes"),
    ):
        http.get(index_server.base_url + "/x", limit_bytes=1_000_000)
    assert counter.snapshot().received_bytes < 2_000_000


def test_a_dripping_server_runs_out_of_time(index_server: IndexServer) -> None:
    index_server.offers.gzip = False
    url = index_server.serve("/x", b"x" * 10_000)
    index_server.fail("/x", Drip(piece_bytes=1, pause_s=0.02))
    before = time.monotonic()
    with http_client(timeout_s=0.05) as http:
        error = failure(lambda: http.get(url, limit_bytes=100_000))
    assert "not complete after 1 s" in error.message
    assert time.monotonic() - before < 5


def test_a_part_of_a_file(index_server: IndexServer, tmp_path: Path) -> None:
    (tmp_path / "x-1-py3-none-any.whl").write_bytes(bytes(range(200)))
    file = index_server.add(tmp_path / "x-1-py3-none-any.whl", core_metadata=False)
    url = index_server.files_url + file.filename
    with http_client() as http:
        assert http.get_range(url, 3, 5).body == bytes([3, 4, 5])
        assert http.get_suffix(url, 2).body == bytes([198, 199])
        assert http.get_range(url, 500, 600).status == 416


def test_a_server_that_ignores_ranges_does_not_send_the_whole_file(index_server: IndexServer) -> None:
    index_server.fail("/big", HugeBody(50_000_000))
    counter = Counter()
    with http_client(counter=counter) as http:
        response = http.get_suffix(index_server.base_url + "/big", 1000)
    assert (response.status, response.body) == (200, b"")
    assert counter.snapshot().received_bytes < 1_000_000


def test_a_stream_can_be_left_early_and_is_bounded(index_server: IndexServer) -> None:
    url = index_server.serve("/x", b"x" * 300_000)
    with http_client() as http:
        with http.stream(url, limit_bytes=10**6) as pieces:
            assert next(pieces)
        with http.stream(url, limit_bytes=10**6) as pieces:
            assert sum(map(len, pieces)) == 300_000
        with pytest.raises(TooLargeError), http.stream(url, limit_bytes=1000) as pieces:
            list(pieces)


@pytest.mark.parametrize("status, words", [(404, "status 404"), (401, "missing or refused")])
def test_a_stream_of_nothing_raises(index_server: IndexServer, status: int, words: str) -> None:
    index_server.fail("/x", Status(status))
    with (
        http_client() as http,
        pytest.raises(FetchFailedError, match=words),
        http.stream(index_server.base_url + "/x", limit_bytes=10),
    ):
        pass


@pytest.mark.parametrize("fault, words", [(CutShort(1000), "cut short"), (Stall(5, 1000), "sent nothing")])
def test_a_stream_that_breaks_raises(index_server: IndexServer, fault: Fault, words: str) -> None:
    url = index_server.serve("/x", b"x" * 300_000)
    index_server.offers.gzip = False
    index_server.fail("/x", fault)
    with (
        http_client(timeout_s=0.2) as http,
        http.stream(url, limit_bytes=10**6) as pieces,
        pytest.raises(FetchFailedError, match=words),
    ):
        list(pieces)


def test_a_dead_server_is_asked_once_only() -> None:
    with http_client() as http:
        first = failure(lambda: http.get(DEAD + "/a", limit_bytes=9))
        before = time.monotonic()
        second = failure(lambda: http.get(DEAD + "/b", limit_bytes=9))
    assert "the connection was refused (3 tries)" in first.message
    assert "the connection was refused" in second.message
    assert time.monotonic() - before < 0.05


def test_a_server_that_fails_thrice_is_left_alone(index_server: IndexServer) -> None:
    index_server.fail("*", Status(503))
    with http_client() as http:
        for letter in "abcdef":
            failure(lambda letter=letter: http.get(f"{index_server.base_url}/{letter}", limit_bytes=9))  # type: ignore[misc]
    assert index_server.count() == 9


@pytest.mark.parametrize(
    "url",
    ["http://", "http://h:x/", "http://[::1/", "http://a b/", "https://\udcff/", "http://" + "a" * 70 + "/"],
)
def test_a_malformed_url_is_an_error_and_no_traceback(url: str) -> None:
    with http_client(policy=RetryPolicy(retries=0)) as http:
        failure(lambda: http.get(url, limit_bytes=9))


def test_a_proxy_is_used_as_the_environment_says(index_server: IndexServer) -> None:
    with http_client(environment={"http_proxy": index_server.base_url}) as http:
        assert http.get("http://index.example/simple/", limit_bytes=9999).status == 200
    assert index_server.count() == 1


def test_a_dead_proxy_is_named() -> None:
    with http_client(proxy=DEAD, policy=RetryPolicy(retries=0)) as http:
        error = failure(lambda: http.get("http://index.example/simple/", limit_bytes=9))
    assert "proxy" in error.message


def test_closing_ends_a_wait_for_the_next_try(index_server: IndexServer) -> None:
    index_server.fail("*", Status(503, retry_after="30"))
    errors: list[FetchFailedError] = []
    with http_client() as http:
        url = index_server.url
        thread = threading.Thread(target=lambda: errors.append(failure(lambda: http.get(url, limit_bytes=9))))
        thread.start()
        while not index_server.count():
            time.sleep(0.01)
    thread.join(5)
    assert not thread.is_alive()
    assert "the run was ended" in errors[0].message


def test_many_threads_share_one_pool(index_server: IndexServer) -> None:
    url = index_server.serve("/x", json.dumps(list(range(1000))))
    with http_client() as http:
        threads = [
            threading.Thread(target=lambda: [http.get(url, limit_bytes=10**5) for _ in range(10)])
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert index_server.count("/x") == 80
    assert len({request.connection for request in index_server.requests}) <= 16
