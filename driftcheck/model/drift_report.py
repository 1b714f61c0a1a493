"""How far the same inputs have moved: what they meant when written, what they mean today, what there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packaging.utils import NormalizedName

from driftcheck.model.gap import Gap
from driftcheck.model.project import InputFile
from driftcheck.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRow:
    """One package, then and now."""

    name: NormalizedName
    direct: bool
    pinned: str | None
    """The version that a line of the inputs pins; `None` if none does."""
    then: str | None
    """What the inputs resolved to at `since`; `None` if the package was not part of the set."""
    today: str | None
    """What they resolve to now; `None` if it no longer is."""
    newest: str | None
    """The newest final release that is not yanked; `None` if the index did not say."""
    libyears: float | None
    """Between today's version and the newest; `None` if not known."""
    required_by: tuple[NormalizedName, ...]

    @property
    def floated(self) -> bool:
        """Whether the same file gives another version now, or brings or loses the package."""
        return self.then != self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftSection:
    """One environment on one target."""

    project: str
    target: Target
    since: datetime
    """Aware UTC."""
    since_reason: str
    """Where `since` comes from, for people."""
    rows: tuple[DriftRow, ...]
    """Sorted by name."""
    gaps: tuple[Gap, ...]

    @property
    def libyears(self) -> float:
        """The sum over the packages for which it is known."""
        return sum(row.libyears for row in self.rows if row.libyears is not None)

    @property
    def floated(self) -> tuple[DriftRow, ...]:
        """The rows that changed without a change of the file."""
        return tuple(row for row in self.rows if row.floated)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """Everything `driftcheck drift` shows."""

    version: str
    as_of: datetime
    inputs: tuple[InputFile, ...]
    sections: tuple[DriftSection, ...]
    elapsed_s: float | None = None
