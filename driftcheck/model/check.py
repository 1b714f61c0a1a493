"""What a check is: a name, what it needs, and a function from a snapshot to findings and gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from packaging.utils import NormalizedName

from driftcheck.model.finding import Confidence, Evidence, Finding, Fix, Other, Severity
from driftcheck.model.gap import Gap
from driftcheck.model.location import Location
from driftcheck.model.snapshot import Snapshot


class Need(str, Enum):
    """A kind of fact that a check can't do without."""

    INPUT = "input"
    """Only what the files say."""
    INDEX = "index"
    """What the indexes say of each package."""
    METADATA = "metadata"
    """Core metadata of the resolved files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule. Its module's docstring is its page, under the headings of `docs/add-a-check.md`."""

    name: str
    """The id: the file's name with dashes."""
    summary: str
    """One line, lower case, without a full stop."""
    severity: Severity
    """The usual severity; a finding may differ."""
    needs: frozenset[Need]
    find: Callable[[Snapshot], Iterable[Finding | Gap]]
    """In any order; a gap (step `check`) says what this check could not judge."""

    def finding(
        self,
        *,
        message: str,
        package: NormalizedName | None = None,
        version: str | None = None,
        severity: Severity | None = None,
        confidence: Confidence = Confidence.HIGH,
        location: Location | None = None,
        evidence: tuple[Evidence, ...] = (),
        conflicts_with: Other | None = None,
        fixes: tuple[Fix, ...] = (),
        subject: str = "",
    ) -> Finding:
        """Make a finding of this check, with its usual severity unless told otherwise."""
        return Finding(
            check=self.name,
            severity=severity or self.severity,
            confidence=confidence,
            package=package,
            version=version,
            message=message,
            location=location,
            evidence=evidence,
            conflicts_with=conflicts_with,
            fixes=fixes,
            subject=subject,
        )
