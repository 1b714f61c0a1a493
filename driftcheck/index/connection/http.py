"""Fetch from HTTP servers with requests: one pool of connections, retries, redirects, logins, limits.

Only a run that has to ask a server imports this module, because importing requests takes 0.1 s.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TypeVar
from urllib.parse import urljoin

import requests
import urllib3.exceptions

from driftcheck.index.connection.connection_faults import translated
from driftcheck.index.connection.credentials import Credentials, Login, login_in
from driftcheck.index.connection.host_health import HostHealth
from driftcheck.index.connection.http_body import BodyReader
from driftcheck.index.connection.origin import origin_of
from driftcheck.index.connection.proxies import proxy_for
from driftcheck.index.connection.refusal import refusal, status_text
from driftcheck.index.connection.retry import (
    RETRIED_STATUSES,
    PassingFaultError,
    RetryPolicy,
    seconds_of_retry_after,
)
from driftcheck.index.connection.tls_adapter import SharedTlsAdapter, tls_context, unverified_context
from driftcheck.index.connection.transport import NO_HEADERS, FetchFailedError, Response
from driftcheck.index.statistics import Counter
from driftcheck.model.settings import ConnectionSettings
from driftcheck.support.redaction import without_credentials

_MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FAULTS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError)

Result = TypeVar("Result")


class HttpClient:
    """A `Transport` for `http:` and `https:`; safe for threads.

    Args:
        connection: Time-outs, retries, certificates, proxy.
        credentials: The logins.
        environment: For the CA bundle and the proxies.
        trusted_hosts: `host` or `host:port` whose certificate is not verified.
        user_agent: What the server is told.
        counter: Where requests and bytes are counted.
        jobs: How many connections to one host are kept.
        policy: When to try again; `None`: as `connection` says.

    Raises:
        SettingsError: the CA bundle or the client certificate can't be read.
    """

    def __init__(
        self,
        connection: ConnectionSettings,
        *,
        credentials: Credentials,
        environment: Mapping[str, str],
        trusted_hosts: tuple[str, ...] = (),
        user_agent: str = "driftcheck",
        counter: Counter | None = None,
        jobs: int = 8,
        policy: RetryPolicy | None = None,
    ) -> None:
        self._connection = connection
        self._credentials = credentials
        self._environment = environment
        self._trusted_hosts = frozenset(host.lower() for host in trusted_hosts)
        self._user_agent = user_agent
        self._counter = counter or Counter()
        self._policy = policy or RetryPolicy(retries=connection.retries)
        self._health = HostHealth()
        self._closed = threading.Event()
        self._adapter = SharedTlsAdapter(tls_context(connection, environment), connections=jobs)
        self._unverified: SharedTlsAdapter | None = None
        if self._trusted_hosts:
            self._unverified = SharedTlsAdapter(unverified_context(connection), connections=jobs)
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the user said so

    def close(self) -> None:
        """Close every connection and end every wait for a next try."""
        self._closed.set()
        self._adapter.close()
        if self._unverified is not None:
            self._unverified.close()

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS, limit_bytes: int) -> Response:
        """Fetch a whole body (see `Transport.get`)."""
        wanted = {"Accept-Encoding": "gzip, deflate", **headers}

        def read(answer: requests.Response) -> Response:
            body = self._body(answer, url)
            return body.response(limit_bytes) if answer.status_code == 200 else body.short_response()

        return self._with_retries(url, lambda: self._exchange(url, wanted, read))

    def get_range(self, url: str, first: int, last: int) -> Response:
        """Fetch a part (see `Transport.get_range`)."""
        return self._get_part(url, f"bytes={first}-{last}", last - first + 1)

    def get_suffix(self, url: str, size: int) -> Response:
        """Fetch the end (see `Transport.get_suffix`)."""
        return self._get_part(url, f"bytes=-{size}", size)

    @contextmanager
    def stream(self, url: str, *, limit_bytes: int) -> Iterator[Iterator[bytes]]:
        """Open a body to be read piece by piece (see `Transport.stream`)."""
        answer = self._with_retries(url, lambda: self._open(url, {"Accept-Encoding": "identity"}))
        with closing(answer):
            if answer.status_code != 200:
                raise refusal(url, answer.status_code, faults=self._credentials.faults)
            yield self._final(url, self._body(answer, url).pieces(limit_bytes))

    def _get_part(self, url: str, range_header: str, size: int) -> Response:
        wanted = {"Accept-Encoding": "identity", "Range": range_header}

        def read(answer: requests.Response) -> Response:
            body = self._body(answer, url)
            return body.response(size) if answer.status_code == 206 else body.without_reading()

        return self._with_retries(url, lambda: self._exchange(url, wanted, read))

    def _with_retries(self, url: str, once: Callable[[], Result]) -> Result:
        try:
            origin = origin_of(url)
        except ValueError as error:
            raise FetchFailedError(url, "this is not a valid URL") from error
        attempt = 0
        while True:
            known = self._health.fault_of(origin)
            if known is not None:
                raise FetchFailedError(url, known.what, known.hint)
            try:
                result = once()
            except PassingFaultError as fault:
                if attempt >= self._policy.retries:
                    fault.what += f" ({attempt + 1} tries)" if attempt else ""
                    self._health.note_failure(origin, fault)
                    raise FetchFailedError(url, fault.what, fault.hint) from fault
                if self._closed.wait(self._policy.pause_s(attempt, fault)):
                    raise FetchFailedError(url, "the run was ended") from fault
                attempt += 1
            else:
                self._health.note_answer(origin)
                return result

    def _exchange(
        self, url: str, headers: Mapping[str, str], read: Callable[[requests.Response], Response]
    ) -> Response:
        with closing(self._open(url, headers)) as answer:
            try:
                return read(answer)
            except _FAULTS as error:
                raise translated(error, url, timeout_s=self._connection.timeout_s) from error

    def _final(self, url: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces; a fault among them is final, because what came before has been used."""
        try:
            yield from pieces
        except PassingFaultError as fault:
            raise FetchFailedError(url, fault.what, fault.hint) from fault
        except _FAULTS as error:
            fault_or_final = translated(error, url, timeout_s=self._connection.timeout_s)
            if isinstance(fault_or_final, PassingFaultError):
                raise FetchFailedError(url, fault_or_final.what, fault_or_final.hint) from error
            raise fault_or_final from error

    def _body(self, answer: requests.Response, url: str) -> BodyReader:
        return BodyReader(answer, url=url, counter=self._counter, timeout_s=self._connection.timeout_s)

    def _open(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        """Follow redirects and refusals to an answer whose body has not been read."""
        current, refused = url, False
        login = self._own_login(url)
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._send(current, headers, login)
            status, location = answer.status_code, answer.headers.get("location")
            if status in _REDIRECTS and location:
                answer.close()
                current, previous = _redirect_target(current, location, url), current
                login, refused = self._login_after_redirect(current, previous), False
            elif status == 401 and not refused:
                other = self._credentials.login_after_refusal(current, login)
                if other is None:
                    return answer
                answer.close()
                login, refused = other, True
            else:
                return self._checked(answer, url)
        raise FetchFailedError(url, f"more than {_MAX_REDIRECTS} redirects")

    def _send(self, url: str, headers: Mapping[str, str], login: Login | None) -> requests.Response:
        bare = without_credentials(url)
        wanted = {"User-Agent": self._user_agent, "Accept": "*/*", **headers}
        if login is not None:
            wanted["Authorization"] = login.header
        timeout_s = self._connection.timeout_s
        try:
            request = requests.Request("GET", bare, headers=wanted).prepare()
            proxy = proxy_for(bare, configured=self._connection.proxy, environment=self._environment)
            self._counter.add(requests=1)
            adapter, verify = self._adapter_for(bare)
            return adapter.send(
                request,
                stream=True,
                timeout=(timeout_s, timeout_s),
                verify=verify,
                proxies={"http": proxy, "https": proxy} if proxy else None,
            )
        except (*_FAULTS, ValueError) as error:
            raise translated(error, url, timeout_s=timeout_s) from error

    def _adapter_for(self, url: str) -> tuple[SharedTlsAdapter, bool]:
        if self._unverified is not None:
            host = origin_of(url).partition("://")[2]
            if host in self._trusted_hosts or host.rpartition(":")[0] in self._trusted_hosts:
                return self._unverified, False
        return self._adapter, True

    def _own_login(self, url: str) -> Login | None:
        username, password = login_in(url)
        if username is not None and password is not None:
            return Login(username=username, password=password)
        return self._credentials.login_for(without_credentials(url))

    def _login_after_redirect(self, url: str, previous: str) -> Login | None:
        """Return a login of the new server's own; none if the redirect led out of TLS."""
        if previous.startswith("https:") and not url.startswith("https:"):
            return None
        return self._own_login(url)

    def _checked(self, answer: requests.Response, url: str) -> requests.Response:
        """Return the answer, or raise for a status that may pass or that means nothing to anybody."""
        status = answer.status_code
        if status in RETRIED_STATUSES:
            pause_s = seconds_of_retry_after(answer.headers.get("retry-after"), now=time.time())
            answer.close()
            raise PassingFaultError(status_text(status), pause_s=pause_s)
        if status < 200 or (status >= 500 and status != 501):
            answer.close()
            raise FetchFailedError(url, status_text(status))
        return answer


def _redirect_target(current: str, location: str, url: str) -> str:
    try:
        target = urljoin(current, location)
        origin_of(target)
    except ValueError as error:
        raise FetchFailedError(url, "it redirects to something that is not a URL") from error
    if not target.lower().startswith(("http://", "https://")):
        raise FetchFailedError(url, "it redirects to something other than http: or https:")
    return target
