"""`HttpClient` against a real server that has every fault."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from driftcheck.index.credentials import Credentials
from driftcheck.index.http import HttpClient
from driftcheck.index.retry import RetryPolicy
from driftcheck.index.statistics import Counter
from driftcheck.index.transport import FetchFailedError, TooLargeError
from driftcheck.model.errors import SettingsError
from driftcheck.model.settings import ConnectionSettings, KeyringProvider
from tests.support.faults import (
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
from tests.support.tls import Certificates

NO_WAIT = RetryPolicy(retries=2, first_pause_s=0.001)
DEAD = "http://127.0.0.1:9"


@contextmanager
def client(
    *urls: str,
    timeout_s: float = 2,
    policy: RetryPolicy = NO_WAIT,
    cert: str | None = None,
    client_cert: str | None = None,
    trusted_hosts: tuple[str, ...] = (),
    proxy: str | None = None,
    environment: dict[str, str] | None = None,
    counter: Counter | None = None,
) -> Iterator[HttpClient]:
    connection = ConnectionSettings(timeout_s=timeout_s, cert=cert, client_cert=client_cert, proxy=proxy)
    environment = environment or {}
    credentials = Credentials(urls, provider=KeyringProvider.DISABLED, environment=environment)
    http = HttpClient(
        connection,
        credentials=credentials,
        environment=environment,
        trusted_hosts=trusted_hosts,
        policy=policy,
        counter=counter,
    )
    try:
        yield http
    finally:
        http.close()


def failure(action: Callable[[], object]) -> FetchFailedError:
    with pytest.raises(FetchFailedError) as caught:
        action()
    return caught.value


def test_a_body_comes_with_its_headers_and_is_counted(index_server: IndexServer) -> None:
    url = index_server.serve("/x", b"hello", headers=(("X-Y", "1"),))
    counter = Counter()
    with client(counter=counter) as http:
        response = http.get(url, limit_bytes=100)
    assert (response.status, response.body, response.url) == (200, b"hello", url)
    assert response.headers["x-y"] == "1"
    assert counter.snapshot().requests == 1
    assert counter.snapshot().received_bytes == index_server.bytes_sent("/x")


@pytest.mark.parametrize("status", [304, 401, 403, 404, 410, 416])
def test_statuses_below_500_are_answers(index_server: IndexServer, status: int) -> None:
    index_server.fail("/x", Status(status))
    with client() as http:
        assert http.get(index_server.base_url + "/x", limit_bytes=100).status == status
    assert index_server.count("/x") == 1


@pytest.mark.parametrize("fault", [Status(500), Status(503), Status(429), Refuse(), CutShort(3), CutShort(0)])
def test_what_may_pass_is_tried_again(index_server: IndexServer, fault: Fault) -> None:
    url = index_server.serve("/x", b"hello")
    index_server.fail("/x", fault, times=2)
    with client() as http:
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
    with client(timeout_s=0.2) as http:
        error = failure(lambda: http.get(url, limit_bytes=100))
    assert words in error.message
    assert url in error.message
    assert "(3 tries)" in error.message


def test_a_chunked_body_that_is_cut_is_noticed(index_server: IndexServer) -> None:
    index_server.fail("/x", HugeBody(200_000, declared=False), times=1)
    index_server.serve("/x", b"")
    with client() as http:
        assert len(http.get(index_server.base_url + "/x", limit_bytes=10**6).body) == 200_000


def test_other_server_faults_are_final(index_server: IndexServer) -> None:
    index_server.fail("/x", Status(505))
    with client() as http:
        assert "status 505" in failure(lambda: http.get(index_server.base_url + "/x", limit_bytes=9)).message
    assert index_server.count("/x") == 1


def test_retry_after_is_honoured(index_server: IndexServer) -> None:
    url = index_server.serve("/x", b"hello")
    index_server.fail("/x", Status(429, retry_after="1"), times=1)
    before = time.monotonic()
    with client() as http:
        assert http.get(url, limit_bytes=100).body == b"hello"
    assert 1.0 <= time.monotonic() - before < 5


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("gzipped", [True, False])
def test_a_huge_body_is_not_read(index_server: IndexServer, declared: bool, gzipped: bool) -> None:
    index_server.fail("/x", HugeBody(50_000_000, declared=declared, gzipped=gzipped))
    counter = Counter()
    with client(counter=counter) as http, pytest.raises(TooLargeError, match="larger than 1,000,000 bytes"):
        http.get(index_server.base_url + "/x", limit_bytes=1_000_000)
    assert counter.snapshot().received_bytes < 2_000_000


def test_a_dripping_server_runs_out_of_time(index_server: IndexServer) -> None:
    index_server.offers.gzip = False
    url = index_server.serve("/x", b"x" * 10_000)
    index_server.fail("/x", Drip(piece_bytes=1, pause_s=0.02))
    before = time.monotonic()
    with client(timeout_s=0.05) as http:
        error = failure(lambda: http.get(url, limit_bytes=100_000))
    assert "not complete after 1 s" in error.message
    assert time.monotonic() - before < 5


def test_a_part_of_a_file(index_server: IndexServer, tmp_path: Path) -> None:
    (tmp_path / "x-1-py3-none-any.whl").write_bytes(bytes(range(200)))
    file = index_server.add(tmp_path / "x-1-py3-none-any.whl", core_metadata=False)
    url = index_server.files_url + file.filename
    with client() as http:
        assert http.get_range(url, 3, 5).body == bytes([3, 4, 5])
        assert http.get_suffix(url, 2).body == bytes([198, 199])
        assert http.get_range(url, 500, 600).status == 416


def test_a_server_that_ignores_ranges_does_not_send_the_whole_file(index_server: IndexServer) -> None:
    index_server.fail("/big", HugeBody(50_000_000))
    counter = Counter()
    with client(counter=counter) as http:
        response = http.get_suffix(index_server.base_url + "/big", 1000)
    assert (response.status, response.body) == (200, b"")
    assert counter.snapshot().received_bytes < 1_000_000


def test_a_stream_can_be_left_early_and_is_bounded(index_server: IndexServer) -> None:
    url = index_server.serve("/x", b"x" * 300_000)
    with client() as http:
        with http.stream(url, limit_bytes=10**6) as pieces:
            assert next(pieces)
        with http.stream(url, limit_bytes=10**6) as pieces:
            assert sum(map(len, pieces)) == 300_000
        with pytest.raises(TooLargeError), http.stream(url, limit_bytes=1000) as pieces:
            list(pieces)


@pytest.mark.parametrize("status, words", [(404, "status 404"), (401, "missing or refused")])
def test_a_stream_of_nothing_raises(index_server: IndexServer, status: int, words: str) -> None:
    index_server.fail("/x", Status(status))
    with client() as http, pytest.raises(FetchFailedError, match=words):
        with http.stream(index_server.base_url + "/x", limit_bytes=10):
            pass


@pytest.mark.parametrize("fault, words", [(CutShort(1000), "cut short"), (Stall(5, 1000), "sent nothing")])
def test_a_stream_that_breaks_raises(index_server: IndexServer, fault: Fault, words: str) -> None:
    url = index_server.serve("/x", b"x" * 300_000)
    index_server.offers.gzip = False
    index_server.fail("/x", fault)
    with client(timeout_s=0.2) as http, http.stream(url, limit_bytes=10**6) as pieces:
        with pytest.raises(FetchFailedError, match=words):
            list(pieces)


def test_a_redirect_is_followed(index_server: IndexServer) -> None:
    url = index_server.serve("/there", b"hello")
    index_server.fail("/here", Redirect("/there"))
    with client() as http:
        response = http.get(index_server.base_url + "/here", limit_bytes=100)
    assert (response.body, response.url) == (b"hello", url)


@pytest.mark.parametrize(
    "fault, words",
    [
        (RedirectForever(), "more than 10 redirects"),
        (Redirect("file:///etc/passwd"), "other than http"),
        (Redirect("http://[::1"), "not a URL"),
        (Redirect("http://h:port/"), "not a URL"),
    ],
)
def test_redirects_are_bounded(index_server: IndexServer, fault: Fault, words: str) -> None:
    index_server.fail("/x", fault)
    with client() as http:
        assert words in failure(lambda: http.get(index_server.base_url + "/x", limit_bytes=9)).message


def test_credentials_go_to_their_server_and_no_further(index_server: IndexServer) -> None:
    index_server.serve("/x", b"")
    with IndexServer() as other:
        elsewhere = other.serve("/y", b"hello")
        index_server.fail("/x", Redirect(elsewhere))
        with client(index_server.url.replace("//", "//user:secret@")) as http:
            assert http.get(index_server.base_url + "/x", limit_bytes=100).body == b"hello"
        assert "authorization" in index_server.asked("/x")[0].headers
        assert "authorization" not in other.asked("/y")[0].headers


def test_credentials_in_the_url_are_used_and_not_shown(index_server: IndexServer) -> None:
    index_server.credentials = ("us er", "s:ecret")
    url = index_server.serve("/x", b"hello").replace("//", "//us%20er:s%3Aecret@")
    with client() as http:
        response = http.get(url, limit_bytes=100)
        assert response.body == b"hello"
        assert "ecret" not in response.url
        index_server.fail("/x", Status(500))
        error = failure(lambda: http.get(url, limit_bytes=100))
    assert "ecret" not in error.message
    assert "****@127.0.0.1" in error.message


def test_netrc_is_used(index_server: IndexServer, tmp_path: Path) -> None:
    index_server.credentials = ("user", "secret")
    url = index_server.serve("/x", b"hello")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password secret\n")
    with client(environment={"NETRC": str(netrc)}) as http:
        assert http.get(url, limit_bytes=100).status == 200
    with client(environment={"HOME": str(tmp_path)}) as http:
        assert http.get(url, limit_bytes=100).status == 401
        netrc.rename(tmp_path / ".netrc")
    with client(environment={"HOME": str(tmp_path)}) as http:
        assert http.get(url, limit_bytes=100).status == 200


def test_a_dead_server_is_asked_once_only() -> None:
    with client() as http:
        first = failure(lambda: http.get(DEAD + "/a", limit_bytes=9))
        before = time.monotonic()
        second = failure(lambda: http.get(DEAD + "/b", limit_bytes=9))
    assert "the connection was refused (3 tries)" in first.message
    assert "the connection was refused" in second.message
    assert time.monotonic() - before < 0.05


def test_a_server_that_fails_thrice_is_left_alone(index_server: IndexServer) -> None:
    index_server.fail("*", Status(503))
    with client() as http:
        for letter in "abcdef":
            failure(lambda letter=letter: http.get(f"{index_server.base_url}/{letter}", limit_bytes=9))  # type: ignore[misc]
    assert index_server.count() == 9


@pytest.mark.parametrize(
    "url",
    ["http://", "http://h:x/", "http://[::1/", "http://a b/", "https://\udcff/", "http://" + "a" * 70 + "/"],
)
def test_a_malformed_url_is_an_error_and_no_traceback(url: str) -> None:
    with client(policy=RetryPolicy(retries=0)) as http:
        failure(lambda: http.get(url, limit_bytes=9))


def test_an_unknown_authority_is_named(certificates: Certificates) -> None:
    with IndexServer(ssl_context=certificates.server_context()) as server, client() as http:
        error = failure(lambda: http.get(server.url, limit_bytes=9))
    assert "certificate is not trusted" in error.message
    assert "--cert" in (error.hint or "")


def test_a_named_authority_is_trusted(certificates: Certificates) -> None:
    with IndexServer(ssl_context=certificates.server_context()) as server:
        url = server.serve("/x", b"hello")
        with client(cert=str(certificates.ca_file)) as http:
            assert http.get(url, limit_bytes=100).body == b"hello"
        with client(environment={"SSL_CERT_FILE": str(certificates.ca_file)}) as http:
            assert http.get(url, limit_bytes=100).body == b"hello"


def test_a_trusted_host_is_not_verified(certificates: Certificates) -> None:
    with IndexServer(ssl_context=certificates.server_context()) as server:
        url = server.serve("/x", b"hello")
        with client(trusted_hosts=("127.0.0.1",)) as http:
            assert http.get(url, limit_bytes=100).body == b"hello"


def test_a_client_certificate_is_shown(certificates: Certificates) -> None:
    ca_file, client_file = str(certificates.ca_file), str(certificates.client_file)
    with IndexServer(ssl_context=certificates.server_context(require_client=True)) as server:
        url = server.serve("/x", b"hello")
        with client(cert=ca_file, client_cert=client_file) as http:
            assert http.get(url, limit_bytes=100).body == b"hello"
        with client(cert=ca_file) as http:
            error = failure(lambda: http.get(url, limit_bytes=100))
    assert "--client-cert" in (error.hint or "") or "closed before" in error.message


@pytest.mark.parametrize("content", [None, "", "no PEM"])
@pytest.mark.parametrize("option", ["cert", "client_cert"])
def test_a_bad_certificate_file_is_a_wrong_setting(option: str, content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "bad.pem"
    if content is not None:
        path.write_text(content)
    arguments = {option: str(path)}
    with pytest.raises(SettingsError, match=str(path)), client(**arguments):  # type: ignore[arg-type]
        pass


def test_plain_http_on_a_tls_port_is_named(index_server: IndexServer) -> None:
    with client() as http:
        error = failure(lambda: http.get(index_server.url.replace("http:", "https:"), limit_bytes=9))
    assert "does not speak TLS" in error.message


def test_a_proxy_is_used_as_the_environment_says(index_server: IndexServer) -> None:
    index_server.fail("http://*", Status(404))
    with client(environment={"http_proxy": index_server.base_url}) as http:
        assert http.get("http://index.example/simple/", limit_bytes=9).status == 404
    assert index_server.count() == 1


def test_a_dead_proxy_is_named() -> None:
    with client(proxy=DEAD, policy=RetryPolicy(retries=0)) as http:
        error = failure(lambda: http.get("http://index.example/simple/", limit_bytes=9))
    assert "proxy" in error.message


def test_closing_ends_a_wait_for_the_next_try(index_server: IndexServer) -> None:
    index_server.fail("*", Status(503, retry_after="30"))
    errors: list[FetchFailedError] = []
    with client() as http:
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
    with client() as http:
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
