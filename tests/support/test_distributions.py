"""The wheels and sdists that tests build are real ones."""

import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.distributions import build_sdist, build_wheel


def test_pip_installs_a_built_wheel_and_finds_its_record_right(tmp_path: Path) -> None:
    wheel = build_wheel(
        tmp_path,
        "My.Package",
        "1.0",
        requires=["absent>=2; python_version < '3'"],
        entry_points={"console_scripts": {"my-command": "my_package:main"}},
        files={"my_package/__init__.py": "def main() -> None:\n    print('ran')\n"},
    )
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, "--target", str(target), str(wheel)], check=True, timeout=120)

    assert wheel.name == "my_package-1.0-py3-none-any.whl"
    assert (target / "my_package" / "__init__.py").read_text() == "def main() -> None:\n    print('ran')\n"
    assert (target / "bin" / "my-command").exists()


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    builders = (build_wheel, build_sdist)
    first = [build(tmp_path / "first", "a", "1", requires=["b"]).read_bytes() for build in builders]
    second = [build(tmp_path / "second", "a", "1", requires=["b"]).read_bytes() for build in builders]

    assert first == second


def test_metadata_says_what_was_asked(tmp_path: Path) -> None:
    wheel = build_wheel(
        tmp_path,
        "a",
        "1",
        requires=["b>=2"],
        requires_python=">=3.8",
        extras={"web": ["c", "d; python_version < '3.9' or os_name == 'nt'"]},
        classifiers=["Programming Language :: Python :: 3"],
        headers=[("License-Expression", "MIT")],
        tag="cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
        build_number="1",
    )
    with zipfile.ZipFile(wheel) as archive:
        metadata = HeaderParser().parsestr(archive.read("a-1.dist-info/METADATA").decode())
        wheel_text = archive.read("a-1.dist-info/WHEEL").decode()

    assert [str(Requirement(text)) for text in metadata.get_all("Requires-Dist", [])] == [
        "b>=2",
        'c; extra == "web"',
        'd; (python_version < "3.9" or os_name == "nt") and extra == "web"',
    ]
    assert metadata["Requires-Python"] == ">=3.8"
    assert metadata["License-Expression"] == "MIT"
    assert wheel_text.splitlines()[2:] == [
        "Root-Is-Purelib: false",
        "Tag: cp311-cp311-manylinux2014_x86_64",
        "Tag: cp311-cp311-manylinux_2_17_x86_64",
        "Build: 1",
    ]


@pytest.mark.parametrize("extension", [".tar.gz", ".zip"])
def test_an_sdist_holds_what_was_asked(tmp_path: Path, extension: str) -> None:
    sdist = build_sdist(
        tmp_path,
        "A-b",
        "1",
        metadata_version="2.2",
        dynamic=["Requires-Dist"],
        egg_info_requires_txt="c\n",
        setup_py="import setuptools\n",
        extension=extension,
    )
    if extension == ".zip":
        with zipfile.ZipFile(sdist) as zipped:
            names, metadata = zipped.namelist(), zipped.read("a_b-1/PKG-INFO")
    else:
        with tarfile.open(sdist) as archive:
            names = archive.getnames()
            member = archive.extractfile("a_b-1/PKG-INFO")
            assert member is not None
            metadata = member.read()

    assert names == [
        "a_b-1/PKG-INFO",
        "a_b-1/setup.py",
        "a_b-1/a_b.egg-info/PKG-INFO",
        "a_b-1/a_b.egg-info/requires.txt",
        "a_b-1/a_b/__init__.py",
    ]
    assert b"Metadata-Version: 2.2\nName: A-b\nVersion: 1\nDynamic: Requires-Dist\n" in metadata
