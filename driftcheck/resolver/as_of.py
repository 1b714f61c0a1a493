"""What an index had on an earlier day, told from when files were uploaded (PEP 700)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from packaging.version import Version

from driftcheck.model.catalogue import ProjectPage
from driftcheck.model.release import Release


@dataclass(slots=True, kw_only=True)
class DayView:
    """A project's page as it was on a day.

    A file without a date counts only where no file of the project has one: an index that never says when
    files were uploaded would otherwise be empty on every day, and beside a dated one its newest file would
    always have been there. (uv's `--exclude-newer` leaves undated files out altogether.)
    """

    page: ProjectPage
    day: datetime | None
    """Aware UTC; `None`: now, and everything counts."""
    undated: set[str] = field(default_factory=set)
    """Indexes without dates whose files were taken nevertheless; filled as they are seen."""
    _takes_undated: bool | None = None

    def release(self, version: Version) -> Release | None:
        """Return a release with the files that there were, `None` if there were none."""
        release = self.page.release(version)
        if release is None or self.day is None:
            return release
        files = tuple(file for file in release.files if self._was_there(file.uploaded))
        self.undated.update(file.index_url for file in files if file.uploaded is None)
        if len(files) == len(release.files):
            return release
        return replace(release, files=files) if files else None

    def _was_there(self, uploaded: datetime | None) -> bool:
        if uploaded is not None:
            return self.day is None or uploaded <= self.day
        if self._takes_undated is None:
            dates = (file.uploaded for release in self.page.releases() for file in release.files)
            self._takes_undated = all(date is None for date in dates)
        return self._takes_undated
