"""The small rules of a connection: pauses, proxies, origins, the default index, what servers can do."""

import pickle
from pathlib import Path

import pypi_simple
import pytest

from driftcheck.index import endpoint
from driftcheck.index.cache.store import CacheKind, CacheStore
from driftcheck.index.connection.credentials import Credentials, Login
from driftcheck.index.connection.origin import origin_of
from driftcheck.index.connection.proxies import proxy_for
from driftcheck.index.connection.retry import PassingFaultError, RetryPolicy, seconds_of_retry_after
from driftcheck.index.connection.server_memory import ServerMemory
from driftcheck.index.connection.transport import FetchFailedError, TooLargeError
from driftcheck.model.settings import KeyringProvider

HERE = "https://files.example"


@pytest.mark.parametrize(
    "value, seconds",
    [
        ("5", 5.0),
        (" 7 ", 7.0),
        ("9" * 50, 999999999.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("Thu, 01 Jan 1970 00:01:00 GMT", 50.0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert seconds_of_retry_after(value, now=10.0) == seconds


def test_pauses_grow_and_are_bounded() -> None:
    policy = RetryPolicy(chance=lambda: 1.0)
    fault = PassingFaultError("x")
    assert [policy.pause_s(attempt, fault) for attempt in range(8)] == [0.25, 0.5, 1, 2, 4, 8, 8, 8]
    assert policy.pause_s(0, PassingFaultError("x", pause_s=5)) == 5
    assert policy.pause_s(0, PassingFaultError("x", pause_s=3600)) == 30
    assert RetryPolicy(chance=lambda: 0.0).pause_s(0, fault) == 0.125


PROXY = {"https_proxy": "http://p:1", "no_proxy": "a.example,.b.example, 10.0.0.0/8 c.example:444"}


@pytest.mark.parametrize(
    "url, environment, expected",
    [
        ("https://index.example/", PROXY, "http://p:1"),
        ("http://index.example/", PROXY, None),
        ("https://a.example/", PROXY, None),
        ("https://x.a.example/", PROXY, None),
        ("https://xa.example/", PROXY, "http://p:1"),
        ("https://x.b.example/", PROXY, None),
        ("https://10.1.2.3/", PROXY, None),
        ("https://11.1.2.3/", PROXY, "http://p:1"),
        ("https://c.example:444/", PROXY, None),
        ("https://c.example/", PROXY, "http://p:1"),
        ("https://x/", {"HTTPS_PROXY": "http://q", "NO_PROXY": "*"}, None),
        ("https://x/", {"ALL_PROXY": "http://q"}, "http://q"),
        ("http://x/", {"HTTP_PROXY": "http://q", "REQUEST_METHOD": "GET"}, None),
    ],
)
def test_proxies(url: str, environment: dict[str, str], expected: str | None) -> None:
    assert proxy_for(url, configured=None, environment=environment) == expected
    assert proxy_for(url, configured="http://own", environment=environment) == "http://own"


@pytest.mark.parametrize(
    "url, origin",
    [
        ("https://user:pw@Index.Example:443/x", "https://index.example"),
        ("http://index.example:8080/x", "http://index.example:8080"),
        ("http://[::1]:80/x", "http://[::1]"),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_the_default_index_is_read_without_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    assert endpoint.default_index_url() == pypi_simple.PYPI_SIMPLE_ENDPOINT
    monkeypatch.setattr(endpoint, "_CONSTANT", "NO_SUCH_NAME")
    assert endpoint.default_index_url() == pypi_simple.PYPI_SIMPLE_ENDPOINT


def credentials(*urls: str, environment: dict[str, str] | None = None) -> Credentials:
    return Credentials(urls, provider=KeyringProvider.DISABLED, environment=environment or {})


def test_the_nearest_index_gives_the_login() -> None:
    known = credentials("https://a:1@h.example/simple", "https://b:2@h.example/simple/team/", "not a url")
    assert known.login_for("https://h.example/simple/team/x/") == Login(username="b", password="2")
    assert known.login_for("https://h.example/simple/x/") == Login(username="a", password="1")
    assert known.login_for("https://h.example/files/x.whl") == Login(username="a", password="1")
    for other in (
        "http://h.example/simple/",
        "https://h.example:444/simple/",
        "https://evil.example/simple/",
    ):
        assert known.login_for(other) is None


def test_a_token_in_place_of_the_user_is_sent_after_a_refusal() -> None:
    known = credentials("https://token@h.example/simple/")
    assert known.login_for("https://h.example/simple/x/") is None
    assert known.login_after_refusal("https://h.example/simple/x/", None) == Login(
        username="token", password=""
    )


def test_an_unreadable_netrc_is_a_note_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine h.example nonsense here")
    known = credentials(environment={"HOME": str(tmp_path)})
    assert known.login_for("https://h.example/") is None
    assert "could not be read" in known.faults[0]


def test_nothing_shows_a_password() -> None:
    assert "secret" not in repr(Login(username="u", password="secret"))
    error = FetchFailedError("https://u:secret@h.example/x", "no")
    assert "secret" not in repr(error) + str(error) + error.url


def test_errors_can_be_pickled() -> None:
    for kind in (FetchFailedError, TooLargeError):
        error = pickle.loads(pickle.dumps(kind("https://h.example/", "it broke", "mend it")))
        assert type(error) is kind
        assert (error.what, error.hint) == ("it broke", "mend it")


def test_metadata_tries_stop_where_they_rarely_find_any(tmp_path: Path) -> None:
    cache = CacheStore(tmp_path / "c", max_size_bytes=10**6)
    memory = ServerMemory(cache)
    assert [memory.takes_metadata_try(HERE) for _ in range(4)] == [True, True, True, False]
    for was_there in (True, False, False):
        memory.note_metadata(HERE, was_there=was_there)
    assert not memory.takes_metadata_try(HERE)
    memory.note_ranges(HERE, work=False)
    assert memory.takes_metadata_try(HERE)
    memory.save()
    again = ServerMemory(cache)
    assert not again.has_ranges(HERE)
    assert again.takes_metadata_try(HERE)
    cache.put(CacheKind.CAPABILITIES, HERE, b'["nonsense"]')
    assert ServerMemory(cache).has_ranges(HERE)


def test_a_server_that_has_them_all_is_asked_for_them_all() -> None:
    memory = ServerMemory(CacheStore(None, max_size_bytes=0))
    for _ in range(30):
        assert memory.takes_metadata_try(HERE)
        memory.note_metadata(HERE, was_there=True)
    memory.note_ranges(HERE, work=True)
    memory.note_ranges(HERE, work=False)
    assert memory.has_ranges(HERE)
