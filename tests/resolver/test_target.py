"""Targets: which wheels, markers and Pythons a name means."""

import subprocess
import sys
import time
from pathlib import Path

import packaging
import pytest
from packaging import tags as packaging_tags
from packaging.markers import default_environment
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.version import Version

from driftcheck.model.errors import SettingsError
from driftcheck.model.project import Project
from driftcheck.resolver.platforms import platform_named, platform_names
from driftcheck.resolver.target import LATEST_PATCH, default_python, make_target

OFFERED_BY_UV = [
    "windows",
    "linux",
    "macos",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
    "i686-pc-windows-msvc",
    "x86_64-unknown-linux-gnu",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "x86_64-unknown-linux-musl",
    "riscv64-unknown-linux",
    "x86_64-manylinux2014",
    "x86_64-manylinux_2_17",
    "x86_64-manylinux_2_28",
    "x86_64-manylinux_2_31",
    "x86_64-manylinux_2_40",
    "aarch64-manylinux2014",
    "aarch64-manylinux_2_17",
    "aarch64-manylinux_2_28",
    "aarch64-manylinux_2_40",
    "aarch64-linux-android",
    "x86_64-linux-android",
    "wasm32-pyodide2024",
    "wasm32-pyodide2025",
    "arm64-apple-ios",
    "arm64-apple-ios-simulator",
    "x86_64-apple-ios-simulator",
]


def test_the_running_machine_has_the_tags_that_packaging_computes() -> None:
    target = make_target(None, None)

    assert target.tags == tuple(packaging_tags.sys_tags())


@pytest.mark.skipif(Version(packaging.__version__) < Version("26.3"), reason="linux_* came last until 26.3")
@pytest.mark.skipif(sys.platform != "linux", reason="names a Linux")
def test_the_running_machine_by_its_name_is_the_same_target() -> None:
    running = make_target(None, None)

    named = make_target(".".join(map(str, sys.version_info[:3])), running.platform)

    assert named.tags == running.tags
    assert named == running


def test_the_running_machine_has_its_markers_but_for_release_and_version_of_the_system() -> None:
    expected = {**default_environment(), "platform_release": "", "platform_version": ""}

    assert make_target(None, None).marker_environment == expected


@pytest.mark.parametrize("name", OFFERED_BY_UV)
def test_every_platform_of_uv_is_known(name: str) -> None:
    target = make_target("3.13", name)

    assert target.platform == name
    assert target.tag_ranks[Tag("cp313", "cp313", target.platform_tag)] < 60
    assert Tag("py3", "none", "any") in target.tag_ranks


@pytest.mark.slow
def test_uv_offers_no_platform_that_is_not_known() -> None:
    uv = Path(sys.executable).with_name("uv")
    text = subprocess.run([uv, "pip", "compile", "--help"], check=True, capture_output=True, text=True).stdout
    listed = (
        " ".join(text.split())
        .split("--python-platform <", 1)[1]
        .split("possible values:", 1)[1]
        .split("]", 1)[0]
    )

    assert [name for name in listed.replace(",", " ").split() if platform_named(name) is None] == []


def test_linux_is_what_the_json_contract_shows() -> None:
    target = make_target("3.9.18", "linux")

    assert (str(target.python_version), target.platform, target.platform_tag) == (
        "3.9.18",
        "linux",
        "manylinux_2_36_x86_64",
    )
    assert target.marker_environment["python_full_version"] == "3.9.18"
    assert target.marker_environment["python_version"] == "3.9"


