"""What would be installed: a release for each package, who asked for it, and what contradicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.model.gap import Gap
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration
from driftcheck.model.release import CoreMetadata, DistributionFile, Release
from driftcheck.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One party's wish for a package: a line of the user's, or what a resolved package declares."""

    package: NormalizedName
    """Which package is asked for."""
    specifier: SpecifierSet
    extras: tuple[NormalizedName, ...] = ()
    asked_by: NormalizedName | None = None
    """The package whose metadata asks; `None` if a line of the inputs does."""
    asked_by_version: Version | None = None
    requirement: Requirement | None = field(default=None, hash=False, compare=False)
    """As the metadata writes it; `None` for a line of the inputs."""
    location: Location | None = None
    """The input line; for metadata that of the direct requirement that leads there, where known."""
    is_constraint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Wishes for one package that no release satisfies together."""

    package: NormalizedName
    asks: tuple[Ask, ...]
    """At least two, the user's own lines first."""
    kept: Version | None
    """The version that the run went on with; `None` if none."""


class MissReason(str, Enum):
    """Why no release could be chosen for a wish."""

    UNKNOWN_PROJECT = "unknown-project"
    """No index knows the name."""
    UNKNOWN_VERSION = "unknown-version"
    """The project exists, no release is in the specifier."""
    NO_INSTALLABLE_FILE = "no-installable-file"
    """Releases match, but none has a file that this target and the format options can install."""
    AFTER_AS_OF = "after-as-of"
    """The matching releases were uploaded only after `--as-of`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A wish for which there is no release at all."""

    ask: Ask
    reason: MissReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedPackage:
    """One package of the set."""

    name: NormalizedName
    version: Version
    release: Release
    file: DistributionFile | None
    """The file pip would take on this target; `None` if it could take none (the pin is kept as written)."""
    metadata: CoreMetadata | None
    """`None` if it could not be read: a gap says why."""
    extras: tuple[NormalizedName, ...]
    """The extras asked for, sorted."""
    asks: tuple[Ask, ...]
    """Everybody who asked, the user's own lines first, then sorted by name."""
    declarations: tuple[Declaration, ...]
    """The user's requirement and constraint lines that apply to it on this target."""
    refused_requirement: str | None = None
    """A `Requires-Dist` of its metadata for which pip since 24.1 refuses it; `None` if there is none."""

    @property
    def is_direct(self) -> bool:
        """Whether a requirement line of the inputs names it."""
        return any(not d.is_constraint for d in self.declarations)

    @property
    def pin_declaration(self) -> Declaration | None:
        """The line (requirement or constraint) that pins it, requirement lines first; `None` if none does."""
        pins = (d for d in self.declarations if d.pin is not None)
        return min(pins, key=lambda d: d.is_constraint, default=None)

    @property
    def required_by(self) -> tuple[NormalizedName, ...]:
        """The packages whose metadata asks for it, sorted, without duplicates."""
        return tuple(sorted({a.asked_by for a in self.asks if a.asked_by is not None}))

    @property
    def location(self) -> Location | None:
        """The user's line to show: the pin, else any line that names it; `None` for a transitive package."""
        declaration = self.pin_declaration or next(iter(self.declarations), None)
        return declaration.location if declaration else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What would be installed on one target."""

    target: Target
    packages: tuple[ResolvedPackage, ...]
    """Sorted by name."""
    conflicts: tuple[Conflict, ...] = ()
    """Empty if everything fits; else the set is the pins as written, the offending wishes left out."""
    misses: tuple[Miss, ...] = ()
    unneeded: tuple[Declaration, ...] = ()
    """Requirement lines whose marker does not hold on this target."""
    gaps: tuple[Gap, ...] = ()
    by_name: Mapping[NormalizedName, ResolvedPackage] = field(hash=False, compare=False, repr=False)
    """`packages` by name."""
