"""What is asked for (`Wish`) and what can be had (`Candidate`), as the resolver compares them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.model.project import Declaration, Hash, pinned_version
from driftcheck.model.release import DistributionFile, Release

ANY_VERSION = SpecifierSet()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A release that could be taken, alone or (`base` is set) together with extras of it.

    Candidates are compared by identity: one is made per release and set of extras.
    """

    name: NormalizedName
    version: Version | None
    """`None` for what comes from a repository or a folder: present, version unknown."""
    release: Release | None
    files: tuple[DistributionFile, ...] = ()
    """What pip could take of it, the best first; empty for a pin that installs nowhere on the target."""
    extras: frozenset[NormalizedName] = frozenset()
    base: Candidate | None = None
    """The candidate itself, where this one only adds what its extras ask for."""

    @property
    def identifier(self) -> str:
        """Name it as pip does: `name` or `name[extra,…]`."""
        return identifier_of(self.name, self.extras)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wish:
    """One party's wish for a package: a line of the user's, or of a candidate's metadata."""

    name: NormalizedName
    extras: frozenset[NormalizedName] = frozenset()
    specifier: SpecifierSet = ANY_VERSION
    requirement: Requirement | None = None
    """As the metadata writes it; `None` for a line of the user's."""
    declaration: Declaration | None = None
    """The user's line; `None` for metadata."""
    hashes: tuple[Hash, ...] = ()
    only: Candidate | None = None
    """The one candidate that will do (an extra's wish for its own base)."""
    pin: Version | None = None
    """The one version that the specifier allows, if it is a pin."""
    is_pin: bool = False
    """Whether `==` without `*`, or `===`, is among the clauses (PEP 592 lets those take a yanked file)."""
    takes_prereleases: bool = False
    """Whether a clause names a pre-release (PEP 440)."""
    _verdicts: dict[Version, bool] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        """Name what is asked for as pip does: `name` or `name[extra,…]`."""
        return identifier_of(self.name, self.extras)

    def allows(self, version: Version | None) -> bool:
        """Whether a version will do; an unknown one does. Pre-releases are sorted out elsewhere."""
        if version is None:
            return True
        verdict = self._verdicts.get(version)
        if verdict is None:
            verdict = self.specifier.contains(version, prereleases=True)
            self._verdicts[version] = verdict
        return verdict

    def accepts(self, candidate: Candidate) -> bool:
        """Whether a candidate for the wished name will do."""
        if self.only is not None:
            return candidate is self.only or candidate.base is self.only
        return self.allows(candidate.version)


def make_wish(
    name: NormalizedName,
    specifier: SpecifierSet,
    *,
    extras: Iterable[NormalizedName] = (),
    requirement: Requirement | None = None,
    declaration: Declaration | None = None,
) -> Wish:
    """Return a wish with what follows from its specifier worked out."""
    return Wish(
        name=name,
        extras=frozenset(extras),
        specifier=specifier,
        requirement=requirement,
        declaration=declaration,
        hashes=declaration.hashes if declaration is not None else (),
        pin=pinned_version(specifier),
        is_pin=any(_is_pin(clause.operator, clause.version) for clause in specifier),
        takes_prereleases=bool(specifier.prereleases),
    )


def identifier_of(name: NormalizedName, extras: frozenset[NormalizedName]) -> str:
    """Return `name` or `name[a,b]`, as pip identifies packages."""
    return f"{name}[{','.join(sorted(extras))}]" if extras else name


def _is_pin(operator: str, version: str) -> bool:
    return operator == "===" or (operator == "==" and not version.endswith(".*"))
