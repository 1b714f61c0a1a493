"""What a check found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from packaging.utils import NormalizedName

from driftcheck.model.location import Location


class Severity(str, Enum):
    """How bad it is, worst first."""

    ERROR = "error"
    """It will not install or not import, or policy forbids it."""
    WARNING = "warning"
    """It will hurt."""
    NOTE = "note"
    """It has drifted."""

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


class Confidence(str, Enum):
    """How sure driftcheck is, surest first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is the surest."""
        return list(Confidence).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A piece of text that shows the finding: a line of a wheel's source, of metadata, or of an input."""

    file: str
    line: int | None
    """1-based; `None` if the file has no lines to speak of (an index page)."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The other party of a finding."""

    package: NormalizedName
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenImportName:
    """A top-level import that fails because of the finding."""

    import_name: str
    package: NormalizedName


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenCommand:
    """A console script that can't start because of the finding."""

    command: str
    package: NormalizedName


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A change of one requirement that clears the finding by itself."""

    package: NormalizedName
    specifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding of one check."""

    check: str
    severity: Severity
    confidence: Confidence
    package: NormalizedName | None
    """`None` for a finding about a line that names no package."""
    version: str | None
    message: str
    """One sentence; may hold text from the index, so reporters escape it."""
    location: Location | None = None
    evidence: tuple[Evidence, ...] = ()
    conflicts_with: Other | None = None
    breaks: tuple[BrokenImportName | BrokenCommand, ...] = ()
    fixes: tuple[Fix, ...] = ()
    targets: tuple[int, ...] = ()
    """Positions in the report's targets, sorted; filled in by the pipeline."""
    subject: str = ""
    """What tells two findings of one check on one package apart; no line number, no newest release."""

    @property
    def fingerprint(self) -> str:
        """Stay the same while the cause does, whatever moves around it in the file: 16 hex digits."""
        path = self.location.path if self.location else ""
        parts = (self.check, path, self.package or "", self.version or "", self.subject)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]

    @property
    def sort_key(self) -> tuple[int, str, str, str, int, str, str]:
        """Worst first, then by package, check and place."""
        line = (self.location.line or 0) if self.location else 0
        path = self.location.path if self.location else ""
        return (
            self.severity.rank,
            self.package or "",
            self.check,
            path,
            line,
            self.message,
            self.fingerprint,
        )
