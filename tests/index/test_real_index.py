"""The index that pip uses by default, asked as little as shows that we understand each other."""

import os
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.index import default_index_url
from driftcheck.model.catalogue import Catalogue
from driftcheck.model.settings import ConnectionSettings
from tests.support.catalogues import FLASK, opened

pytestmark = pytest.mark.network


def test_flask_is_what_it_was_in_2020(tmp_path: Path) -> None:
    environment = dict(os.environ)
    requests: list[int] = []
    for _ in range(2):
        with opened(
            default_index_url(), connection=ConnectionSettings(), cache=tmp_path, environment=environment
        ) as opened_catalogue:
            catalogue: Catalogue = opened_catalogue
            page = catalogue.page(FLASK)
            assert page is not None
            release = page.release(Version("1.1.2"))
            assert release is not None
            assert [file.filename for file in release.files] == [
                "Flask-1.1.2-py2.py3-none-any.whl",
                "Flask-1.1.2.tar.gz",
            ]
            assert release.uploaded is not None
            assert release.uploaded.isoformat() == "2020-04-03T17:17:53.739219+00:00"
            for file in release.files:
                metadata = catalogue.metadata(file)
                assert "Jinja2>=2.10.1" in {
                    text.replace(" ", "").replace("(", "").replace(")", "") for text in metadata.requires_dist
                }
            assert catalogue.page(canonicalize_name("no-such-project-3f1c9a")) is None
            assert catalogue.gaps == ()
            requests.append(opened_catalogue.statistics.requests)
    assert requests[1] == 0
