"""What an index says: the files of a project, grouped by release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import Version

EMPTY: Mapping[str, str] = MappingProxyType({})


class FileKind(str, Enum):
    """What pip can do with a file."""

    WHEEL = "wheel"
    SDIST = "sdist"


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionFile:
    """One wheel or sdist of a release (PEP 691 file entry)."""

    filename: str
    url: str
    """Absolute, without fragment; may hold no credentials."""
    kind: FileKind
    name: NormalizedName
    version: Version
    index_url: str
    """The index (or find-links place) that lists it, without credentials."""
    hashes: Mapping[str, str] = field(default_factory=lambda: EMPTY, hash=False)  # unhashable before 3.12
    """{algorithm: lower-case hex digest}; empty if the index does not report any."""
    requires_python: str | None = None
    """As the index gives it; `None` if it gives none."""
    size_bytes: int | None = None
    uploaded: datetime | None = None
    """Aware UTC; `None` if the index does not report it (PEP 700)."""
    yanked: str | None = None
    """The reason (may be empty) if yanked (PEP 592), else `None`."""
    metadata_hashes: Mapping[str, str] | None = field(default=None, hash=False)
    """PEP 658/714: the hashes of the `.metadata` file (may be empty); `None` if none is advertised."""

    @property
    def is_wheel(self) -> bool:
        """Whether it can be installed without building."""
        return self.kind is FileKind.WHEEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One version of a project with its files."""

    name: NormalizedName
    version: Version
    files: tuple[DistributionFile, ...]
    """In the index's order, wheels and sdists only."""

    @property
    def uploaded(self) -> datetime | None:
        """When its first file was uploaded; `None` if no file says."""
        return min((f.uploaded for f in self.files if f.uploaded is not None), default=None)

    @property
    def yanked(self) -> str | None:
        """The reason (may be empty) if every file is yanked, else `None`."""
        if not self.files or any(f.yanked is None for f in self.files):
            return None
        return next((f.yanked for f in self.files if f.yanked), "")


class ProjectStatus(str, Enum):
    """PEP 792 project status markers."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    QUARANTINED = "quarantined"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreMetadata:
    """The part of a distribution's core metadata that driftcheck reads."""

    name: NormalizedName
    version: Version
    requires_dist: tuple[str, ...]
    """PEP 508 texts as written; parsed where used, because most stand behind extras nobody asked for."""
    requires_python: str | None
    provides_extra: tuple[NormalizedName, ...]
    classifiers: tuple[str, ...]
    license_expression: str | None = None
    license_text: str | None = None
    """The legacy `License` field's first 200 characters."""
    summary: str | None = None
    is_certain: bool = True
    """False for what an sdist says and a build could change (PEP 643 `Dynamic`, or metadata before 2.2)."""
    dependencies_known: bool = True
    """False for an sdist that does not say what it requires: an empty `requires_dist` means nothing then."""


def parse_requires_python(text: str | None) -> SpecifierSet | None:
    """Parse a `Requires-Python`; `None` if there is none or it is malformed: pip takes both for no bound."""
    if not text or not text.strip():
        return None
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None
