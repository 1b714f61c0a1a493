"""Each rule end to end: a requirements file, a local index made for it, the command line, JSON out."""

import json
import sys
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from driftcheck.__main__ import main
from driftcheck.checks import check_names
from tests.support.distributions import build_sdist, build_wheel
from tests.support.index_server import IndexServer

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "checks"
PLATFORM = "x86_64-manylinux_2_28"
KNOWN_KEYS = {
    "classifiers",
    "digest-variable",
    "hashes",
    "name",
    "requires",
    "requires-python",
    "sdist",
    "tag",
    "uploaded",
    "version",
    "yanked",
}


def describe(rule: str, kind: str) -> dict[str, Any]:
    return tomllib.loads((FIXTURES / rule / kind / "index.toml").read_text(encoding="utf-8"))


def fill(server: IndexServer, description: dict[str, Any], folder: Path) -> dict[str, str]:
    """Builds and hosts what a fixture describes; returns {variable: digest} for its requirements file."""
    digests = {}
    for entry in description.get("file", []):
        assert entry.keys() <= KNOWN_KEYS
        name, version = entry["name"], entry["version"]
        given = {
            "requires": entry.get("requires", ()),
            "requires_python": entry.get("requires-python"),
            "classifiers": entry.get("classifiers", ()),
        }
        if entry.get("sdist"):
            path = build_sdist(folder, name, version, metadata_version="2.2", **given)
        else:
            path = build_wheel(folder, name, version, tag=entry.get("tag", "py3-none-any"), **given)
        uploaded = datetime.fromisoformat(entry.get("uploaded", "2020-01-01"))
        hosted = server.add(
            path,
            yanked=entry.get("yanked", False),
            hashes=entry.get("hashes", True),
            upload_time=uploaded.isoformat(),
        )
        if "digest-variable" in entry:
            digests[entry["digest-variable"]] = hosted.sha256
    for name, project in description.get("project", {}).items():
        server.project(name, status=project["status"], status_reason=project.get("reason"))
    return digests


def check(
    rule: str,
    kind: str,
    server: IndexServer,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> list[dict[str, Any]]:
    """Runs `driftcheck check` on a fixture; returns the findings of its rule."""
    description = describe(rule, kind)
    for variable, digest in fill(server, description, folder).items():
        monkeypatch.setenv(variable, digest)
    monkeypatch.chdir(FIXTURES / rule / kind)
    code = main(
        [
            *("check", "requirements.txt", "--format", "json", "--no-cache"),
            *("--index-url", server.url, "--python-version", description["python"]),
            *("--python-platform", PLATFORM, *description.get("options", ())),
        ]
    )
    printed = capsys.readouterr()
    assert code in {0, 1}, printed.err
    report = json.loads(printed.out)
    assert report["coverage"]["gaps"] == []
    return [finding for finding in report["findings"] if finding["check"] == rule.replace("_", "-")]


RULES = tuple(name.replace("-", "_") for name in check_names())


@pytest.mark.parametrize("rule", RULES)
def test_it_fires(
    rule: str,
    index_server: IndexServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = check(rule, "fires", index_server, tmp_path, monkeypatch, capsys)
    expected = describe(rule, "fires")["expect"]
    messages = [finding["message"] for finding in found]

    assert len(messages) == len(expected), messages
    for message, pattern in zip(messages, expected, strict=True):
        assert message == pattern or ("*" in pattern and fnmatchcase(message, pattern)), messages
    assert all(finding["location"]["path"].endswith(".txt") for finding in found)


@pytest.mark.parametrize("rule", RULES)
def test_it_is_silent(
    rule: str,
    index_server: IndexServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check(rule, "silent", index_server, tmp_path, monkeypatch, capsys) == []
