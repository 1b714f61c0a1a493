"""One name everywhere: a rule has its page, its test and its fixtures, and none is stale or left over."""

from pathlib import Path

import pytest

from docs import generate_check_pages
from driftcheck.checks import all_checks, check_names

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "checks"
FIXTURES = ROOT / "fixtures" / "checks"
HEADINGS = ("What it looks for", "Why it matters", "Example", "How to fix", "When it can be wrong", "Sources")


def test_no_page_is_stale_or_left_over() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()}

    assert found == generate_check_pages.pages(), "run: python docs/generate_check_pages.py"


@pytest.mark.parametrize("name", check_names())
def test_a_page_has_its_six_headings_in_order_and_text_under_each(name: str) -> None:
    sections = (PAGES / f"{name}.md").read_text(encoding="utf-8").split("\n## ")[1:]

    assert tuple(section.partition("\n")[0] for section in sections) == HEADINGS
    assert all(section.partition("\n")[2].strip() for section in sections)


@pytest.mark.parametrize("name", check_names())
def test_a_rule_has_its_test_and_both_fixtures(name: str) -> None:
    rule = name.replace("-", "_")
    expected = [
        ROOT / "tests" / "checks" / f"test_{rule}.py",
        *(
            FIXTURES / rule / kind / file
            for kind in ("fires", "silent")
            for file in ("requirements.txt", "index.toml")
        ),
    ]

    assert [str(path) for path in expected if not path.is_file()] == []


def test_no_fixture_is_left_over() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == {name.replace("-", "_") for name in check_names()}


def test_a_summary_is_one_short_line_without_a_full_stop() -> None:
    for check in all_checks().values():
        assert check.summary[0].islower()
        assert not check.summary.endswith(".")
        assert len(check.summary) <= 80
