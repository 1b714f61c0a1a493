"""The same sets on the real index by driftcheck and by uv; `benchmarks/` does this for hundreds."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from driftcheck.index import default_index_url, open_catalogue
from driftcheck.model.progress import SilentProgress
from driftcheck.model.project import FormatControl, IndexOptions
from driftcheck.model.settings import CacheSettings, IndexSettings
from driftcheck.resolver import ResolveOptions, resolve
from driftcheck.resolver.target import make_target
from tests.resolver.memory_catalogue import project_of

PLATFORM = "x86_64-manylinux_2_36"


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.parametrize(
    "python, lines",
    [
        ("3.9", ["flask==1.1.2"]),
        ("3.12", ["requests[socks]>=2.30", "urllib3<2"]),
        ("3.8", ["pandas==1.0.3", "matplotlib"]),
        ("3.11", ["celery[redis]==5.2.7", "django<4"]),
    ],
)
def test_uv_makes_the_same_set(python: str, lines: list[str], tmp_path: Path) -> None:
    target = make_target(python, PLATFORM)
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("uv"), "pip", "compile", "-", "--quiet", "--no-config"),
            *("--no-header", "--no-annotate", "--only-binary", ":all:", "--cache-dir", tmp_path / "uv"),
            *("--python-version", str(target.python_version), "--python-platform", PLATFORM),
        ],
        input="\n".join(lines),
        env={**os.environ, "UV_NO_CONFIG": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", done.stdout, re.MULTILINE)
    }
    settings = IndexSettings(
        options=IndexOptions(index_url=default_index_url()), cache=CacheSettings(folder=tmp_path / "own")
    )
    options = ResolveOptions(format_control=FormatControl(only_binary=frozenset({":all:"})))

    with open_catalogue(settings, environment=os.environ, progress=SilentProgress()) as catalogue:
        resolution = resolve(project_of(*lines), target, catalogue, options, SilentProgress())

    assert {package.name: str(package.version) for package in resolution.packages} == expected
    assert resolution.conflicts == ()
