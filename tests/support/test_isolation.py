"""No test sees this machine's settings, and none but those marked `network` leaves it."""

import os
import socket
from pathlib import Path

import pytest
import requests

from tests.support.isolation import NetworkBlocked, scrub_environment


def test_strangers_are_out_of_reach() -> None:
    with pytest.raises(NetworkBlocked), socket.socket() as stranger:
        stranger.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkBlocked):
        requests.get("http://index.example/", timeout=5)


def test_the_environment_is_scrubbed(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path.home() == isolated
    for name in ("PIP_INDEX_URL", "DRIFTCHECK_OFFLINE", "NO_COLOR", "https_proxy", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, "x")

    scrub_environment(monkeypatch, isolated, keep_ways_out=True)
    assert {name for name, value in os.environ.items() if value == "x"} == {"https_proxy", "SSL_CERT_FILE"}

    scrub_environment(monkeypatch, isolated, keep_ways_out=False)
    assert "x" not in os.environ.values()
