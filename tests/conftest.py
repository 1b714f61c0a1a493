"""What every test has: an environment of its own, no network but this machine, and a local index."""

import itertools
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.index_server import IndexServer
from tests.support.isolation import block_network, scrub_environment
from tests.support.tls import Certificates, make_certificates

# A slow machine is no failure, and what fails must fail again.
settings.register_profile("driftcheck", deadline=None, derandomize=True, database=None)
settings.load_profile("driftcheck")

# A shell that starts tests in the background has them ignore Ctrl-C, and their children would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

_home_numbers = itertools.count()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds a home folder for every test."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def isolated(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, homes: Path) -> Path:
    """Scrubs the environment and, unless the test is marked `network`, closes the network; gives the home."""
    uses_network = request.node.get_closest_marker("network") is not None
    home = homes / str(next(_home_numbers))
    home.mkdir()
    scrub_environment(monkeypatch, home, keep_ways_out=uses_network)
    if not uses_network:
        block_network(monkeypatch)
    return home


@pytest.fixture
def index_server() -> Iterator[IndexServer]:
    """A running local index, empty."""
    with IndexServer() as server:
        yield server


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A throwaway authority with certificates for 127.0.0.1 and for a client."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))
