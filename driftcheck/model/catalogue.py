"""What the resolver, the checks and the planner may ask of the indexes, as Protocols: `index/` answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.model.gap import Gap
from driftcheck.model.release import CoreMetadata, DistributionFile, ProjectStatus, Release


class ProjectPage(Protocol):
    """All that the indexes together list for one project, merged as pip merges them."""

    @property
    def name(self) -> NormalizedName:
        """The project's name."""

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version with at least one wheel or sdist, newest first (PEP 440 order)."""

    def newest_first(self) -> Iterator[Version]:
        """Yield `versions`, each parsed when it is reached: parsing all takes 25 ms for a set of 90."""

    @property
    def has_local_versions(self) -> bool:
        """Whether one of the versions is local (`2.0+cu121`, PEP 440), told without reading them all."""

    @property
    def status(self) -> ProjectStatus:
        """PEP 792; `ACTIVE` if the index does not report it."""

    @property
    def status_reason(self) -> str | None:
        """Why, in the maintainers' words; `None` if not given."""

    def release(self, version: Version) -> Release | None:
        """Return one release, `None` if there is none; equal versions of several indexes are one release."""

    def is_offered(self, version: Version) -> bool:
        """Whether a version has a file that is not yanked; cheap, because no file is judged otherwise."""

    def releases(self) -> Iterator[Release]:
        """Yield every release, newest first; files are materialised one release at a time."""


class Catalogue(Protocol):
    """The indexes, with everything that is asked twice answered from memory."""

    def page(self, name: NormalizedName) -> ProjectPage | None:
        """Return the project's page, `None` if every index answered and none knows it.

        Raises:
            IndexUnavailableError: no index that could know it answered (`OfflineMissError` with `--offline`).
        """

    def metadata(self, file: DistributionFile) -> CoreMetadata:
        """Return a file's core metadata by the cheapest road.

        Raises:
            MetadataUnavailableError: it has none that can be read without building.
            IndexUnavailableError: it could not be fetched.
        """

    def prefetch_pages(self, names: Iterable[NormalizedName]) -> None:
        """Start fetching pages in the background; never raises, errors come with `page`."""

    def prefetch_metadata(self, files: Iterable[DistributionFile]) -> None:
        """Start fetching metadata in the background; never raises, errors come with `metadata`."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What went missing without stopping anything (one of several indexes failed), sorted."""
