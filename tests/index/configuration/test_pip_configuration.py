import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from driftcheck.index.configuration.pip_configuration import read_pip_configuration, with_formats
from driftcheck.index.configuration.tool_settings import ToolSettings
from driftcheck.model.errors import SettingsError
from driftcheck.model.project import FormatControl
from driftcheck.model.settings import KeyringProvider


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A machine with nothing on it; `XDG_CONFIG_DIRS` keeps /etc/xdg out."""
    return {
        "HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "xdg"),
        "XDG_CONFIG_DIRS": str(tmp_path / "system"),
        "VIRTUAL_ENV": str(tmp_path / "venv"),
    }


PLACES = {
    "global": "system/pip/pip.conf",
    "legacy": "home/.pip/pip.conf",
    "user": "xdg/pip/pip.conf",
    "site": "venv/pip.conf",
    "chosen": "chosen.conf",
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes one of pip's files."""

    def written(place: str, text: str) -> Path:
        path = tmp_path / PLACES[place]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def read(environment: Mapping[str, str], folder: Path = Path("/work")) -> ToolSettings:
    return read_pip_configuration(environment, folder=folder, platform="linux")


def said(settings: ToolSettings) -> dict[str, Any]:
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {name: value for name, value in values.items() if value is not None and name != "sources"}


@pytest.fixture(autouse=True)
def no_etc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hides /etc/pip.conf of the machine."""
    real = Path.open

    def opened(self: Path, *args: Any, **kwargs: Any) -> Any:
        if str(self).startswith("/etc/"):
            raise FileNotFoundError(str(self))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opened)


Write = Callable[[str, str], Path]


def test_a_machine_without_configuration_says_nothing(environment: dict[str, str]) -> None:
    assert read(environment) == ToolSettings()


def test_every_key_is_read(environment: dict[str, str], write: Write) -> None:
    path = write(
        "user",
        """
[global]
index-url = https://index.example/simple
extra-index-url =
    https://one.example/simple
    https://two.example/simple
