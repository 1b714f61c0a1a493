"""The report for machines."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftcheck.model.finding import Evidence
from driftcheck.model.gap import Gap, Step
from driftcheck.model.report import Report
from driftcheck.reporters.json import render
from tests.reporters.reports import HOSTILE, flask_finding, full_report, line, name, package, report
from tests.support.snapshot_files import assert_snapshot

DOCS = Path(__file__).parents[2] / "docs" / "output"
SCHEMA = json.loads((DOCS / "json-v1.schema.json").read_text(encoding="utf-8"))


def drawn(given: Report) -> str:
    return render(given, width=1, colour=True, is_verbose=True)


def parsed(given: Report) -> Any:
    text = drawn(given)
    document = json.loads(text.encode("utf-8").decode("utf-8"))
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    return document


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_report_with_everything() -> None:
    parsed(full_report())
    assert_snapshot(drawn(full_report()), Path(__file__).parent / "snapshots" / "json.json")


def test_an_empty_report_has_every_key_in_order() -> None:
    document = parsed(report())
    assert list(document) == [
        "schema", "tool", "as_of", "targets", "inputs", "coverage", "packages", "findings", "suppressed",
        "summary",
    ]  # fmt: skip
    assert document["summary"] == {"error": 0, "warning": 0, "note": 0}
    assert drawn(report()).endswith("}\n")


def test_what_is_not_known_is_null() -> None:
    bare = flask_finding(
        package=None, version=None, location=None, evidence=(), conflicts_with=None, breaks=(), fixes=()
    )
    row = package("flask", "1.1.2", released=None)
    document = parsed(report(findings=(bare,), packages=(row,)))
    [finding] = document["findings"]
    assert [key for key, value in finding.items() if value is None] == [
        "package", "version", "location", "conflicts_with",
    ]  # fmt: skip
    assert [key for key, value in document["packages"][0].items() if value is None] == [
        "latest", "latest_compatible", "released", "libyears",
    ]  # fmt: skip


def test_a_place_without_a_line() -> None:
    finding = flask_finding(
        location=replace(line(1), line=None), evidence=(Evidence(file="f", line=None, text=""),)
    )
    [shown] = parsed(report(findings=(finding,)))["findings"]
    assert shown["location"] == {"path": "requirements.txt", "line": None}
    assert shown["evidence"] == [{"file": "f", "line": None, "text": ""}]


def test_breaks_are_imports_then_commands() -> None:
    finding = flask_finding(breaks=tuple(reversed(flask_finding().breaks)))
    [shown] = parsed(report(findings=(finding,)))["findings"]
    assert shown["breaks"] == [
        {"import": "flask", "package": "flask"},
        {"import": "flask_cors", "package": "flask-cors"},
        {"command": "flask", "package": "flask"},
    ]


def test_a_gap_that_is_no_package_names_what_it_is_in_the_reason() -> None:
    gaps = (
        Gap(subject="https://index.example/simple/", step=Step.RESOLVE, reason="timed out"),
        Gap(subject="scipy", step=Step.LINK, reason="no wheel", is_package=True),
    )
    assert parsed(report(gaps=gaps))["coverage"]["gaps"] == [
        {"package": None, "step": "resolve", "reason": "https://index.example/simple/: timed out"},
        {"package": "scipy", "step": "link", "reason": "no wheel"},
    ]


def test_times_are_utc_in_whole_seconds() -> None:
    east = timezone(timedelta(hours=2))
    moved = replace(report(), as_of=report().as_of.astimezone(east).replace(microsecond=999_999))
    assert parsed(moved)["as_of"] == "2026-11-23T10:00:00Z"


def test_the_order_of_facts_changes_nothing() -> None:
    straight = full_report()
    turned = replace(
        straight,
        findings=straight.findings[::-1],
        packages=straight.packages[::-1],
        coverage=replace(straight.coverage, gaps=straight.coverage.gaps[::-1]),
    )
    assert drawn(turned) == drawn(straight)


def test_how_long_it_took_is_not_a_fact() -> None:
    assert drawn(replace(full_report(), elapsed_s=99.0)) == drawn(full_report())


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from strings(entry)


def test_hostile_text_comes_back_as_it_was_but_is_safe_to_show() -> None:
    finding = flask_finding(message=HOSTILE, location=line(1, HOSTILE))
    text = drawn(report(findings=(finding,), gaps=(Gap(subject=HOSTILE, step=Step.READ, reason=HOSTILE),)))
    assert not set("\x1b\u202e\x9b\udc80") & set(text)
    [shown] = json.loads(text)["findings"]
    assert shown["message"] == HOSTILE.replace("\udc80", r"\udc80")


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_survives(message: str) -> None:
    given = report(findings=(flask_finding(message=f"!{message}", package=name("p")),))
    text = drawn(given)
    expected = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in f"!{message}")
    assert json.loads(text.encode("utf-8"))["findings"][0]["message"] == expected


def test_every_field_is_documented() -> None:
    page = (DOCS / "json-v1.md").read_text(encoding="utf-8")

    def keys(schema: Any) -> Iterator[str]:
        for key, value in schema.items():
            if key == "properties":
                yield from value
            if isinstance(value, dict):
                yield from keys(value)

    spelt = {word for text in re.findall(r"`([^`]+)`", page) for word in re.findall(r"\w+", text)}
    assert set(keys(SCHEMA)) - spelt == set()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        drawn(report(packages=(package("a", "1", libyears=number),)))
