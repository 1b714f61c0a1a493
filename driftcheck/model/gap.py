"""What could not be checked, and why: missing facts are data, never silence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from driftcheck.model.location import Location


class Step(str, Enum):
    """The step of the run in which a fact went missing."""

    READ = "read"
    RESOLVE = "resolve"
    LINK = "link"
    CHECK = "check"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that could not be checked."""

    subject: str
    """A normalised package name, or where there is none the input line, index URL (no password) or check."""
    step: Step
    reason: str
    """One sentence without a full stop; may hold text from the index, so reporters escape it."""
    location: Location | None = None
    is_package: bool = False
    """Whether `subject` is a package that counts as not checked in the coverage."""

    @property
    def sort_key(self) -> tuple[str, str, str, str]:
        """Orders gaps the same way in every run."""
        return (self.subject, self.step.value, self.reason, str(self.location or ""))
