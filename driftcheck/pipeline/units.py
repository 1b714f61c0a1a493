"""Projects × targets: every environment of a run, the indexes it asks and what would be installed in it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from packaging.utils import NormalizedName

from driftcheck.index import open_catalogue
from driftcheck.index.configuration.tool_configuration import discover
from driftcheck.index.endpoint import default_index_url
from driftcheck.model.catalogue import Catalogue, ProjectPage
from driftcheck.model.errors import IndexUnavailableError
from driftcheck.model.progress import Progress
from driftcheck.model.project import Project
from driftcheck.model.resolution import Resolution
from driftcheck.model.settings import IndexSettings, Settings
from driftcheck.model.snapshot import Snapshot
from driftcheck.model.target import Target
from driftcheck.pipeline.index_choice import index_settings
from driftcheck.readers import read_project
from driftcheck.resolver import ResolveOptions, resolve
from driftcheck.resolver.drift import drift_of
from driftcheck.resolver.target import default_python, make_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One project on one target."""

    project: Project
    target: Target
    catalogue: Catalogue
    options: ResolveOptions

    def resolve(self, progress: Progress, *, as_of: datetime | None = None) -> Resolution:
        """Say what would be installed; `as_of` takes the place of the run's own date."""
        options = self.options if as_of is None else replace(self.options, as_of=as_of)
        return resolve(self.project, self.target, self.catalogue, options, progress)

    def snapshot(self, resolution: Resolution, *, as_of: datetime) -> Snapshot:
        """Gather everything that the checks may look at."""
        pages = self.pages(resolution)
        return Snapshot(
            project=self.project,
            target=self.target,
            resolution=resolution,
            pages=pages,
            drift=drift_of(resolution, pages, self.target, self.options),
            format_control=self.options.format_control,
            as_of=as_of,
            gaps=resolution.gaps,
        )

    def pages(self, resolution: Resolution) -> dict[NormalizedName, ProjectPage]:
        """Return the pages of every package resolved or asked for; one that can't be had is a gap already."""
        names = {package.name for package in resolution.packages}
        names |= {miss.ask.package for miss in resolution.misses}
        names |= {conflict.package for conflict in resolution.conflicts}
        pages = {}
        for name in sorted(names):
            try:
                page = self.catalogue.page(name)
            except IndexUnavailableError:
                continue  # the resolver met the same answer and made the gap
            if page is not None:
                pages[name] = page
        return pages


@contextmanager
def open_units(
    settings: Settings, *, stdin: Callable[[], bytes], progress: Progress
) -> Iterator[tuple[Unit, ...]]:
    """Read the inputs and connect each to its indexes; every combination of project and target is a unit.

    Raises:
        InputError: an input can't be read.
        NothingToCheckError: no input holds a requirement.
        SettingsError: a target or pip's or uv's configuration means nothing.
    """
    folder = Path.cwd()
    tools = discover(settings.environment, folder)
    catalogues: dict[IndexSettings, Catalogue] = {}
    units = []
    with ExitStack() as stack:
        for wish in settings.inputs:
            project = read_project(
                wish, environment=settings.environment, folder=folder, no_deps=settings.no_deps, stdin=stdin
            )
            where = index_settings(project, settings, tools, default_index_url=default_index_url)
            if where not in catalogues:
                catalogues[where] = stack.enter_context(
                    open_catalogue(where, environment=settings.environment, progress=progress)
                )
            options = ResolveOptions(
                format_control=where.options.format_control,
                prefer_binary=where.options.prefer_binary,
                pre=where.options.pre,
                as_of=settings.as_of,
            )
            units += [
                Unit(project=project, target=target, catalogue=catalogues[where], options=options)
                for target in targets_for(project, settings)
            ]
        yield tuple(units)


def targets_for(project: Project, settings: Settings) -> tuple[Target, ...]:
    """Make the targets asked for, each once.

    What the user leaves open comes from the project, then from this machine.
    """
    running = platform.python_version()
    targets = [
        make_target(wish.python_version or default_python(project, running), wish.platform)
        for wish in settings.targets
    ]
    return tuple(dict.fromkeys(targets))
