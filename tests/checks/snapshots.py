"""Small snapshots by hand: an index in memory, lines of a requirements file, and what was resolved.

index = Index()
index.add("flask", "1.1.2", wheel(), sdist(), yanked="broken")
project = lines("flask==1.1.2")
snapshot = snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")])
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from driftcheck.model.installable import installable_files
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration, FormatControl, Hash, InputFile, Project
from driftcheck.model.release import CoreMetadata, DistributionFile, FileKind, ProjectStatus, Release
from driftcheck.model.requirement_source import FromIndex, RequirementSource
from driftcheck.model.resolution import Ask, Conflict, Miss, Resolution, ResolvedPackage
from driftcheck.model.snapshot import Drift, Snapshot
from driftcheck.model.target import Target
from driftcheck.resolver.target import make_target

PATH = "requirements.txt"
INDEX_URL = "https://index.example/simple/"
AS_OF = datetime(2026, 11, 23, tzinfo=timezone.utc)
TARGET = make_target("3.9.18", "x86_64-manylinux_2_28")
NO_FORMATS = FormatControl()


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page of one project, in memory."""

    name: NormalizedName
    rows: dict[Version, Release] = field(default_factory=dict)
    status: ProjectStatus = ProjectStatus.ACTIVE
    status_reason: str | None = None

    @property
    def has_local_versions(self) -> bool:
        return any(version.local for version in self.rows)

    @property
    def versions(self) -> tuple[Version, ...]:
        return tuple(sorted(self.rows, reverse=True))

    def newest_first(self) -> Iterator[Version]:
        return iter(self.versions)

    def release(self, version: Version) -> Release | None:
        return self.rows.get(version)

    def is_offered(self, version: Version) -> bool:
        release = self.rows.get(version)
        return release is not None and release.yanked is None

    def releases(self) -> Iterator[Release]:
        return (self.rows[version] for version in self.versions)


@dataclass(frozen=True, kw_only=True)
class File:
    """What is to be said of a file beside its project and version."""

    tag: str | None
    """`None` for an sdist."""
    requires_python: str | None
    yanked: str | None
    uploaded: datetime | None
    hashes: dict[str, str] | None
    """`None`: the SHA-256 of the file's name."""


def wheel(
    tag: str = "py3-none-any",
    *,
    requires_python: str | None = None,
    yanked: str | None = None,
    uploaded: str | None = None,
    hashes: dict[str, str] | None = None,
) -> File:
    """Returns the description of a wheel."""
    when = datetime.fromisoformat(uploaded).replace(tzinfo=timezone.utc) if uploaded else None
    return File(tag=tag, requires_python=requires_python, yanked=yanked, uploaded=when, hashes=hashes)


def sdist(*, requires_python: str | None = None, yanked: str | None = None) -> File:
    """Returns the description of a source distribution."""
    return File(tag=None, requires_python=requires_python, yanked=yanked, uploaded=None, hashes=None)


@dataclass(frozen=True)
class Index:
    """An index in memory."""

    pages: dict[NormalizedName, Page] = field(default_factory=dict)

    def add(self, name: str, version: str, *files: File) -> Release:
        """Adds a release, with one pure wheel unless told otherwise."""
        normalized = canonicalize_name(name)
        page = self.pages.setdefault(normalized, Page(name=normalized))
        rows = tuple(_file(normalized, Version(version), file) for file in files or (wheel(),))
        release = Release(name=normalized, version=Version(version), files=rows)
        page.rows[release.version] = release
        return release

    def project(
        self, name: str, *, status: ProjectStatus = ProjectStatus.ACTIVE, reason: str | None = None
    ) -> None:
        """Adds a project without files, or gives an existing one a status."""
        page = self.pages.get(canonicalize_name(name), Page(name=canonicalize_name(name)))
        self.pages[page.name] = replace(page, status=status, status_reason=reason)


def _file(name: NormalizedName, version: Version, file: File) -> DistributionFile:
    filename = f"{name}-{version}.tar.gz" if file.tag is None else f"{name}-{version}-{file.tag}.whl"
    return DistributionFile(
        filename=filename,
        url=f"https://files.example/{filename}",
        kind=FileKind.SDIST if file.tag is None else FileKind.WHEEL,
        name=name,
        version=version,
        index_url=INDEX_URL,
        hashes={"sha256": digest_of(filename)} if file.hashes is None else file.hashes,
        requires_python=file.requires_python,
        yanked=file.yanked,
        uploaded=file.uploaded,
    )


def digest_of(filename: str) -> str:
    """Returns the digest that the index in memory gives a file."""
    return hashlib.sha256(filename.encode()).hexdigest()


def declaration(
    text: str,
    line: int = 1,
    *,
    hashes: Iterable[str] = (),
    is_constraint: bool = False,
    source: RequirementSource | None = None,
    name: str | None = "",
    path: str = PATH,
) -> Declaration:
    """Returns a line of a requirements file; `name=None` for one whose name is not known."""
    requirement = Requirement(text if name == "" else "unnamed")
    return Declaration(
        name=canonicalize_name(requirement.name) if name == "" else None,
        display_name=requirement.name if name == "" else text,
        specifier=requirement.specifier,
        extras=tuple(sorted(canonicalize_name(extra) for extra in requirement.extras)),
        marker=requirement.marker,
        source=source or FromIndex(),
        hashes=tuple(sorted(Hash(algorithm="sha256", digest=digest) for digest in hashes)),
        location=Location(path="constraints.txt" if is_constraint else path, line=line),
        text=text,
        is_constraint=is_constraint,
    )


