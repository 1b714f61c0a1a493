"""Where a release has wheels, in words."""

import pytest
from packaging.tags import parse_tag

from driftcheck.model.wheel_reach import platform_names, python_names, reach
from driftcheck.resolver.target import make_target
from tests.checks.snapshots import TARGET, Index, wheel

MACOS = make_target("3.9.18", "aarch64-apple-darwin")


@pytest.mark.parametrize(
    "tags,words",
    [
        (["cp36-cp36m-any", "cp37-cp37m-any", "cp39-cp39-any"], "Python 3.6–3.7 and 3.9"),
        (["cp27-cp27mu-any", "cp35-cp35m-any"], "Python 2.7 and 3.5"),
        (["py2.py3-none-any"], "Python 2 and Python 3"),
        (["cp38-abi3-any"], "Python 3.8 and later"),
        (["cp313-cp313t-any"], "free-threaded Python 3.13"),
        (["pp39-pypy39_pp73-any"], "PyPy 3.9"),
        (["graalpy311-graalpy241_311_native-any", "jython27-none-any"], "graalpy311 and jython27"),
        ([], "nothing"),
    ],
)
def test_pythons(tags: list[str], words: str) -> None:
    assert python_names([tag for text in tags for tag in parse_tag(text)]) == words


@pytest.mark.parametrize(
    "platforms,words",
    [
        (["win_amd64", "win32"], "Windows"),
        (["musllinux_1_2_x86_64", "macosx_11_0_arm64"], "macOS and musl Linux"),
        (["manylinux_2_34_x86_64", "win32"], "manylinux_2_34_x86_64 and Windows"),
        (["manylinux_2_17_aarch64"], "manylinux_2_17_aarch64"),
        (["ios_13_0_arm64_iphoneos", "android_21_arm64_v8a"], "Android and iOS"),
        (["haiku_1_r1"], "haiku_1_r1"),
    ],
)
def test_platforms(platforms: list[str], words: str) -> None:
    tags = [tag for platform in platforms for tag in parse_tag(f"py3-none-{platform}")]

    assert platform_names(tags, TARGET) == words


def test_a_newer_macos_than_the_target_is_named_in_full() -> None:
    release = Index().add("numpy", "1.0", wheel("cp39-cp39-macosx_26_0_arm64"))

    assert reach(release, MACOS) == "its wheels are for macosx_26_0_arm64 only"


def test_a_name_with_too_few_parts_says_nothing() -> None:
    release = Index().add("numpy", "1.0", wheel("any"))

    assert reach(release, TARGET) == "its wheels have no tags that could be read"
