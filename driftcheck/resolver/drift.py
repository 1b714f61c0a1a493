"""How far each resolved package stands from what there is: newest release, newest that installs, libyears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.model.catalogue import ProjectPage
from driftcheck.model.installable import is_installable
from driftcheck.model.release import Release
from driftcheck.model.resolution import Resolution, ResolvedPackage
from driftcheck.model.snapshot import Drift
from driftcheck.model.target import Target
from driftcheck.resolver.as_of import DayView
from driftcheck.resolver.options import ResolveOptions

_SECONDS_PER_YEAR = 365.25 * 24 * 3600


def drift_of(
    resolution: Resolution,
    pages: Mapping[NormalizedName, ProjectPage],
    target: Target,
    options: ResolveOptions,
) -> Mapping[NormalizedName, Drift]:
    """Return the drift of every resolved package that has a page: {name: drift}.

    Args:
        resolution: the set.
        pages: by name; a package without one (from a URL) is left out.
        target: for which `latest_compatible` has to install.
        options: the format options, and the day: what was uploaded later does not exist.
    """
    return MappingProxyType(
        {
            package.name: _drift(package, pages[package.name], target, options)
            for package in resolution.packages
            if package.name in pages
        }
    )


def _drift(package: ResolvedPackage, page: ProjectPage, target: Target, options: ResolveOptions) -> Drift:
    latest: Release | None = None
    compatible: Release | None = None
    behind = 0
    day = DayView(page=page, day=options.as_of)
    for version in page.newest_first():
        is_newer = version > package.version
        if not is_newer and latest is not None and compatible is not None:
            break
        if latest is not None and compatible is not None and options.as_of is None:
            # Only to be counted: judging every file of every newer release is what a warm run can't afford.
            behind += not version.is_prerelease and page.is_offered(version)
            continue
        release = _standing(day, version)
        if release is None:
            continue
        behind += is_newer
        latest = latest or release
        if compatible is None and _installs(release, target, options):
            compatible = release
    return Drift(
        latest=latest,
        latest_compatible=compatible,
        releases_behind=behind,
        libyears=_libyears(package, latest, options.as_of),
    )


def _standing(day: DayView, version: Version) -> Release | None:
    """Return a final release that is not yanked, with the files there were on the day; else `None`."""
    if version.is_prerelease:
        return None
    release = day.release(version)
    return release if release is not None and release.yanked is None else None


def _installs(release: Release, target: Target, options: ResolveOptions) -> bool:
    control = options.format_control
    return any(
        file.yanked is None and is_installable(file, target=target, format_control=control)
        for file in release.files
    )


def _libyears(package: ResolvedPackage, latest: Release | None, day: datetime | None) -> float | None:
    """Return the years between two uploads (https://libyear.com), 0.0 at least; `None` if not known."""
    if latest is None:
        return None
    if package.version >= latest.version:
        return 0.0
    here, there = package.release.uploaded, latest.uploaded
    if here is None or there is None or (day is not None and here > day):
        return None
    return max(0.0, (there - here).total_seconds() / _SECONDS_PER_YEAR)
