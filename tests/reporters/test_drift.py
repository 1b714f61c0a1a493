"""Both reports of `driftcheck drift`."""

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from driftcheck.reporters import drift_json, drift_terminal
from tests.reporters.reports import HOSTILE, drift_report, drift_row, full_drift_report
from tests.support.snapshot_files import assert_snapshot

SNAPSHOTS = Path(__file__).parent / "snapshots"
PAGE = Path(__file__).parents[2] / "docs" / "output" / "drift-json-v1.md"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_report_with_everything_at_several_widths(width: int) -> None:
    text = drift_terminal.render(full_drift_report(), width=width, colour=False)
    assert_snapshot(text, SNAPSHOTS / f"drift-{width}.txt")
    assert max(cell_len(row) for row in text.splitlines()) <= width


def test_verbose_names_what_is_up_to_date() -> None:
    text = drift_terminal.render(full_drift_report(), width=80, colour=False, is_verbose=True)
    assert "unchanged and newest  1: six\n" in text


def test_nothing_moved() -> None:
    row = drift_row("six", ("1.14.0", "1.14.0", "1.14.0"), pinned="1.14.0", libyears=0.0)
    text = drift_terminal.render(drift_report(row), width=80, colour=False)
    assert "all 1 package are what they were" not in text
    assert "nothing changed\n" in text


@pytest.mark.parametrize("width", [40, 200])
def test_text_from_strangers_is_shown_as_it_is(width: int) -> None:
    row = drift_row("evil", (HOSTILE, "1", HOSTILE), required_by=(HOSTILE,))
    text = drift_terminal.render(drift_report(row), width=width, colour=True)
    assert not set("\u202e\udc80\x9b") & set(text)
    assert "\x1b[31mz" not in text
    assert "[bold" in text


def test_json_has_every_documented_key_in_order() -> None:
    text = drift_json.render(full_drift_report(), width=1, colour=False)
    assert_snapshot(text, SNAPSHOTS / "drift.json")
    document = json.loads(text)
    assert list(document) == ["schema", "tool", "as_of", "inputs", "environments"]
    [environment] = document["environments"]
    page = PAGE.read_text(encoding="utf-8")
    for key in environment:
        assert f"`environments[].{key}" in page
    for key in environment["packages"][0]:
        assert f"`environments[].packages[].{key}`" in page
