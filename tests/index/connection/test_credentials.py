"""Which login goes to which server, against a real server that wants one."""

from pathlib import Path

import pytest

from tests.support.faults import (
    Fault,
    Redirect,
    RedirectForever,
    Status,
)
from tests.support.http_clients import failure, http_client
from tests.support.index_server import IndexServer


def test_a_redirect_is_followed(index_server: IndexServer) -> None:
    url = index_server.serve("/there", b"hello")
    index_server.fail("/here", Redirect("/there"))
    with http_client() as http:
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
    with http_client() as http:
        assert words in failure(lambda: http.get(index_server.base_url + "/x", limit_bytes=9)).message


def test_credentials_go_to_their_server_and_no_further(index_server: IndexServer) -> None:
    index_server.serve("/x", b"")
    with IndexServer() as other:
        elsewhere = other.serve("/y", b"hello")
        index_server.fail("/x", Redirect(elsewhere))
        with http_client(index_server.url.replace("//", "//user:secret@")) as http:
            assert http.get(index_server.base_url + "/x", limit_bytes=100).body == b"hello"
        assert "authorization" in index_server.asked("/x")[0].headers
        assert "authorization" not in other.asked("/y")[0].headers


def test_credentials_in_the_url_are_used_and_not_shown(index_server: IndexServer) -> None:
    index_server.credentials = ("us er", "s:ecret")
    url = index_server.serve("/x", b"hello").replace("//", "//us%20er:s%3Aecret@")
    with http_client() as http:
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
    with http_client(environment={"NETRC": str(netrc)}) as http:
        assert http.get(url, limit_bytes=100).status == 200
    with http_client(environment={"HOME": str(tmp_path)}) as http:
        assert http.get(url, limit_bytes=100).status == 401
        netrc.rename(tmp_path / ".netrc")
    with http_client(environment={"HOME": str(tmp_path)}) as http:
        assert http.get(url, limit_bytes=100).status == 200
