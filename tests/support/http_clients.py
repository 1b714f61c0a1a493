"""An `HttpClient` with the patience of a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from driftcheck.index.connection.credentials import Credentials
from driftcheck.index.connection.http import HttpClient
from driftcheck.index.connection.retry import RetryPolicy
from driftcheck.index.connection.transport import FetchFailedError
from driftcheck.index.statistics import Counter
from driftcheck.model.settings import ConnectionSettings, KeyringProvider

NO_WAIT = RetryPolicy(retries=2, first_pause_s=0.001)
DEAD = "http://127.0.0.1:9"


@contextmanager
def http_client(
    *urls: str,
    timeout_s: float = 2,
    policy: RetryPolicy = NO_WAIT,
    cert: str | None = None,
    client_cert: str | None = None,
    trusted_hosts: tuple[str, ...] = (),
    proxy: str | None = None,
    environment: dict[str, str] | None = None,
    counter: Counter | None = None,
    provider: KeyringProvider = KeyringProvider.DISABLED,
) -> Iterator[HttpClient]:
    """Opens a client that knows the logins of some index URLs."""
    connection = ConnectionSettings(timeout_s=timeout_s, cert=cert, client_cert=client_cert, proxy=proxy)
    environment = environment or {}
    credentials = Credentials(urls, provider=provider, environment=environment)
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
    """Returns the error that an action ends with."""
    with pytest.raises(FetchFailedError) as caught:
        action()
    return caught.value
