"""What several tests of the index start from."""

from pathlib import Path

import pytest

from tests.support.distributions import build_wheel
from tests.support.index_server import IndexServer


@pytest.fixture
def server(index_server: IndexServer, tmp_path: Path) -> IndexServer:
    """An index with flask 1.0 and 2.0."""
    for version in ("1.0", "2.0"):
        index_server.add(build_wheel(tmp_path / "dist", "flask", version, requires=["jinja2>=2"]))
    index_server.offers.gzip = False
    return index_server
