"""The outcome of a run, ready for any reporter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from packaging.utils import NormalizedName

from driftcheck.model.finding import Finding, Severity
from driftcheck.model.gap import Gap
from driftcheck.model.project import InputFile
from driftcheck.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRow:
    """One package of the set, as every reporter lists it."""

    name: NormalizedName
    version: str
    direct: bool
    pinned: bool
    required_by: tuple[NormalizedName, ...]
    latest: str | None
    latest_compatible: str | None
    released: datetime | None
    libyears: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what should have been checked was."""

    packages: int
    """Packages that the inputs bring, resolved or not."""
    checked: int
    gaps: tuple[Gap, ...]
    """Sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a reporter may show; the same facts give the same report."""

    version: str
    """driftcheck's own."""
    as_of: datetime
    """Aware UTC."""
    targets: tuple[Target, ...]
    inputs: tuple[InputFile, ...]
    coverage: Coverage
    packages: tuple[PackageRow, ...]
    """Sorted by name, then version."""
    findings: tuple[Finding, ...]
    """Sorted by `Finding.sort_key`."""
    suppressed: tuple[Finding, ...] = ()
    checks_run: tuple[str, ...] = ()
    checks_not_run: Mapping[str, str] = field(default_factory=dict, hash=False)
    """{check: why}"""
    is_as_of_given: bool = False
    """Whether the user chose `as_of`; the terminal names it then."""
    elapsed_s: float | None = None
    """Wall time, shown on the terminal only."""

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)
