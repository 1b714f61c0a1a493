"""What keeps a test from this machine and from the network: a scrubbed environment and a closed door."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest

_PREFIXES = ("DRIFTCHECK_", "GITHUB_", "GITLAB_", "PIP_", "UV_", "XDG_")
_NAMES = {
    "CI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "COLUMNS",
    "CONDA_PREFIX",
    "FORCE_COLOR",
    "LINES",
    "NETRC",
    "NO_COLOR",
    "PYTHONPATH",
    "PYTHONWARNINGS",
    "PY_COLORS",
    "TERM",
    "TF_BUILD",
    "TTY_COMPATIBLE",
    "TTY_INTERACTIVE",
    "VIRTUAL_ENV",
}
_WAYS_OUT = {"CURL_CA_BUNDLE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"}
"""Certificates and, by their ending, proxies: a test marked `network` may need this machine's."""
_LOOPBACK = {"", "127.0.0.1", "::1", "localhost", "0.0.0.0", None}


class NetworkBlocked(RuntimeError):
    """A test not marked `network` asked for more than this machine.

    It is no `OSError`, so that code which rightly handles a failing network does not hide it.
    """


def scrub_environment(monkeypatch: pytest.MonkeyPatch, home: Path, *, keep_ways_out: bool) -> None:
    """Removes every variable that changes what driftcheck does, and moves the home folder to `home`.

    Args:
        keep_ways_out: Whether the variables with certificates and proxies stay.
    """
    for name in tuple(os.environ):
        is_way_out = name in _WAYS_OUT or name.upper().endswith("_PROXY")
        if is_way_out and keep_ways_out:
            continue
        if is_way_out or name in _NAMES or name.startswith(_PREFIXES):
            monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name, folder in (
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("APPDATA", "AppData/Roaming"),
        ("LOCALAPPDATA", "AppData/Local"),
    ):
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def block_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets sockets of this process connect, and names resolve, to this machine alone."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_strangers(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_strangers(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_strangers(socket.AF_INET, (host,))
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)


def _refuse_strangers(family: int, address: Any) -> None:
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = address[0].decode() if isinstance(address[0], bytes) else address[0]
    if host not in _LOOPBACK:
        raise NetworkBlocked(f"this test is not marked `network` and asked for {host}")
