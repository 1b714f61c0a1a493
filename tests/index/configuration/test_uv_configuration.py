import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from driftcheck.index.configuration.tool_settings import ToolSettings
from driftcheck.index.configuration.uv_configuration import read_uv_configuration
from driftcheck.model.errors import SettingsError
from driftcheck.model.project import FormatControl
from driftcheck.model.settings import KeyringProvider

UV = Path(sys.executable).with_name("uv")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "xdg"),
        "XDG_CONFIG_DIRS": str(tmp_path / "system"),
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def written(place: str, text: str) -> Path:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


Write = Callable[[str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "project" / "sub"
    path.mkdir(parents=True)
    return path


def said(settings: ToolSettings) -> dict[str, Any]:
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {name: value for name, value in values.items() if value is not None and name != "sources"}


def read(environment: Mapping[str, str], folder: Path) -> dict[str, Any]:
    return said(read_uv_configuration(environment, folder=folder, platform="linux"))


def test_a_machine_without_configuration_says_nothing(environment: dict[str, str], folder: Path) -> None:
    assert read_uv_configuration(environment, folder=folder, platform="linux") == ToolSettings()


INDEXES = """
[[tool.uv.index]]
name = "private"
url = "https://private.example/simple"
default = true
[[tool.uv.index]]
name = "pytorch"
url = "https://torch.example/simple"
explicit = true
[[tool.uv.index]]
name = "second-one"
url = "https://second.example/simple"
[[tool.uv.index]]
name = "flat"
url = "./flat"
format = "flat"
[tool.uv]
extra-index-url = ["https://legacy.example/simple"]
find-links = ["wheels", "https://links.example/"]
"""


def test_the_indexes_of_a_project_are_read(
    environment: dict[str, str], folder: Path, write: Write, tmp_path: Path
) -> None:
    path = write("project/pyproject.toml", INDEXES)
    project = tmp_path / "project"

    settings = read_uv_configuration(environment, folder=folder, platform="linux")

    assert said(settings) == {
        "index_url": "https://private.example/simple",
        "extra_index_urls": ("https://second.example/simple", "https://legacy.example/simple"),
        "find_links": (f"{project}/wheels", "https://links.example/", f"{project}/flat"),
    }
    assert settings.sources == (str(path),)


def test_credentials_of_variables_go_into_the_url(
    environment: dict[str, str], folder: Path, write: Write
) -> None:
    write("project/pyproject.toml", INDEXES)
    logins = {
        "UV_INDEX_PRIVATE_USERNAME": "me",
        "UV_INDEX_PRIVATE_PASSWORD": "p@ss/word",
        "UV_INDEX_SECOND_ONE_PASSWORD": "token",
    }

    found = read({**environment, **logins}, folder)

    assert found["index_url"] == "https://me:p%40ss%2Fword@private.example/simple"
    assert found["extra_index_urls"][0] == "https://:token@second.example/simple"


def test_variables_go_over_files(environment: dict[str, str], folder: Path, write: Write) -> None:
    write("project/pyproject.toml", INDEXES)
    variables = {
        "UV_DEFAULT_INDEX": "main=https://main.example/simple",
        "UV_INDEX": "https://a.example/simple second-one=https://b.example/simple",
        "UV_EXTRA_INDEX_URL": "https://c.example/simple",
        "UV_FIND_LINKS": "/links,more",
        "UV_INSECURE_HOST": "a.example b.example:8080",
        "UV_HTTP_TIMEOUT": "90",
        "UV_KEYRING_PROVIDER": "subprocess",
        "UV_OFFLINE": "true",
        "UV_PRERELEASE": "allow",
    }

    assert read({**environment, **variables}, folder) == {
        "index_url": "https://main.example/simple",
        "extra_index_urls": (
            "https://a.example/simple",
            "https://b.example/simple",
            "https://c.example/simple",
            "https://legacy.example/simple",
        ),
        "find_links": (
            "/links",
            f"{folder}/more",
            f"{folder.parent}/wheels",
            "https://links.example/",
            f"{folder.parent}/flat",
        ),
        "trusted_hosts": ("a.example", "b.example:8080"),
        "timeout_s": 90.0,
        "keyring_provider": KeyringProvider.SUBPROCESS,
        "is_offline": True,
        "pre": True,
    }


def test_files_add_up_and_the_nearest_wins(environment: dict[str, str], folder: Path, write: Write) -> None:
    write("system/uv/uv.toml", 'no-index = true\nindex-url = "https://system.example"\nfind-links = ["/s"]\n')
    write("xdg/uv/uv.toml", 'index-url = "https://user.example"\nfind-links = ["/u"]\noffline = true\n')
    write("project/uv.toml", 'find-links = ["/p"]\noffline = false\n[pip]\nfind-links = ["/pp"]\n')

    assert read(environment, folder) == {
        "index_url": "https://user.example",
        "find_links": ("/pp", "/p", "/u", "/s"),
        "no_index": True,
        "is_offline": False,
    }


def test_a_uv_toml_hides_the_pyproject_beside_it(
    environment: dict[str, str], folder: Path, write: Write
) -> None:
    write("project/pyproject.toml", INDEXES)
    write("project/uv.toml", 'keyring-provider = "disabled"')

    assert read(environment, folder) == {"keyring_provider": KeyringProvider.DISABLED}


def test_a_pyproject_without_uv_does_not_end_the_search(
    environment: dict[str, str], folder: Path, write: Write
) -> None:
    write("project/sub/pyproject.toml", '[project]\nname = "uv-less"\n[tool.other]\nx = 1\n')
    write("project/uv.toml", "offline = true")

    assert read(environment, folder) == {"is_offline": True}


def test_a_chosen_file_takes_the_place_of_all(
    environment: dict[str, str], folder: Path, write: Write
) -> None:
    write("project/uv.toml", "offline = true")
    chosen = write("other/mine.toml", 'index-url = "./simple"')

    assert read({**environment, "UV_CONFIG_FILE": str(chosen)}, folder) == {
        "index_url": str(chosen.parent / "simple")
    }
    assert read({**environment, "UV_NO_CONFIG": "1"}, folder) == {}
    with pytest.raises(SettingsError, match="UV_CONFIG_FILE: there is no file"):
        read({**environment, "UV_CONFIG_FILE": "none.toml"}, folder)


def test_formats_of_uv_become_pips(environment: dict[str, str], folder: Path, write: Write) -> None:
    write(
        "project/uv.toml",
        'no-build = true\nno-binary-package = ["A_b"]\n[pip]\nno-binary = [":none:", "c"]\n',
    )

    assert read(environment, folder) == {
        "format_control": FormatControl(only_binary=frozenset({":all:"}), no_binary=frozenset({"a-b", "c"}))
    }


def test_certificates_count_if_they_are_there(
    environment: dict[str, str], folder: Path, write: Write
) -> None:
    path = write("ca.pem", "")

    assert read({**environment, "SSL_CERT_FILE": str(path), "SSL_CLIENT_CERT": "/none.pem"}, folder) == {
        "cert": str(path)
    }


@pytest.mark.parametrize(
    "text,reason",
    [
        ("index-url = [", "not TOML"),
        ("index-url = 3", "index-url: '3' is not a string"),
        ("extra-index-url = 'a'", "extra-index-url: 'a' is not a list of strings"),
        ("index = 3", "index: '3' is not an array of tables"),
        ("index = [3]", "index[0]: '3' is not a table"),
        ("[[index]]\nname = 'x'", "index[0].url: 'None' is not a URL"),
        ("[[index]]\nurl = 'https://me:secret@x'\ndefault = 1", "index[0].default: '1' is not true or false"),
        ("no-index = 'yes'", "no-index: 'yes' is not true or false"),
        ("pip = 1", "pip: '1' is not a table"),
        ("[pip]\nkeyring-provider = 'x'", "pip.keyring-provider: 'x' is not one of"),
    ],
)
def test_what_means_nothing_names_file_and_key(
    environment: dict[str, str], folder: Path, write: Write, text: str, reason: str
) -> None:
    path = write("project/uv.toml", text)

    with pytest.raises(SettingsError) as caught:
        read(environment, folder)
    assert caught.value.message.startswith(f"{path}: {reason}")


@pytest.mark.parametrize("text", ["tool = {uv = 3}", "tool.uv = []"])
def test_a_tool_table_of_another_shape_is_told(
    environment: dict[str, str], folder: Path, write: Write, text: str
) -> None:
    write("project/pyproject.toml", text)

    with pytest.raises(SettingsError, match=r"tool\.uv: expected a table"):
        read(environment, folder)


@pytest.mark.parametrize("name", ["UV_OFFLINE", "UV_NO_CONFIG", "UV_HTTP_TIMEOUT", "UV_KEYRING_PROVIDER"])
def test_a_variable_that_means_nothing_is_named(environment: dict[str, str], folder: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"environment: {name}: 'perhaps' is not"):
        read({**environment, name: "perhaps"}, folder)


@pytest.mark.slow
@pytest.mark.skipif(not UV.exists(), reason="uv is not installed")
def test_uv_itself_sees_the_same(environment: dict[str, str], folder: Path, write: Write) -> None:
    write("project/pyproject.toml", INDEXES)
    write("xdg/uv/uv.toml", 'index-url = "https://user.example/simple"\nfind-links = ["/u"]\n')
    everything = {
        **environment,
        "UV_INDEX": "https://a.example/simple",
        "UV_EXTRA_INDEX_URL": "https://b.example/simple https://c.example/simple",
        "UV_FIND_LINKS": "/x,/y",
    }

    shown = subprocess.run(
        [UV, "pip", "compile", "--show-settings", os.devnull],
        env=everything,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    locations = shown[shown.index("index_locations") :]
    found = re.findall(
        r'given: Some\(\s*("[^"]*").*?explicit: (\w+),\s*default: (\w+).*?format: (\w+)', locations, re.DOTALL
    )
    urls = [(json.loads(given), explicit, default, form) for given, explicit, default, form in found]
    settings = read(everything, folder)

    plain = [
        url
        for url, explicit, default, form in urls
        if (explicit, default, form) == ("false", "false", "Simple")
    ]
    assert settings["extra_index_urls"] == tuple(plain)
    assert settings["index_url"] == next(url for url, _, default, _ in urls if default == "true")
    flat = {Path(folder.parent, url).name for url, _, _, form in urls if form == "Flat"}
    assert {Path(link).name for link in settings["find_links"]} == flat
