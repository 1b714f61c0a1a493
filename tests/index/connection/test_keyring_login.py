"""The keyring, through a real module and a real command on a temporary path."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from driftcheck.index.connection.keyring_login import KeyringFailedError, ask_keyring
from driftcheck.model.errors import IndexUnavailableError
from driftcheck.model.settings import ConnectionSettings, KeyringProvider
from tests.support.catalogues import FLASK, opened
from tests.support.index_server import IndexServer

MODULE = """
from collections import namedtuple
Credential = namedtuple("Credential", "username password")

def get_credential(service, username):
    with open({log!r}, "a") as file:
        file.write(f"{{service}} {{username}}\\n")
    {action}
"""
GIVES = "return Credential('user', 'secret') if service.startswith('http') else None"
COMMAND = """#!{python}
import sys, time
{action}
"""


def install_module(monkeypatch: pytest.MonkeyPatch, folder: Path, action: str = GIVES) -> Path:
    log = folder / "asked"
    (folder / "keyring.py").write_text(MODULE.format(log=str(log), action=action))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    return log


def install_command(folder: Path, action: str) -> dict[str, str]:
    path = folder / "keyring"
    path.write_text(COMMAND.format(python=sys.executable, action=action))
    path.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(autouse=True)
def forget_the_module() -> object:
    yield
    sys.modules.pop("keyring", None)


def test_the_module_is_asked_once_and_only_after_a_refusal(
    index_server: IndexServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = install_module(monkeypatch, tmp_path)
    connection = ConnectionSettings(keyring_provider=KeyringProvider.IMPORT, retries=0)
    with opened(index_server.url, connection=connection) as catalogue:
        catalogue.page(FLASK)
    assert not log.exists()
    index_server.credentials = ("user", "secret")
    names = [canonicalize_name(f"p{number}") for number in range(20)]
    with opened(index_server.url, connection=connection) as catalogue:
        catalogue.prefetch_pages(names)
        assert [catalogue.page(name) for name in names] == [None] * 20
    assert log.read_text() == f"{index_server.url} None\n"


def test_the_command_is_asked_with_the_user_of_the_url(index_server: IndexServer, tmp_path: Path) -> None:
    environment = install_command(
        tmp_path, "assert sys.argv[1] == 'get'\nprint('secret' if sys.argv[3] == 'user' else '')"
    )
    index_server.credentials = ("user", "secret")
    connection = ConnectionSettings(keyring_provider=KeyringProvider.SUBPROCESS, retries=0)
    url = index_server.url.replace("//", "//user@")
    with opened(url, connection=connection, environment=environment) as catalogue:
        assert catalogue.page(FLASK) is None
    assert ask_keyring(KeyringProvider.SUBPROCESS, ["x"], None, environment=environment) is None


def test_auto_falls_back_to_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = install_command(tmp_path, "print('secret')")
    monkeypatch.setitem(sys.modules, "keyring", None)
    found = ask_keyring(KeyringProvider.AUTO, ["x"], "user", environment=environment)
    assert found == ("user", "secret")
    assert ask_keyring(KeyringProvider.IMPORT, ["x"], "user", environment=environment) is None
    assert ask_keyring(KeyringProvider.AUTO, ["x"], "user", environment={"PATH": ""}) is None


def test_disabled_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = install_module(monkeypatch, tmp_path)
    assert ask_keyring(KeyringProvider.DISABLED, ["https://x"], "user", environment={}) is None
    assert not log.exists()


@pytest.mark.parametrize(
    "action, words", [("raise RuntimeError('secret')", "failed"), ("import time; time.sleep(3)", "0.2 s")]
)
def test_a_module_that_breaks_or_hangs(
    action: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_module(monkeypatch, tmp_path, action)
    before = time.monotonic()
    with pytest.raises(KeyringFailedError, match=words) as caught:
        ask_keyring(KeyringProvider.IMPORT, ["https://x"], None, environment={}, patience_s=0.2)
    assert "secret" not in str(caught.value)
    assert time.monotonic() - before < 2


def test_a_command_that_fails_or_hangs(tmp_path: Path) -> None:
    environment = install_command(tmp_path, "sys.exit('no such')")
    assert ask_keyring(KeyringProvider.SUBPROCESS, ["x"], "user", environment=environment) is None
    environment = install_command(tmp_path, "time.sleep(3)")
    with pytest.raises(KeyringFailedError, match=r"0\.2 s"):
        ask_keyring(KeyringProvider.SUBPROCESS, ["x"], "user", environment=environment, patience_s=0.2)


def test_a_broken_keyring_is_named_in_the_hint(
    index_server: IndexServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_module(monkeypatch, tmp_path, "raise RuntimeError('x')")
    index_server.credentials = ("user", "secret")
    connection = ConnectionSettings(keyring_provider=KeyringProvider.IMPORT, retries=0)
    with (
        opened(index_server.url, connection=connection) as catalogue,
        pytest.raises(IndexUnavailableError, match="credentials are missing") as caught,
    ):
        catalogue.page(FLASK)
    assert "the keyring failed (RuntimeError)" in (caught.value.hint or "")


def test_the_import_of_the_index_is_light() -> None:
    heavy = "requests", "urllib3", "pypi_simple", "pydantic", "email", "keyring", "concurrent", "http", "ssl"
    code = f"import driftcheck.index, sys; print([n for n in {heavy!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
