"""Which exit code a finished run returns, as `docs/exit-codes.md` promises it."""

from __future__ import annotations

from collections.abc import Iterable

from driftcheck.model.exit_code import ExitCode
from driftcheck.model.finding import Finding, Severity
from driftcheck.model.report import Coverage


def exit_code_of(
    findings: Iterable[Finding],
    coverage: Coverage,
    *,
    fail_on: Severity | None,
    is_strict: bool,
    has_crashed: bool = False,
) -> ExitCode:
    """Return the largest code that applies: a bug, then incompleteness, then findings, then all is well."""
    if has_crashed:
        return ExitCode.BUG
    checked_nothing = bool(coverage.gaps) and coverage.checked == 0
    if checked_nothing or (is_strict and coverage.gaps):
        return ExitCode.INCOMPLETE
    if fail_on is not None and any(finding.severity.rank <= fail_on.rank for finding in findings):
        return ExitCode.FINDINGS
    return ExitCode.OK
