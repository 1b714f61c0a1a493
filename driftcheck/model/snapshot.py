"""Everything a check may look at: the project, what one target would install, and what the index says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from packaging.utils import NormalizedName

from driftcheck.model.catalogue import ProjectPage
from driftcheck.model.gap import Gap
from driftcheck.model.installable import allows_python, is_installable
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration, FormatControl, Project
from driftcheck.model.release import DistributionFile, Release
from driftcheck.model.resolution import Ask, MissReason, Resolution, ResolvedPackage
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
    """One project on one target at one instant; a check sees nothing else, neither network nor clock."""

    project: Project
    target: Target
    resolution: Resolution
    pages: Mapping[NormalizedName, ProjectPage] = field(hash=False)
    """The pages of every package resolved or asked for; one without has a gap instead, or is unknown."""
    drift: Mapping[NormalizedName, Drift] = field(hash=False)
    """For every resolved package with a page."""
    format_control: FormatControl
    as_of: datetime
    """Aware UTC; the only time there is."""
    gaps: tuple[Gap, ...] = ()
    _lines: Mapping[tuple[Location | None, NormalizedName | None], Declaration] = field(
        init=False, hash=False, compare=False, repr=False
    )
    """{(place, name): the first such line}"""

    def __post_init__(self) -> None:
        lines: dict[tuple[Location | None, NormalizedName | None], Declaration] = {}
        for declaration in self.project.declarations:
            lines.setdefault((declaration.location, declaration.name), declaration)
        object.__setattr__(self, "_lines", lines)

    def installable(self, file: DistributionFile) -> bool:
        """Whether the target and the format options can install a file: tags, Requires-Python, format."""
        return is_installable(file, target=self.target, format_control=self.format_control)

    def excludes_python(self, release: Release) -> bool:
        """Whether every file of a release excludes the target's Python by Requires-Python."""
        return bool(release.files) and not any(allows_python(file, self.target) for file in release.files)

    def uninstallable_ranges(self) -> Iterator[tuple[Ask, tuple[Release, ...]]]:
        """Yield each wish that only uninstallable releases fulfil, with these, newest first.

        A pin that was kept as written is a resolved package without a file instead; what such a package asks
        for is left out, because it goes when the pin does.
        """
        for miss in self.resolution.misses:
            page = self.pages.get(miss.ask.package)
            if miss.reason is not MissReason.NO_INSTALLABLE_FILE or page is None:
                continue
            asker = self.resolution.by_name.get(miss.ask.asked_by) if miss.ask.asked_by else None
            if asker is not None and asker.file is None and asker.release.files:
                continue
            resolved = self.resolution.by_name.get(miss.ask.package)
            if resolved is not None and resolved.version in miss.ask.specifier:
                continue
            within = (v for v in page.versions if miss.ask.specifier.contains(v, prereleases=True))
            releases = tuple(release for v in within if (release := page.release(v)) is not None)
            if releases:
                yield miss.ask, releases

    @property
    def requirements(self) -> tuple[Declaration, ...]:
        """The requirement lines that get installed on this target (no constraints, markers hold)."""
        unneeded = set(self.resolution.unneeded)
        return tuple(d for d in self.project.requirements if d not in unneeded)

    def asks_for(self, name: NormalizedName) -> tuple[Ask, ...]:
        """Everybody who asks for a package, fulfilled or not, the user's own lines first."""
        resolved = self.resolution.by_name.get(name)
        found = dict.fromkeys(resolved.asks if resolved else ())
        for conflict in self.resolution.conflicts:
            if conflict.package == name:
                found.update(dict.fromkeys(conflict.asks))
        found.update(dict.fromkeys(miss.ask for miss in self.resolution.misses if miss.ask.package == name))
        return tuple(sorted(found, key=lambda ask: (ask.asked_by is not None, ask.asked_by or "")))

    def declaration_of(self, ask: Ask) -> Declaration | None:
        """Return the user's line that is the ask; `None` for an ask of metadata."""
        return self._lines.get((ask.location, ask.package)) if ask.asked_by is None else None

    def route_to(self, name: NormalizedName) -> tuple[ResolvedPackage, ...]:
        """Return a shortest way from a direct requirement to a package, both included."""
        start = self.resolution.by_name.get(name)
        routes: list[tuple[ResolvedPackage, ...]] = [(start,)] if start else []
        seen = {name}
        for route in routes:  # grows while it is walked: breadth first
            if route[0].is_direct:
                return route
            parents = [p for p in route[0].required_by if p in self.resolution.by_name and p not in seen]
            seen.update(parents)
            routes += [(self.resolution.by_name[parent], *route) for parent in parents]
        return (start,) if start else ()

    def place_of(self, package: ResolvedPackage) -> Location | None:
        """Return the line that pins or names a package, else that of the direct requirement behind it."""
        route = self.route_to(package.name)
        return package.location or (route[0].location if route else None)

    def title_of(self, package: ResolvedPackage) -> str:
        """Return e.g. `jinja2 3.1.2`, or `jinja2 3.1.2 (pulled in by flask)` if no line names it."""
        route = self.route_to(package.name)
        title = f"{package.name} {package.version}"
        if package.declarations or len(route) < 2:
            return title
        return f"{title} (pulled in by {' → '.join(parent.name for parent in route[:-1])})"
