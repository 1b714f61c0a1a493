"""A project's page as the rest of driftcheck sees it: what all places list, merged as pip merges them."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby

from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.index.pages.file_entry import BadEntryError, distribution_file, is_offered
from driftcheck.index.pages.page_blob import PageHeader, read_header
from driftcheck.model.release import DistributionFile, ProjectStatus, Release


class ListedPage:
    """What one place lists for a project, read from a distilled page.

    Args:
        blob: As `page_blob.distil` made it.
        index_url: The place, without credentials.

    Raises:
        ValueError: the blob is not a distilled page.
    """

    def __init__(self, blob: bytes | memoryview, index_url: str) -> None:
        self._blob = blob
        self._index_url = index_url
        self._header, self._start = read_header(blob)
        self._positions: dict[str, int] | None = None
        self._by_version: dict[Version, int] | None = None
        self._parsed: dict[int, Version] = {}
        self._versions: tuple[Version, ...] | None = None
        self.skipped = self._header.skipped
        """File entries that could not be understood, among those looked at so far."""

    @property
    def header(self) -> PageHeader:
        """What was read so far."""
        return self._header

    @property
    def index_url(self) -> str:
        """The place."""
        return self._index_url

    @property
    def versions(self) -> tuple[Version, ...]:
        """Newest first."""
        if self._versions is None:
            self._versions = tuple(self.newest_first())
        return self._versions

    def newest_first(self) -> Iterator[Version]:
        """Yield the versions newest first, each parsed when it is reached."""
        for position, text in enumerate(self._header.texts):
            version = self._parsed.get(position)
            if version is None:
                version = self._parsed[position] = Version(text)
            yield version

    def files(self, name: NormalizedName, version: Version) -> list[DistributionFile]:
        """Return the files of one version, in the place's order."""
        return list(self._usable(self._row(version), name, version))

    def is_offered(self, version: Version) -> bool:
        """Whether a version has an entry that is not yanked."""
        return any(isinstance(entry, dict) and is_offered(entry) for entry in self._row(version))

    def _row(self, version: Version) -> list[object]:
        position = self._position_of(version)
        if position is None:
            return []
        ends = self._header.ends
        first = self._start + (ends[position - 1] if position else 0)
        row: list[object] = json.loads(bytes(self._blob[first : self._start + ends[position]]))
        return row

    def _usable(
        self, row: list[object], name: NormalizedName, version: Version
    ) -> Iterator[DistributionFile]:
        for entry in row:
            try:
                yield distribution_file(
                    entry,
                    page_url=self._header.page_url,
                    index_url=self._index_url,
                    name=name,
                    version=version,
                )
            except BadEntryError:
                self.skipped += 1

    def _position_of(self, version: Version) -> int | None:
        """Look for the text first: parsing all versions of a page is what a warm run can't afford."""
        if self._positions is None:
            self._positions = {text: position for position, text in enumerate(self._header.texts)}
        position = self._positions.get(str(version))
        if position is not None:
            return position
        if self._by_version is None:
            self._by_version = {each: position for position, each in enumerate(self.versions)}
        return self._by_version.get(version)


class MergedPage:
    """A `ProjectPage`: the union of the files of every place that answered, in the order of places.

    Args:
        name: The project.
        pages: One for each place that knows it, at least one.
    """

    def __init__(self, name: NormalizedName, pages: tuple[ListedPage, ...]) -> None:
        self._name = name
        self._pages = pages
        self._versions: tuple[Version, ...] | None = None
        self._releases: dict[Version, Release | None] = {}
        marked = [page.header for page in pages if page.header.status is not ProjectStatus.ACTIVE]
        self._marked = next(iter(marked), pages[0].header)

    @property
    def name(self) -> NormalizedName:
        """The project's name."""
        return self._name

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version, newest first."""
        if self._versions is None:
            if len(self._pages) == 1:
                self._versions = self._pages[0].versions
            else:
                merged = {version: None for page in self._pages for version in page.versions}
                self._versions = tuple(sorted(merged, reverse=True))
        return self._versions

    def newest_first(self) -> Iterator[Version]:
        """Yield every version newest first, each parsed when it is reached."""
        if len(self._pages) == 1:
            return self._pages[0].newest_first()
        merged = heapq.merge(*(page.newest_first() for page in self._pages), reverse=True)
        return (version for version, _ in groupby(merged))

    @cached_property
    def has_local_versions(self) -> bool:
        """Whether one of the versions is local."""
        return any("+" in text for page in self._pages for text in page.header.texts)

    @property
    def status(self) -> ProjectStatus:
        """PEP 792: of the first place that says something other than active."""
        return self._marked.status

    @property
    def status_reason(self) -> str | None:
        """Why; `None` if not given."""
        return self._marked.status_reason

    def release(self, version: Version) -> Release | None:
        """Return one release, `None` if there is none."""
        if version not in self._releases:
            files = [file for page in self._pages for file in page.files(self._name, version)]
            self._releases[version] = (
                Release(name=self._name, version=files[0].version, files=tuple(files)) if files else None
            )
        return self._releases[version]

    def is_offered(self, version: Version) -> bool:
        """Whether a version has a file that is not yanked."""
        return any(page.is_offered(version) for page in self._pages)

    def releases(self) -> Iterator[Release]:
        """Yield every release, newest first."""
        for version in self.versions:
            release = self.release(version)
            if release is not None:
                yield release
