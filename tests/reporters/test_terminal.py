"""The report for people."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.text import Text

from driftcheck.model.finding import Evidence, Fix, Severity
from driftcheck.model.gap import Gap, Step
from driftcheck.model.project import InputFile
from driftcheck.model.report import Report
from driftcheck.reporters.terminal import REPORTER, render
from tests.reporters.reports import HOSTILE, flask_finding, full_report, line, name, note, report, target
from tests.support.snapshot_files import assert_snapshot

SNAPSHOTS = Path(__file__).parent / "snapshots"


def drawn(given: Report, *, width: int = 80, is_verbose: bool = False) -> str:
    return render(given, width=width, colour=False, is_verbose=is_verbose)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_a_report_with_everything_at_several_widths(width: int) -> None:
    assert_snapshot(drawn(full_report(), width=width), SNAPSHOTS / f"terminal-{width}.txt")


def test_verbose_shows_every_note_in_full() -> None:
    assert_snapshot(drawn(full_report(), is_verbose=True), SNAPSHOTS / "terminal-verbose.txt")


def test_colours_are_ansi_and_change_no_word() -> None:
    coloured = render(full_report(), width=80, colour=True)
    assert_snapshot(coloured, SNAPSHOTS / "terminal-colour.txt")
    plain = "".join(f"{Text.from_ansi(row).plain.rstrip()}\n" for row in coloured.splitlines())
    assert plain == drawn(full_report())


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = render(full_report(), width=80, colour=True)
    for variable, value in {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "20", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(variable, value)
    assert render(full_report(), width=80, colour=True) == before


@pytest.mark.parametrize("width", [20, 33, 40, 59, 60, 80, 110, 111, 500])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    wide = flask_finding(
        message="x" * 300 + " 漢字" * 60,
        evidence=(Evidence(file="a/" * 90, line=1, text="y" * 400), Evidence(file="f", line=None, text="")),
        fixes=(Fix(package=name("p" * 120), specifier=">=1"),),
    )
    gaps = (Gap(subject="s" * 150, step=Step.READ, reason="r " * 100),)
    text = drawn(report(findings=(wide, note("n" * 90, "1", "m" * 200)), gaps=gaps), width=width)
    assert max(cell_len(row) for row in text.splitlines()) <= min(width, 110)


def test_standard_input_is_called_by_its_name() -> None:
    piped = replace(report(), inputs=(InputFile(path="-", format="requirements.txt", requirements=1),))
    assert "packages checked in standard input for" in drawn(piped)


def test_nothing_found_is_one_calm_line() -> None:
    assert drawn(report()) == (
        "nothing found: 42 of 42 packages checked in requirements.txt for Python 3.9.25\non linux, 0.4s\n"
    )


def test_a_gap_is_never_nothing_found() -> None:
    gap = Gap(subject="scipy", step=Step.RESOLVE, reason="its metadata could not be read", is_package=True)
    text = drawn(report(gaps=(gap,), counted=(41, 42)))
    assert "nothing found" not in text
    assert "not checked\n  - scipy: its metadata could not be read\n" in text
    assert "41 of 42 packages checked" in text


def test_a_check_that_did_not_run_is_named() -> None:
    text = drawn(replace(report(), checks_not_run={"yanked-release": "no index answered for any package"}))
    assert "nothing found" not in text
    assert "  - check yanked-release: no index answered for any package\n" in text


def test_one_dead_index_is_one_line_not_ninety() -> None:
    gaps = tuple(
        Gap(subject=f"p{number:02}", step=Step.RESOLVE, reason="the index did not answer", is_package=True)
        for number in range(90)
    )
    text = drawn(report(gaps=gaps, counted=(0, 90)), width=100)
    assert "  - p00, p01, p02, p03, p04, p05 and 84 more: the index did not answer\n" in text
    assert text.count("the index did not answer") == 1


def test_the_date_is_named_only_if_chosen() -> None:
    assert "as of" not in drawn(report())
    to_the_second = drawn(replace(report(), is_as_of_given=True), width=120)
    assert "as of 2026-11-23 10:00:00 UTC" in " ".join(to_the_second.split())
    whole_day = replace(
        report(), is_as_of_given=True, as_of=report().as_of.replace(hour=23, minute=59, second=59)
    )
    assert "as of 2026-11-23, 0.4s" in drawn(whole_day, width=120)


def test_a_finding_on_some_targets_says_on_which() -> None:
    targets = (target(), target("3.12.4"), target("3.12.4", "windows"))
    some = drawn(report(findings=(flask_finding(targets=(1, 2)),), targets=targets))
    assert "only on Python 3.12.4 on linux, windows" in some
    everywhere = drawn(report(findings=(flask_finding(targets=(0, 1, 2)),), targets=targets))
    assert "only on" not in everywhere


def test_a_finding_about_no_package_stands_under_its_file() -> None:
    finding = flask_finding(
        check="invalid-requirement", package=None, version=None, message="“flask=>1” is no requirement",
        location=line(3), evidence=(), breaks=(), fixes=(),
    )  # fmt: skip
    assert drawn(report(findings=(finding,))).startswith(
        "requirements.txt\n"
        "  error    “flask=>1” is no requirement  [invalid-requirement]\n"
        "           requirements.txt:3\n"
    )


def test_worst_first_whatever_the_name() -> None:
    warning = flask_finding(severity=Severity.WARNING, package=name("aaa"), subject="")
    error = flask_finding(package=name("zzz"))
    text = drawn(report(findings=(warning, error)))
    assert text.index("zzz") < text.index("aaa")


@pytest.mark.parametrize("is_verbose", [False, True])
@pytest.mark.parametrize("colour", [False, True])
def test_text_from_strangers_is_shown_as_it_is(is_verbose: bool, colour: bool) -> None:
    hostile = flask_finding(
        package=name("evil") if not is_verbose else HOSTILE,
        version=HOSTILE,
        message=HOSTILE,
        location=line(1, HOSTILE),
        evidence=(Evidence(file=HOSTILE, line=1, text=HOSTILE),),
        fixes=(Fix(package=name("p"), specifier=HOSTILE),),
    )
    gap = Gap(subject=HOSTILE, step=Step.READ, reason=HOSTILE, location=line(1, HOSTILE))
    given = report(findings=(hostile, note("n", HOSTILE, HOSTILE)), gaps=(gap,))
    given = replace(given, checks_not_run={HOSTILE: HOSTILE})
    text = render(given, width=100, colour=colour, is_verbose=is_verbose)
    assert "\x1b[31mz" not in text
    assert not set("\u202e\udc80\x9b\r") & set(text)
    assert "[bold red]y[/]" in text
    assert r"\x1b[31mz\nnext\u202eline" in text.replace("\n", "").replace(" ", "")
    assert all(not row.startswith("next") for row in text.splitlines())


def test_the_reporter_says_what_it_is() -> None:
    assert REPORTER.name == "terminal"
    assert REPORTER.render is render
