"""What the documents say of this project is so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import driftcheck
from tests.house_rules.tree import ROOT, relative

FOLDERS = "benchmarks|changelog\\.d|docs|driftcheck|fixtures|tests"
NAMED_PATH = re.compile(rf"(?<![\w/.~@$-])(?:{FOLDERS})/[\w./<>{{}},*-]*")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
RELEASE = re.compile(r"## \[(Unreleased|\d+\.\d+\.\d+)\](?: - \d{4}-\d{2}-\d{2})?")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
FRAGMENT = re.compile(r"(\d+|\+[\w-]+)\.(added|changed|fixed)\.md")


def documents() -> list[Path]:
    top = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    return [path for path in (*top, *sorted((ROOT / "docs").rglob("*.md"))) if path.is_file()]


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_every_path_it_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    absent = [named for named in NAMED_PATH.findall(text) if not exists(named.rstrip(".,"))]
    links = [link for link in LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    absent += [link for link in links if not (document.parent / link).exists()]

    assert not absent


def exists(named: str) -> bool:
    """Whether every file that a path stands for is there: `<rule>` stands for any, `{a,b}` for both."""
    patterns = (re.sub(r"<[^>]*>", "*", path) for path in expanded(named))
    return all(any(ROOT.glob(pattern)) for pattern in patterns)


def expanded(named: str) -> Iterator[str]:
    match = re.search(r"\{([^{}]*)\}", named)
    if match is None:
        yield named
        return
    for choice in match[1].split(","):
        yield from expanded(named[: match.start()] + choice + named[match.end() :])


def test_the_changelog_is_in_order() -> None:
    headings = [
        line for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line[:1] == "#"
    ]
    releases = [line for line in headings if line.startswith("## ")]
    kinds = {line[4:] for line in headings if line.startswith("### ")}

    assert all(RELEASE.fullmatch(line) for line in releases), releases
    assert any(line.startswith((f"## [{driftcheck.__version__}]", "## [Unreleased]")) for line in releases)
    assert kinds <= KINDS


def test_each_fragment_of_the_changelog_is_named_for_its_kind_and_says_something() -> None:
    fragments = [
        path for path in (ROOT / "changelog.d").glob("*") if path.name not in {"README.md", ".gitkeep"}
    ]

    assert [path.name for path in fragments if not FRAGMENT.fullmatch(path.name)] == []
    assert [path.name for path in fragments if not path.read_text(encoding="utf-8").strip()] == []