find-links = wheels https://index.example/links ~/more
no_index = no
trusted-host = index.example
cert = ~/ca.pem
client-cert = /c.pem
timeout = 60
retries = 7
proxy = http://proxy.example:3128
keyring-provider = subprocess
[install]
--only-binary = :all:
no-binary = Foo_Bar,baz
prefer-binary = true
pre = 1
require-hashes = on
[other]
timeout = 1
""",
    )
    settings = read(environment)

    assert said(settings) == {
        "index_url": "https://index.example/simple",
        "extra_index_urls": ("https://one.example/simple", "https://two.example/simple"),
        "find_links": ("/work/wheels", "https://index.example/links", f"{environment['HOME']}/more"),
        "no_index": False,
        "trusted_hosts": ("index.example",),
        "cert": f"{environment['HOME']}/ca.pem",
        "client_cert": "/c.pem",
        "timeout_s": 60.0,
        "retries": 7,
        "proxy": "http://proxy.example:3128",
        "keyring_provider": KeyringProvider.SUBPROCESS,
        "format_control": FormatControl(
            only_binary=frozenset({":all:"}), no_binary=frozenset({"foo-bar", "baz"})
        ),
        "prefer_binary": True,
        "pre": True,
        "require_hashes": True,
    }
    assert settings.sources == (str(path),)


def test_later_files_win(environment: dict[str, str], write: Write) -> None:
    for number, place in enumerate(("global", "legacy", "user", "site"), start=1):
        write(place, f"[global]\nretries = {number}\n")
        assert read(environment).retries == number
    chosen = write("chosen", "[global]\nretries = 5\n")
    with_file = {**environment, "PIP_CONFIG_FILE": str(chosen)}

    assert read(with_file).retries == 5
    assert read({**with_file, "PIP_RETRIES": "6"}).retries == 6
    assert read({**with_file, "PIP_RETRIES": "6"}).sources[-2:] == (str(chosen), "PIP_RETRIES")


def test_a_chosen_file_turns_the_users_off_but_not_the_machines(
    environment: dict[str, str], write: Write
) -> None:
    write("global", "[global]\nproxy = global\n")
    write("user", "[global]\nretries = 1\n")
    write("site", "[global]\ntimeout = 2\n")
    chosen = write("chosen", "[global]\npre = yes\n")

    found = said(read({**environment, "PIP_CONFIG_FILE": str(chosen)}))
    missing = said(read({**environment, "PIP_CONFIG_FILE": str(chosen) + ".none"}))

    assert found == {"proxy": "global", "timeout_s": 2.0, "pre": True}
    assert missing == {"proxy": "global", "timeout_s": 2.0, "retries": 1}


def test_the_null_device_turns_all_files_off(environment: dict[str, str], write: Write) -> None:
    write("global", "[global]\nretries = 1\n")

    assert said(read({**environment, "PIP_CONFIG_FILE": os.devnull, "PIP_PRE": "1"})) == {"pre": True}


def test_install_goes_over_global_even_from_a_weaker_file(environment: dict[str, str], write: Write) -> None:
    write("global", "[install]\nretries = 1\n")
    write("site", "[global]\nretries = 2\n")

    assert read(environment).retries == 1


def test_lists_replace_each_other_and_formats_add_up(environment: dict[str, str], write: Write) -> None:
    write("user", "[global]\nextra-index-url = a b\nno-binary = x\n[install]\nonly-binary = y\n")

    settings = read({**environment, "PIP_EXTRA_INDEX_URL": "c", "PIP_NO_BINARY": "z"})

    assert settings.extra_index_urls == ("c",)
    assert settings.format_control == FormatControl(
        only_binary=frozenset({"y"}), no_binary=frozenset({"x", "z"})
    )


def test_empty_values_count_as_not_given(environment: dict[str, str], write: Write) -> None:
    write("user", "[global]\nindex-url = https://index.example/\n")

    assert read({**environment, "PIP_INDEX_URL": "", "PIP_TIMEOUT": ""}).index_url == "https://index.example/"


@pytest.mark.parametrize(
    "name,field",
    [("PIP_DEFAULT_TIMEOUT", "timeout_s"), ("PIP_TIMEOUT", "timeout_s"), ("PIP_PYPI_URL", "index_url")],
)
def test_other_names_of_options_are_known(environment: dict[str, str], name: str, field: str) -> None:
    assert said(read({**environment, name: "3"})).keys() == {field}


@pytest.mark.parametrize(
    "text,expected",
    [
        ("a,B_c", ({"a", "b-c"}, set())),
        (":all:", ({":all:"}, set())),
        (":none:", (set(), {"y"})),
        (":all:,x", ({":all:"}, set())),
        (":all:,x,:none:,z", ({"z"}, set())),
        ("y", ({"old", "y"}, set())),
    ],
)
def test_formats_are_combined_as_pip_does(text: str, expected: tuple[set[str], set[str]]) -> None:
    earlier = FormatControl(only_binary=frozenset({"old"}), no_binary=frozenset({"y"}))
    if text == "a,B_c":
        earlier = FormatControl()

    combined = with_formats(earlier, text, is_binary_only=True)

    assert (set(combined.only_binary), set(combined.no_binary)) == expected


@pytest.mark.parametrize(
    "text,reason",
    [
        ("[global\nretries = 1", "File contains no section headers"),
        ("retries = 1", "File contains no section headers"),
        ("[global]\nretries = 1\nretries = 2", "already exists"),
        ("[global]\nretries = many", "retries: 'many' is not a whole number"),
        ("[global]\ntimeout = nan", "timeout: 'nan' is not a number of seconds"),
        ("[global]\npre = perhaps", "pre: 'perhaps' is not yes or no"),
        ("[global]\nkeyring-provider = mine", "'mine' is not one of auto, disabled, import, subprocess"),
    ],
)
def test_what_means_nothing_names_file_and_key(
    environment: dict[str, str], write: Write, text: str, reason: str
) -> None:
    path = write("user", text)

    with pytest.raises(SettingsError) as caught:
        read(environment)
    assert caught.value.message.startswith(f"{path}: ")
    assert reason in caught.value.message
    assert "\n" not in caught.value.message


def test_a_variable_that_means_nothing_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"PIP_RETRIES: retries: 'x' is not a whole number"):
        read({**environment, "PIP_RETRIES": "x"})


def test_a_file_that_is_no_text_is_told(environment: dict[str, str], write: Write) -> None:
    path = write("user", "")
    path.write_bytes(b"[global]\nproxy = \xff\xfe\n")

    with pytest.raises(SettingsError, match=r"is not .* text"):
        read(environment)


def test_a_huge_file_and_a_folder_are_told(environment: dict[str, str], write: Write) -> None:
    path = write("user", "#" * (1024**2 + 1))
    with pytest.raises(SettingsError, match="larger than"):
        read(environment)

    path.unlink()
    path.mkdir()
    with pytest.raises(SettingsError, match="can't be read"):
        read(environment)


@pytest.mark.parametrize(
    "platform,file,more",
    [
        ("win32", "machine/pip/pip.ini", {}),
        ("win32", "roaming/pip/pip.ini", {}),
        ("win32", "home/pip/pip.ini", {}),
        ("darwin", "home/.config/pip/pip.conf", {}),
        ("darwin", "home/Library/Application Support/pip/pip.conf", {}),
        ("darwin", "home/.pip/pip.conf", {}),
    ],
)
def test_the_places_of_other_systems_are_known(
    environment: dict[str, str], tmp_path: Path, platform: str, file: str, more: dict[str, str]
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text("[global]\nretries = 9\n", encoding="utf-8")
    places = {
        "USERPROFILE": str(tmp_path / "home"),
        "APPDATA": str(tmp_path / "roaming"),
        "PROGRAMDATA": str(tmp_path / "machine"),
    }

    assert read_pip_configuration({**environment, **places}, folder=tmp_path, platform=platform).retries == 9


@pytest.mark.slow
def test_pip_itself_sees_the_same(environment: dict[str, str], write: Write, tmp_path: Path) -> None:
    """`pip config list` prints what each section and variable ends up with."""
    write("global", "[global]\nindex-url = https://global.example\nretries = 1\n[install]\npre = yes\n")
    write("legacy", "[global]\nindex-url = https://legacy.example\ntimeout = 11\n")
    write(
        "user",
        "[global]\nindex-url = https://user.example\nextra-index-url =\n  https://a.example\n  https://b\n",
    )
    environment = {**environment, "PIP_NO_INDEX": "0", "PIP_TRUSTED_HOST": "h", "PATH": os.environ["PATH"]}
    own_environment = {name: value for name, value in environment.items() if name != "VIRTUAL_ENV"}

    ran = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list", "--disable-pip-version-check"],
        env=own_environment,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = dict(line.split("=", 1) for line in ran.stdout.splitlines())
    settings = read(own_environment)

    assert listed["global.index-url"].strip("'") == settings.index_url == "https://user.example"
    assert listed["global.retries"].strip("'") == str(settings.retries)
    assert listed["global.timeout"].strip("'") == "11"
    assert listed["install.pre"] == "'yes'"
    assert settings.pre is True
    assert settings.timeout_s == 11.0
    assert settings.extra_index_urls == ("https://a.example", "https://b")
    assert listed[":env:.trusted-host"].strip("'") == "h"
    assert settings.trusted_hosts == ("h",)
