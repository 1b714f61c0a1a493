"""What a reporter is: a name and a pure function from a report to text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from driftcheck.model.drift_report import DriftReport
from driftcheck.model.report import Report

Reported = TypeVar("Reported", Report, DriftReport)
Reported_contra = TypeVar("Reported_contra", Report, DriftReport, contravariant=True)


class Render(Protocol[Reported_contra]):
    """Turns a report into text; the same report and arguments give the same text."""

    def __call__(self, report: Reported_contra, *, width: int, colour: bool, is_verbose: bool = False) -> str:
        """Return the whole text, ending with a newline.

        Args:
            report: the facts; text in it may come from strangers.
            width: columns of the terminal; formats for machines ignore it.
            colour: whether ANSI colours may be used; formats for machines ignore it.
            is_verbose: whether to show all that there is; formats for machines do so anyway.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter(Generic[Reported]):
    """One output format. Those of `driftcheck drift` are named `drift-…` and take a `DriftReport`."""

    name: str
    """The file's name with dashes; what `--format` takes, without `drift-`."""
    summary: str
    """One line, lower case, without a full stop."""
    render: Render[Reported]
