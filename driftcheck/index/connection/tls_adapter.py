"""One pool of connections and one TLS context for every thread.

requests hands urllib3 the path of the CA bundle, which is then loaded anew for every connection: 35 ms of
CPU each were measured, a third of a cold run. Here it is loaded once. (requests 2.32.0 to 2.32.4 brought a
context of their own; from 2.32.5 on the one given here is used.)
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

import requests.adapters
import requests.utils

from driftcheck.model.errors import SettingsError
from driftcheck.model.settings import ConnectionSettings

_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


class SharedTlsAdapter(requests.adapters.HTTPAdapter):
    """An adapter whose connections all use the context it is given.

    Args:
        context: Verifies or does not, as it was made.
        connections: How many connections to one host are kept.
    """

    def __init__(self, context: ssl.SSLContext, *, connections: int) -> None:
        self._context = context
        super().__init__(pool_connections=10, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,  # noqa: FBT001, FBT002 - the signature is that of requests
        **pool_kwargs: object,
    ) -> None:
        """Make the pool with our context."""
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **pool_kwargs)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: object) -> object:
        """Make the pool behind a proxy with our context."""
        return super().proxy_manager_for(proxy, ssl_context=self._context, **proxy_kwargs)

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Leave the connection as the pool made it: the context has the bundle and the client certificate."""


def tls_context(connection: ConnectionSettings, environment: Mapping[str, str]) -> ssl.SSLContext:
    """Make the context that verifies servers: `--cert`, else the usual variables, else certifi's bundle.

    Raises:
        SettingsError: the bundle or the client certificate can't be read.
    """
    bundle, origin = connection.cert, "--cert"
    for variable in _CA_VARIABLES:
        if not bundle:
            bundle, origin = environment.get(variable), variable
    if not bundle:
        bundle, origin = requests.utils.DEFAULT_CA_BUNDLE_PATH, "certifi"
    try:
        is_folder = Path(bundle).is_dir()
        context = ssl.create_default_context(
            cafile=None if is_folder else bundle, capath=bundle if is_folder else None
        )
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"the CA bundle {bundle} ({origin}) can't be read: {_reason(error)}",
            "give a PEM file with one or more certificates",
        ) from error
    _load_client_certificate(context, connection.client_cert)
    return context


def unverified_context(connection: ConnectionSettings) -> ssl.SSLContext:
    """Make the context for `--trusted-host`: the server's certificate is not looked at.

    Raises:
        SettingsError: the client certificate can't be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _load_client_certificate(context, connection.client_cert)
    return context


def _load_client_certificate(context: ssl.SSLContext, path: str | None) -> None:
    if path is None:
        return
    try:
        # An encrypted key would make OpenSSL ask on the terminal; an empty password makes it fail instead.
        context.load_cert_chain(path, password="")
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"the client certificate {path} (--client-cert) can't be read: {_reason(error)}",
            "give a PEM file that holds the certificate and its key, without a password",
        ) from error


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
