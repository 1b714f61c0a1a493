"""What an exception of requests, urllib3 or the socket below them means, in words a person can act upon."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

from driftcheck.index.connection.retry import PassingFaultError
from driftcheck.index.connection.transport import FetchFailedError

CERTIFICATE_HINT = "if the index has a certificate of your own authority, name its bundle with --cert"
CLIENT_CERTIFICATE_HINT = "name a PEM file with certificate and key with --client-cert"

_INVALID = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
    urllib3.exceptions.LocationParseError,
    UnicodeError,
)


def translated(error: Exception, url: str, *, timeout_s: float) -> PassingFaultError | FetchFailedError:
    """Return the error to raise instead: passing faults are tried again, the other kind is final."""
    chain = list(_causes(error))
    if isinstance(error, _INVALID):
        return FetchFailedError(url, "this is not a valid URL")
    for cause in chain:
        if isinstance(cause, ssl.SSLError):
            return _tls_fault(cause, url)
    if isinstance(error, requests.exceptions.ProxyError):
        return PassingFaultError("the proxy could not be used", is_host_down=True)
    return PassingFaultError(*_passing(error, chain, timeout_s), is_host_down=_no_connection(error, chain))


def _passing(error: Exception, chain: list[BaseException], timeout_s: float) -> tuple[str]:
    if any(isinstance(cause, socket.gaierror) for cause in chain):
        return ("the host's name is not known (DNS)",)
    if any(isinstance(cause, ConnectionRefusedError) for cause in chain):
        return ("the connection was refused",)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return (f"no connection within {timeout_s:g} s (timed out)",)
    timeouts = (requests.exceptions.Timeout, urllib3.exceptions.ReadTimeoutError, TimeoutError)
    if any(isinstance(cause, timeouts) for cause in chain):
        return (f"the server sent nothing for {timeout_s:g} s (timed out)",)
    if isinstance(error, requests.exceptions.ContentDecodingError | urllib3.exceptions.DecodeError):
        return ("the answer is not compressed as it claims",)
    cut_short = (urllib3.exceptions.IncompleteRead, urllib3.exceptions.InvalidChunkLength)
    if any(isinstance(cause, cut_short) for cause in chain):
        return ("the answer was cut short",)
    return ("the connection was closed before the answer was complete",)


def _no_connection(error: Exception, chain: list[BaseException]) -> bool:
    return isinstance(error, requests.exceptions.ConnectTimeout) or any(
        isinstance(cause, socket.gaierror | ConnectionRefusedError | urllib3.exceptions.NewConnectionError)
        for cause in chain
    )


def _tls_fault(error: ssl.SSLError, url: str) -> PassingFaultError | FetchFailedError:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message or "verification failed"
        return FetchFailedError(url, f"its certificate is not trusted ({why})", CERTIFICATE_HINT)
    reason = error.reason or ""
    if "CERTIFICATE" in reason or "HANDSHAKE_FAILURE" in reason:
        return FetchFailedError(
            url, f"the server wants another client certificate ({reason})", CLIENT_CERTIFICATE_HINT
        )
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNSUPPORTED_PROTOCOL"}:
        return FetchFailedError(url, f"the server does not speak TLS there ({reason})")
    what = f"the TLS connection broke ({reason or type(error).__name__})"
    return PassingFaultError(
        what, hint=f"if the server wants a client certificate, {CLIENT_CERTIFICATE_HINT}"
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and everything it was raised from or wraps, each once."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        wrapped = [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
        waiting.extend(item for item in wrapped if isinstance(item, BaseException))