@pytest.mark.parametrize(
    "platform, tag, fits",
    [
        ("linux", "cp39-cp39-manylinux2014_x86_64", True),
        ("linux", "cp39-cp39-manylinux1_x86_64", True),
        ("linux", "cp36-abi3-manylinux_2_28_x86_64", True),
        ("linux", "cp39-cp39-manylinux_2_39_x86_64", False),
        ("linux", "cp39-cp39-musllinux_1_1_x86_64", False),
        ("linux", "cp310-cp310-manylinux2014_x86_64", False),
        ("x86_64-manylinux_2_28", "cp39-cp39-manylinux_2_34_x86_64", False),
        ("aarch64-unknown-linux-gnu", "cp39-cp39-manylinux2014_aarch64", True),
        ("aarch64-unknown-linux-gnu", "cp39-cp39-manylinux1_aarch64", False),
        ("x86_64-unknown-linux-musl", "cp39-cp39-musllinux_1_2_x86_64", True),
        ("x86_64-unknown-linux-musl", "cp39-cp39-manylinux2014_x86_64", False),
        ("macos", "cp39-cp39-macosx_11_0_arm64", True),
        ("macos", "cp39-cp39-macosx_10_9_universal2", True),
        ("macos", "cp39-cp39-macosx_14_0_arm64", False),
        ("x86_64-apple-darwin", "cp39-cp39-macosx_10_9_x86_64", True),
        ("windows", "cp39-cp39-win_amd64", True),
        ("windows", "cp39-cp39-win32", False),
    ],
)
def test_wheels_that_fit_a_platform(platform: str, tag: str, fits: bool) -> None:
    (expected,) = packaging_tags.parse_tag(tag)

    assert (expected in make_target("3.9", platform).tag_ranks) is fits


def test_old_abis_are_named_with_m() -> None:
    assert str(make_target("3.7", "windows").tags[0]) == "cp37-cp37m-win_amd64"


@pytest.mark.parametrize(
    "text, version",
    [
        ("3.9", "3.9.25"),
        ("3.9.18", "3.9.18"),
        ("3.14", "3.14.7"),
        ("3.99", "3.99.0"),
        ("cpython-3.8", "3.8.20"),
    ],
)
def test_versions_of_python(text: str, version: str) -> None:
    assert str(make_target(text, "linux").python_version) == version


@pytest.mark.parametrize(
    "text, said",
    [
        ("3.13t", "free-threaded"),
        ("3.14.1+freethreaded", "free-threaded"),
        ("pypy3.9", "only CPython"),
        ("2.7", "only CPython 3"),
        ("latest", "not a Python version"),
        ("3", "not a Python version"),
        ("3.9.18.1", "not a Python version"),
        ("3.9\x1b[0m", "not a Python version"),
    ],
)
def test_pythons_that_can_not_be_asked_for(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        make_target(text, "linux")

    assert caught.value.hint is not None
    assert "3.12.4" in caught.value.hint


@pytest.mark.parametrize("name", ["", "Linux", "linux64", "x86_64-manylinux_2_999", "sparc-manylinux_2_17"])
def test_an_unknown_platform_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(SettingsError, match="not known") as caught:
        make_target("3.9", name)

    assert all(known in (caught.value.hint or "") for known in platform_names())


def test_a_mistyped_platform_is_guessed() -> None:
    with pytest.raises(SettingsError) as caught:
        make_target("3.9", "linx")
    assert (caught.value.hint or "").startswith("did you mean 'linux'? known are: ")


@pytest.mark.parametrize(
    "pin, requires_python, expected",
    [
        (None, None, "3.11.7"),
        ("3.10", ">=3.12", "3.10"),
        (None, ">=3.8", "3.11.7"),
        (None, ">=3.12", "3.12"),
        (None, "<3.10,>=3.8", "3.8"),
        (None, ">=4", "3.11.7"),
    ],
)
def test_the_python_where_none_is_named(pin: str | None, requires_python: str | None, expected: str) -> None:
    allowed = None if requires_python is None else SpecifierSet(requires_python)
    project = Project(name="p", inputs=(), declarations=(), requires_python=allowed, python_pin=pin)

    assert default_python(project, "3.11.7") == expected


def test_a_target_is_made_quickly() -> None:
    make_target("3.9", "linux")
    start = time.process_time()
    for minor in range(6, 15):
        make_target(f"3.{minor}", "macos")

    assert (time.process_time() - start) / len(LATEST_PATCH) < 0.015
