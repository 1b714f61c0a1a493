"""One name everywhere: each rule has its file, its test and its page, and no page is without a rule."""

import ast
from pathlib import Path

import pytest

from tests.house_rules.tree import PACKAGE, ROOT

HEADINGS = ["What it looks for", "Why it matters", "Example", "How to fix", "When it can be wrong", "Sources"]


def rules() -> dict[str, Path]:
    paths = sorted((PACKAGE / "checks").glob("*.py"))
    return {path.stem: path for path in paths if not path.name.startswith("_")}


@pytest.mark.parametrize("rule", rules())
def test_a_rule_has_a_test_and_a_page(rule: str) -> None:
    expected = [f"tests/checks/test_{rule}.py", f"docs/checks/{rule.replace('_', '-')}.md"]

    assert [path for path in expected if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("rule", rules())
def test_a_rule_explains_itself(rule: str) -> None:
    text = ast.get_docstring(ast.parse(rules()[rule].read_text(encoding="utf-8"))) or ""
    found = [line[3:] for line in text.splitlines() if line.startswith("## ")]

    assert found == HEADINGS


def test_no_page_is_without_a_rule() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "checks").glob("*.md")} - {"index"}

    assert pages <= {rule.replace("_", "-") for rule in rules()}
