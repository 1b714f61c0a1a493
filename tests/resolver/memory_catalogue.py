"""An index that lives in memory, for the tests of the resolver. It satisfies `model.catalogue.Catalogue`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from driftcheck.model.errors import IndexUnavailableError, MetadataUnavailableError
from driftcheck.model.gap import Gap
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration, Hash, Project
from driftcheck.model.release import (
    CoreMetadata,
    DistributionFile,
    FileKind,
    ProjectStatus,
    Release,
)
from driftcheck.model.requirement_source import FromIndex, RequirementSource

INDEX_URL = "https://index.example/simple/"
UPLOADED = datetime(2020, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPage:
    """One project's releases."""

    name: NormalizedName
    by_version: Mapping[Version, Release]
    status: ProjectStatus = ProjectStatus.ACTIVE
    status_reason: str | None = None

    @property
    def versions(self) -> tuple[Version, ...]:
        return tuple(sorted(self.by_version, reverse=True))

    @property
    def has_local_versions(self) -> bool:
        return any(version.local for version in self.by_version)

    def newest_first(self) -> Iterator[Version]:
        return iter(self.versions)

    def release(self, version: Version) -> Release | None:
        return self.by_version.get(version)

    def is_offered(self, version: Version) -> bool:
        release = self.by_version.get(version)
        return release is not None and release.yanked is None

    def releases(self) -> Iterator[Release]:
        for version in self.versions:
            yield self.by_version[version]


@dataclass(slots=True)
class MemoryCatalogue:
    """Add releases, then resolve. Remembers what it was asked for."""

    pages_asked: list[str] = field(default_factory=list)
    metadata_asked: list[str] = field(default_factory=list)
    prefetched: list[str] = field(default_factory=list)
    unreachable: set[str] = field(default_factory=set)
    """Names whose page can't be fetched, and file names whose metadata can't."""
    gaps: tuple[Gap, ...] = ()
    _releases: dict[NormalizedName, dict[Version, Release]] = field(default_factory=dict)
    _metadata: dict[str, CoreMetadata] = field(default_factory=dict)

    def add(
        self,
        name: str,
        version: str,
        requires: Sequence[str] = (),
        *,
        extras: Mapping[str, Sequence[str]] | None = None,
        tags: Sequence[str] = ("py3-none-any",),
        sdist: bool = False,
        requires_python: str | None = None,
        says_python: bool = True,
        yanked: str | None = None,
        uploaded: datetime | None = UPLOADED,
        sha256: str | None = None,
        readable: bool = True,
        metadata_name: str | None = None,
    ) -> None:
        """Adds a release with one wheel per tag, and an sdist if asked.

        Args:
            says_python: Whether the page tells `requires_python`, or only the metadata.
            readable: Whether the metadata can be read.
            metadata_name: What the metadata says, if not `name`.
        """
        normalized = canonicalize_name(name)
        stem = f"{normalized.replace('-', '_')}-{version}"
        filenames = [f"{stem}-{tag}.whl" for tag in tags] + ([f"{stem}.tar.gz"] if sdist else [])
        lines = [*requires]
        for extra, requirements in (extras or {}).items():
            lines += [with_extra(requirement, extra) for requirement in requirements]
        files = []
        for filename in filenames:
            files.append(
                DistributionFile(
                    filename=filename,
                    url=f"https://files.example/{filename}",
                    kind=FileKind.WHEEL if filename.endswith(".whl") else FileKind.SDIST,
                    name=normalized,
                    version=Version(version),
                    index_url=INDEX_URL,
                    hashes={"sha256": sha256} if sha256 else {},
                    requires_python=requires_python if says_python else None,
                    uploaded=uploaded,
                    yanked=yanked,
                )
            )
            if readable:
                self._metadata[filename] = CoreMetadata(
                    name=canonicalize_name(metadata_name or name),
                    version=Version(version),
                    requires_dist=tuple(lines),
                    requires_python=requires_python,
                    provides_extra=tuple(sorted(canonicalize_name(extra) for extra in extras or {})),
                    classifiers=(),
                    is_certain=filename.endswith(".whl"),
                )
        releases = self._releases.setdefault(normalized, {})
        before = releases[Version(version)].files if Version(version) in releases else ()
        releases[Version(version)] = Release(
            name=normalized, version=Version(version), files=(*before, *files)
        )

    def page(self, name: NormalizedName) -> MemoryPage | None:
        self.pages_asked.append(name)
        if name in self.unreachable:
            message = f"{INDEX_URL}{name}/ answered 503"
            raise IndexUnavailableError(message)
        releases = self._releases.get(name)
        return None if releases is None else MemoryPage(name=name, by_version=releases)

    def metadata(self, file: DistributionFile) -> CoreMetadata:
        self.metadata_asked.append(file.filename)
        if file.filename in self.unreachable:
            message = f"{file.url} answered 503"
            raise IndexUnavailableError(message)
        if file.filename not in self._metadata:
            message = f"{file.filename} has no METADATA"
            raise MetadataUnavailableError(message)
        return self._metadata[file.filename]

    def prefetch_pages(self, names: Iterable[NormalizedName]) -> None:
        self.prefetched += names

    def prefetch_metadata(self, files: Iterable[DistributionFile]) -> None:
        self.prefetched += [file.filename for file in files]


def with_extra(requirement: str, extra: str) -> str:
    """Returns a requirement that counts with an extra only."""
    wanted, _, marker = requirement.partition(";")
    condition = f'({marker.strip()}) and extra == "{extra}"' if marker else f'extra == "{extra}"'
    return f"{wanted.strip()}; {condition}"


def declare(
    text: str,
    line: int = 1,
    *,
    path: str = "requirements.txt",
    is_constraint: bool = False,
    source: RequirementSource | None = None,
    hashes: Sequence[str] = (),
) -> Declaration:
    """Returns a line of a requirements file; hashes are SHA-256 digests."""
    requirement = Requirement(text)
    return Declaration(
        name=canonicalize_name(requirement.name),
        display_name=requirement.name,
        specifier=SpecifierSet(str(requirement.specifier)),
        extras=tuple(sorted(canonicalize_name(extra) for extra in requirement.extras)),
        marker=requirement.marker,
        source=source or FromIndex(),
        hashes=tuple(sorted(Hash(algorithm="sha256", digest=digest) for digest in hashes)),
        location=Location(path=path, line=line),
        text=text,
        is_constraint=is_constraint,
    )


def project_of(*lines: str, constraints: Sequence[str] = (), deps: bool = True) -> Project:
    """Returns a project with these requirement lines and constraints."""
    return project_with(
        [
            *(declare(text, number) for number, text in enumerate(lines, 1)),
            *(
                declare(text, number, path="constraints.txt", is_constraint=True)
                for number, text in enumerate(constraints, 1)
            ),
        ],
        deps=deps,
    )


def project_with(declarations: Iterable[Declaration], *, deps: bool = True) -> Project:
    """Returns a project with these declarations."""
    return Project(
        name="requirements.txt",
        inputs=(),
        declarations=tuple(declarations),
        installs_dependencies=deps,
    )
