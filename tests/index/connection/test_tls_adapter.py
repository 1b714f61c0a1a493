"""Certificates of servers and clients, against a real TLS server."""

from pathlib import Path

import pytest

from driftcheck.model.errors import SettingsError
from tests.support.http_clients import failure, http_client
from tests.support.index_server import IndexServer
from tests.support.tls import Certificates


def test_an_unknown_authority_is_named(certificates: Certificates) -> None:
    with IndexServer(ssl_context=certificates.server_context()) as server, http_client() as http:
        error = failure(lambda: http.get(server.url, limit_bytes=9))
    assert "certificate is not trusted" in error.message
    assert "--cert" in (error.hint or "")


def test_a_named_authority_is_trusted(certificates: Certificates) -> None:
    with IndexServer(ssl_context=certificates.server_context()) as server:
        url = server.serve("/x", b"hello")
        with http_client(cert=str(certificates.ca_file)) as http:
            assert http.get(url, limit_bytes=100).body == b"hello"
        with http_client(environment={"SSL_CERT_FILE": str(certificates.ca_file)}) as http:
            assert http.get(url, limit_bytes=100).body == b"hello"


def test_a_trusted_host_is_not_verified(certificates: Certificates) -> None:
    with IndexServer(ssl_context=certificates.server_context()) as server:
        url = server.serve("/x", b"hello")
        with http_client(trusted_hosts=("127.0.0.1",)) as http:
            assert http.get(url, limit_bytes=100).body == b"hello"


def test_a_client_certificate_is_shown(certificates: Certificates) -> None:
    ca_file, client_file = str(certificates.ca_file), str(certificates.client_file)
    with IndexServer(ssl_context=certificates.server_context(require_client=True)) as server:
        url = server.serve("/x", b"hello")
        with http_client(cert=ca_file, client_cert=client_file) as http:
            assert http.get(url, limit_bytes=100).body == b"hello"
        with http_client(cert=ca_file) as http:
            error = failure(lambda: http.get(url, limit_bytes=100))
    assert "--client-cert" in (error.hint or "") or "closed before" in error.message


@pytest.mark.parametrize("content", [None, "", "no PEM"])
@pytest.mark.parametrize("option", ["cert", "client_cert"])
def test_a_bad_certificate_file_is_a_wrong_setting(option: str, content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "bad.pem"
    if content is not None:
        path.write_text(content)
    arguments = {option: str(path)}
    with pytest.raises(SettingsError, match=str(path)), http_client(**arguments):  # type: ignore[arg-type]
        pass


def test_plain_http_on_a_tls_port_is_named(index_server: IndexServer) -> None:
    with http_client() as http:
        error = failure(lambda: http.get(index_server.url.replace("http:", "https:"), limit_bytes=9))
    assert "does not speak TLS" in error.message
