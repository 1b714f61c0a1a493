"""What an HTTP status means that is an answer, but not the wished one."""

from __future__ import annotations

from collections.abc import Sequence

from driftcheck.index.connection.transport import FetchFailedError

_LOGIN_HINT = "give user and password in the URL, in netrc or in a keyring (--keyring-provider)"


def refusal(url: str, status: int, *, faults: Sequence[str] = ()) -> FetchFailedError:
    """Return the error to raise.

    Args:
        url: What was asked for.
        status: What the server said.
        faults: What went wrong with netrc or the keyring.
    """
    if status == 401:
        hint = "; ".join([_LOGIN_HINT, *faults])
        return FetchFailedError(url, "credentials are missing or refused (status 401)", hint)
    if status == 403:
        what = "access is refused, credentials may be missing (status 403)"
        return FetchFailedError(url, what, "check the credentials for this index")
    return FetchFailedError(url, status_text(status))


def status_text(status: int) -> str:
    """Return a status in words."""
    if status == 429:
        return "the server asks for fewer requests (status 429)"
    if status == 407:
        return "the proxy wants credentials (status 407)"
    return f"the server answered with status {status}"
