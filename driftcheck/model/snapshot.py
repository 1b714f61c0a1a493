"""Everything a check may look at: the project, what would be installed on one target, and what the index says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from packaging.utils import NormalizedName

from driftcheck.model.catalogue import ProjectPage
from driftcheck.model.gap import Gap
from driftcheck.model.installable import is_installable
from driftcheck.model.project import FormatControl, Project
from driftcheck.model.release import DistributionFile, Release
from driftcheck.model.resolution import Resolution
from driftcheck.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far a resolved package stands from what there is."""

    latest: Release | None
    """The newest final release that is not yanked; `None` if there is none or the index did not say."""
    latest_compatible: Release | None
    """The same, among those with a file that installs on the target."""
    releases_behind: int
    """Final, not yanked releases newer than the resolved one."""
    libyears: float | None
    """Years between the upload of the resolved release and of `latest`, 0.0 at least; `None` if not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One project on one target at one instant. A check sees nothing else: no network, no clock, no machine."""

    project: Project
    target: Target
    resolution: Resolution
    pages: Mapping[NormalizedName, ProjectPage] = field(hash=False)
    """The pages of every package resolved or asked for; a name without one has a gap instead, or is unknown."""
    drift: Mapping[NormalizedName, Drift] = field(hash=False)
    """For every resolved package with a page."""
    format_control: FormatControl
    as_of: datetime
    """Aware UTC; the only time there is."""
    gaps: tuple[Gap, ...] = ()

    def installable(self, file: DistributionFile) -> bool:
        """Whether the target and the format options can install a file (tags, Requires-Python, wheels or sdists)."""
        return is_installable(file, target=self.target, format_control=self.format_control)
