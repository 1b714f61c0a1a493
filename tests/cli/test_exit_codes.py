"""Exit codes as `docs/exit-codes.md` promises them."""

from pathlib import Path

import pytest

from driftcheck.cli.exit_codes import exit_code_of
from driftcheck.model.exit_code import ExitCode
from driftcheck.model.finding import Finding, Severity
from driftcheck.model.gap import Gap, Step
from driftcheck.model.report import Coverage
from tests.reporters.reports import flask_finding, note

GAP = Gap(subject="scipy", step=Step.RESOLVE, reason="no answer", is_package=True)
WHOLE = Coverage(packages=2, checked=2, gaps=())
PART = Coverage(packages=2, checked=1, gaps=(GAP,))
NOTHING = Coverage(packages=2, checked=0, gaps=(GAP,))
ERROR = flask_finding()
WARNING = flask_finding(severity=Severity.WARNING)
NOTE = note("six", "1", "m")


@pytest.mark.parametrize(
    "findings, coverage, fail_on, is_strict, has_crashed, code",
    [
        ((), WHOLE, Severity.ERROR, False, False, ExitCode.OK),
        ((ERROR,), WHOLE, Severity.ERROR, False, False, ExitCode.FINDINGS),
        ((WARNING, NOTE), WHOLE, Severity.ERROR, False, False, ExitCode.OK),
        ((WARNING,), WHOLE, Severity.WARNING, False, False, ExitCode.FINDINGS),
        ((ERROR,), WHOLE, Severity.NOTE, False, False, ExitCode.FINDINGS),
        ((NOTE,), WHOLE, Severity.NOTE, False, False, ExitCode.FINDINGS),
        ((ERROR,), WHOLE, None, False, False, ExitCode.OK),
        ((), PART, Severity.ERROR, False, False, ExitCode.OK),
        ((ERROR,), PART, Severity.ERROR, False, False, ExitCode.FINDINGS),
        ((), PART, Severity.ERROR, True, False, ExitCode.INCOMPLETE),
        ((ERROR,), PART, Severity.ERROR, True, False, ExitCode.INCOMPLETE),
        ((), NOTHING, Severity.ERROR, False, False, ExitCode.INCOMPLETE),
        ((ERROR,), NOTHING, None, False, False, ExitCode.INCOMPLETE),
        ((), Coverage(packages=0, checked=0, gaps=()), Severity.ERROR, True, False, ExitCode.OK),
        ((ERROR,), PART, Severity.ERROR, True, True, ExitCode.BUG),
    ],
)
def test_the_largest_that_applies(
    findings: tuple[Finding, ...],
    coverage: Coverage,
    fail_on: Severity | None,
    is_strict: bool,
    has_crashed: bool,
    code: ExitCode,
) -> None:
    given = exit_code_of(findings, coverage, fail_on=fail_on, is_strict=is_strict, has_crashed=has_crashed)
    assert given is code


def test_the_page_has_every_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    assert [code for code in ExitCode if f"\n| {code.value} | " not in page] == []
