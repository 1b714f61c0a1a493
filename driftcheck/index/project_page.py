"""A project's page as the rest of driftcheck sees it: what all places list, merged as pip merges them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from types import MappingProxyType

from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.index.page_blob import PageHeader, read_header
from driftcheck.model.release import (
    EMPTY,
    DistributionFile,
    FileKind,
    ProjectStatus,
    Release,
)


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
        self._versions: tuple[Version, ...] | None = None

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
            self._versions = tuple(map(Version, self._header.texts))
        return self._versions

    def files(self, name: NormalizedName, version: Version) -> list[DistributionFile]:
        """Return the files of one version, in the place's order."""
        position = self._position_of(version)
        if position is None:
            return []
        ends = self._header.ends
        first = self._start + (ends[position - 1] if position else 0)
        rows = json.loads(bytes(self._blob[first : self._start + ends[position]]))
        return [_file(row, name=name, version=version, index_url=self._index_url) for row in rows]

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
    """A `ProjectPage`: the union of the files of every place that answered, in pip's order of places.

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

    def releases(self) -> Iterator[Release]:
        """Yield every release, newest first."""
        for version in self.versions:
            release = self.release(version)
            if release is not None:
                yield release


def upload_time(text: object) -> datetime | None:
    """Parse `2020-04-03T17:17:53.739219Z` (PEP 700); `None` if it is not such a time."""
    if not isinstance(text, str):
        return None
    try:
        # Python 3.10 knows no Z, and only 3 or 6 digits of a second.
        main, dot, fraction = text.removesuffix("Z").removesuffix("+00:00").partition(".")
        moment = datetime.fromisoformat(f"{main}.{fraction[:6]:0<6}" if dot else main)
    except ValueError:
        return None
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _file(row: list[object], *, name: NormalizedName, version: Version, index_url: str) -> DistributionFile:
    match row:
        case [str(filename), str(url), hashes, requires_python, size, uploaded, yanked, metadata, is_wheel]:
            return DistributionFile(
                filename=filename,
                url=url,
                kind=FileKind.WHEEL if is_wheel is True else FileKind.SDIST,
                name=name,
                version=version,
                index_url=index_url,
                hashes=_hashes(hashes),
                requires_python=requires_python if isinstance(requires_python, str) else None,
                size_bytes=size if isinstance(size, int) else None,
                uploaded=upload_time(uploaded),
                yanked=yanked if isinstance(yanked, str) else None,
                metadata_hashes=None if metadata is None else _hashes(metadata),
            )
    raise ValueError(f"not a row of a distilled page: {row!r:.80}")


def _hashes(value: object) -> Mapping[str, str]:
    if isinstance(value, str):
        return MappingProxyType({"sha256": value})
    return (
        MappingProxyType({str(key): str(text) for key, text in value.items()})
        if value and isinstance(value, dict)
        else EMPTY
    )