def project_of(
    *declarations: Declaration,
    claims_complete: bool = False,
    installs_dependencies: bool = True,
    requires_hashes: bool | None = None,
) -> Project:
    """Returns a project that holds these lines; `None`: pip asks for hashes if a line has one."""
    return Project(
        name=PATH,
        inputs=(InputFile(path=PATH, format="requirements.txt", requirements=len(declarations)),),
        declarations=declarations,
        claims_complete=claims_complete,
        installs_dependencies=installs_dependencies,
        requires_hashes=any(d.hashes for d in declarations) if requires_hashes is None else requires_hashes,
    )


def lines(*texts: str) -> Project:
    """Returns a project of plain lines, numbered from 1."""
    return project_of(*(declaration(text, number) for number, text in enumerate(texts, 1)))


def metadata(
    name: str,
    version: str,
    *requires: str,
    requires_python: str | None = None,
    classifiers: Iterable[str] = (),
    is_certain: bool = True,
) -> CoreMetadata:
    """Returns core metadata."""
    return CoreMetadata(
        name=canonicalize_name(name),
        version=Version(version),
        requires_dist=requires,
        requires_python=requires_python,
        provides_extra=(),
        classifiers=tuple(classifiers),
        is_certain=is_certain,
    )


def line_ask(declaration: Declaration) -> Ask:
    """Returns the wish of a line."""
    assert declaration.name is not None
    return Ask(
        package=declaration.name,
        specifier=declaration.specifier,
        extras=declaration.extras,
        location=declaration.location,
        is_constraint=declaration.is_constraint,
    )


def metadata_ask(text: str, by: str, version: str, line: int | None = 1) -> Ask:
    """Returns the wish of a package's metadata; `line` is that of the direct requirement behind it."""
    requirement = Requirement(text)
    return Ask(
        package=canonicalize_name(requirement.name),
        specifier=requirement.specifier,
        asked_by=canonicalize_name(by),
        asked_by_version=Version(version),
        requirement=requirement,
        location=Location(path=PATH, line=line),
    )


def resolved(
    index: Index,
    project: Project,
    name: str,
    version: str,
    *asks: Ask,
    target: Target = TARGET,
    formats: FormatControl = NO_FORMATS,
    core: CoreMetadata | None = None,
    extras: tuple[str, ...] = (),
) -> ResolvedPackage:
    """Returns a package of the set, with the file that pip would take and the lines that name it."""
    release = index.pages[(normalized := canonicalize_name(name))].rows[Version(version)]
    own = tuple(line for line in project.declarations if line.name == normalized)
    usable = installable_files(release, target=target, format_control=formats)
    unyanked = sorted(usable, key=lambda file: file.yanked is not None)
    return ResolvedPackage(
        name=normalized,
        version=release.version,
        release=release,
        file=next(iter(unyanked), None),
        metadata=core or metadata(name, version),
        extras=tuple(canonicalize_name(extra) for extra in extras),
        asks=(*(line_ask(line) for line in own), *asks),
        declarations=own,
    )


def snapshot_of(
    index: Index,
    project: Project,
    packages: Iterable[ResolvedPackage] = (),
    *,
    conflicts: Iterable[Conflict] = (),
    misses: Iterable[Miss] = (),
    unneeded: Iterable[Declaration] = (),
    target: Target = TARGET,
    formats: FormatControl = NO_FORMATS,
    as_of: datetime = AS_OF,
) -> Snapshot:
    """Returns a snapshot; how far each package has drifted is worked out from the index in memory."""
    chosen = tuple(sorted(packages, key=lambda package: package.name))
    return Snapshot(
        project=project,
        target=target,
        resolution=Resolution(
            target=target,
            packages=chosen,
            conflicts=tuple(conflicts),
            misses=tuple(misses),
            unneeded=tuple(unneeded),
            by_name={package.name: package for package in chosen},
        ),
        pages=dict(index.pages),
        drift={
            p.name: _drift(index.pages[p.name], p, target, formats) for p in chosen if p.name in index.pages
        },
        format_control=formats,
        as_of=as_of,
    )


def _drift(page: Page, package: ResolvedPackage, target: Target, formats: FormatControl) -> Drift:
    finals = [r for r in page.releases() if not r.version.is_prerelease and r.yanked is None]
    fitting = [r for r in finals if any(installable_files(r, target=target, format_control=formats))]
    latest = finals[0] if finals else None
    dates = (package.release.uploaded, latest.uploaded if latest else None)
    years = (dates[1] - dates[0]).days / 365.25 if dates[0] and dates[1] else None
    return Drift(
        latest=latest,
        latest_compatible=fitting[0] if fitting else None,
        releases_behind=sum(release.version > package.version for release in finals),
        libyears=years,
    )
