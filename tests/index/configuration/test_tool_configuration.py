import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from driftcheck.index.configuration.tool_configuration import discover
from driftcheck.model.errors import SettingsError
from driftcheck.model.project import FormatControl, IndexOptions
from driftcheck.model.settings import ConnectionSettings, KeyringProvider, ToolConfiguration


@pytest.fixture
def environment() -> dict[str, str]:
    """What the isolated test has: an empty home, and pip's files turned off."""
    return {**os.environ, "XDG_CONFIG_DIRS": "/nowhere"}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], None]:
    def written(text: str) -> None:
        (tmp_path / "uv.toml").write_text(text, encoding="utf-8")

    return written


Write = Callable[[str], None]


def test_without_any_configuration_it_is_the_default(environment: dict[str, str], tmp_path: Path) -> None:
    assert discover(environment, tmp_path) == ToolConfiguration()


def test_pip_wins_and_uv_fills_the_rest(environment: dict[str, str], tmp_path: Path, write: Write) -> None:
    write(
        'index-url = "https://uv.example"\nextra-index-url = ["https://more.example"]\nfind-links = ["/uv"]\n'
    )
    variables = {
        "PIP_EXTRA_INDEX_URL": "https://pip.example",
        "PIP_FIND_LINKS": "links",
        "PIP_ONLY_BINARY": "a",
        "PIP_CERT": "/ca.pem",
        "UV_HTTP_TIMEOUT": "90",
        "PIP_RETRIES": "0",
        "UV_HTTP_RETRIES": "9",
        "UV_KEYRING_PROVIDER": "subprocess",
        "UV_OFFLINE": "1",
    }

    assert discover({**environment, **variables}, tmp_path) == ToolConfiguration(
        options=IndexOptions(
            index_url="https://uv.example",
            extra_index_urls=("https://pip.example",),
            find_links=(str(tmp_path / "links"),),
            format_control=FormatControl(only_binary=frozenset({"a"})),
        ),
        connection=ConnectionSettings(
            cert="/ca.pem", timeout_s=90.0, retries=0, keyring_provider=KeyringProvider.SUBPROCESS
        ),
        is_offline=True,
        sources=(
            str(tmp_path / "uv.toml"),
            "UV_HTTP_RETRIES",
            "UV_HTTP_TIMEOUT",
            "UV_KEYRING_PROVIDER",
            "UV_OFFLINE",
            "PIP_EXTRA_INDEX_URL",
            "PIP_FIND_LINKS",
            "PIP_ONLY_BINARY",
            "PIP_CERT",
            "PIP_RETRIES",
        ),
    )


@pytest.mark.parametrize(
    "variables,expected",
    [
        ({}, True),
        ({"PIP_FIND_LINKS": "/x"}, True),
        ({"PIP_INDEX_URL": "https://pip.example"}, False),
        ({"PIP_EXTRA_INDEX_URL": "https://pip.example"}, False),
        ({"PIP_NO_INDEX": "1", "PIP_INDEX_URL": "https://pip.example"}, True),
        ({"PIP_NO_INDEX": "0"}, False),
    ],
)
def test_uvs_no_index_counts_only_if_pip_names_none(
    environment: dict[str, str], tmp_path: Path, write: Write, variables: dict[str, str], expected: bool
) -> None:
    write("no-index = true")

    assert discover({**environment, **variables}, tmp_path).options.no_index is expected


def test_certificates_for_requests_go_over_those_for_uv(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.touch()
    with_uv = {**environment, "SSL_CERT_FILE": str(path)}

    assert discover(with_uv, tmp_path).connection.cert == str(path)
    assert discover({**with_uv, "REQUESTS_CA_BUNDLE": "/other.pem"}, tmp_path).connection.cert is None


def test_relative_folders_will_do(
    environment: dict[str, str], tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write('find-links = ["x"]')
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")

    assert discover(environment, Path()).options.find_links == (str(tmp_path / "x"),)


def test_errors_reach_the_caller(environment: dict[str, str], tmp_path: Path, write: Write) -> None:
    write("index-url = ")

    with pytest.raises(SettingsError, match=r"uv\.toml: not TOML"):
        discover(environment, tmp_path)


def test_a_machine_without_files_costs_no_parser() -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from driftcheck.index.configuration.tool_configuration import discover\n"
        "discover({'PIP_CONFIG_FILE': os.devnull, 'UV_NO_CONFIG': '1'}, Path()); "
        "print(sorted({'configparser', 'tomllib', 'tomli', 'email', 'requests'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
