"""Which user name and password go to which server: from the index URL, from netrc, from the keyring.

A login is only ever sent to the origin (scheme, host and port) that it was given for; a netrc entry to its
host. Nothing here is logged, and no object shows a password in its `repr`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from driftcheck.index.connection.keyring_login import KeyringFailedError, ask_keyring
from driftcheck.index.connection.origin import origin_of
from driftcheck.model.settings import KeyringProvider
from driftcheck.support.redaction import without_credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user name and a password."""

    username: str
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of `Authorization` (RFC 7617, UTF-8)."""
        import base64  # noqa: PLC0415 - most indexes want no login

        return "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class _KnownIndex:
    """An index URL with what it says of the login."""

    url: str
    """Without credentials, with a slash at its end."""
    origin: str
    username: str | None
    password: str | None = field(repr=False)

    @property
    def login(self) -> Login | None:
        """The login, `None` if the URL has at most a user name (then the password may be in the keyring)."""
        if self.password is None:
            return None
        return Login(username=self.username or "", password=self.password)


def login_in(url: str) -> tuple[str | None, str | None]:
    """Return user name and password of a URL, unquoted, `None` for what it does not have."""
    try:
        userinfo, at, _ = urlsplit(url).netloc.rpartition("@")
    except ValueError:  # malformed: it is reported when it is asked
        return None, None
    if not at:
        return None, None
    username, colon, password = userinfo.partition(":")
    return unquote(username), (unquote(password) if colon else None)


class Credentials:
    """The logins of one run; safe for threads.

    Args:
        index_urls: Every index and find-links URL as configured, credentials included.
        provider: Whether and how to ask the keyring.
        environment: For `NETRC`, the home folder and `PATH`.
    """

    def __init__(
        self, index_urls: Iterable[str], *, provider: KeyringProvider, environment: Mapping[str, str]
    ) -> None:
        self._provider = provider
        self._environment = environment
        self._indexes = [known for url in index_urls if (known := _known_index(url)) is not None]
        self._lock = threading.Lock()
        self._from_keyring: dict[str, Login | None] = {}
        self._netrc_logins: dict[str, Login | None] = {}
        self.faults: list[str] = []
        """What went wrong with netrc or the keyring, for the hint of a refusal."""

    def login_for(self, url: str) -> Login | None:
        """Return the login to send with the first try, `None` to ask without."""
        origin = origin_of(url)
        index = self._index_of(url, origin)
        if index is not None and index.login is not None:
            return index.login
        with self._lock:
            asked = self._from_keyring.get(origin)
        return asked or self._from_netrc(url)

    def login_after_refusal(self, url: str, refused: Login | None) -> Login | None:
        """Return another login after a 401, `None` if there is none; the keyring is asked once per origin."""
        origin = origin_of(url)
        index = self._index_of(url, origin)
        username = index.username if index is not None else None
        with self._lock:
            if origin not in self._from_keyring:
                self._from_keyring[origin] = self._ask(url, index, username)
            login = self._from_keyring[origin]
        if login is None and refused is None and username:
            login = Login(username=username, password="")  # a token in place of the user name
        return login if login != refused else None

    def _ask(self, url: str, index: _KnownIndex | None, username: str | None) -> Login | None:
        services = [index.url] if index is not None else []
        services.append(urlsplit(without_credentials(url)).netloc)
        try:
            found = ask_keyring(self._provider, services, username, environment=self._environment)
        except KeyringFailedError as error:
            self.faults.append(str(error))
            return None
        return Login(username=found[0], password=found[1]) if found else None

    def _index_of(self, url: str, origin: str) -> _KnownIndex | None:
        """Return the index a URL lies below, else one on the same server (its files), `None` if none is."""
        near = [index for index in self._indexes if index.origin == origin]
        below = [index for index in near if url.startswith(index.url)]
        return max(below, key=lambda index: len(index.url)) if below else next(iter(near), None)

    def _from_netrc(self, url: str) -> Login | None:
        host = urlsplit(url).hostname or ""
        with self._lock:
            if host not in self._netrc_logins:
                self._netrc_logins[host] = self._read_netrc(host)
            return self._netrc_logins[host]

    def _read_netrc(self, host: str) -> Login | None:
        path = _netrc_path(self._environment)
        if path is None:
            return None
        import netrc  # noqa: PLC0415 - most machines have no such file

        try:
            found = netrc.netrc(path).authenticators(host)
        except (OSError, netrc.NetrcParseError, UnicodeError) as error:
            self.faults.append(f"{path} could not be read ({type(error).__name__})")
            return None
        return Login(username=found[0] or found[1] or "", password=found[2] or "") if found else None


def _known_index(url: str) -> _KnownIndex | None:
    bare = without_credentials(url)
    try:
        origin = origin_of(bare)
    except ValueError:  # malformed: it is reported when it is asked
        return None
    if not origin.startswith(("http:", "https:")):
        return None
    username, password = login_in(url)
    return _KnownIndex(url=bare.rstrip("/") + "/", origin=origin, username=username, password=password)


def _netrc_path(environment: Mapping[str, str]) -> str | None:
    """Return the file that requests would read: `NETRC`, else `.netrc` or `_netrc` at home."""
    named = environment.get("NETRC")
    home = environment.get("HOME") or environment.get("USERPROFILE")
    candidates = (
        [Path(named)] if named else [Path(home) / name for name in (".netrc", "_netrc")] if home else []
    )
    return next((str(path) for path in candidates if path.is_file()), None)
