"""What a resolved package's own metadata asks for, for runs in which the resolver does not follow it.

With `--no-deps` pip installs the lines alone; what they ask for is then a question to the metadata.
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from driftcheck.model.gap import Gap, Step
from driftcheck.model.resolution import Ask, ResolvedPackage
from driftcheck.model.snapshot import Snapshot

_MALFORMED = (
    InvalidMarker,
    InvalidRequirement,
    UndefinedComparison,
    UndefinedEnvironmentName,
    RecursionError,
)
_LONGEST_LINE = 8_192


def declared_asks(snapshot: Snapshot, package: ResolvedPackage) -> Iterator[Ask | Gap]:
    """Yield what the metadata asks for on this target with the package's extras; a gap for a bad line."""
    if package.metadata is None:
        return
    environment = dict(snapshot.target.marker_environment)
    for text in package.metadata.requires_dist:
        if not package.extras and "extra ==" in text.replace("extra==", "extra =="):
            continue  # parsing is what costs, and most requirements stand behind extras
        try:
            requirement = _parsed(text)
            counts = _holds(requirement.marker, environment, package.extras)
        except _MALFORMED:
            yield Gap(
                subject=package.name,
                step=Step.CHECK,
                reason=f"Requires-Dist: {text[:200]} can't be understood",
            )
            continue
        name = canonicalize_name(requirement.name)
        if counts and name != package.name:
            yield Ask(
                package=name,
                specifier=requirement.specifier,
                asked_by=package.name,
                asked_by_version=package.version,
                requirement=requirement,
                location=snapshot.place_of(package),
            )


def _parsed(text: str) -> Requirement:
    if len(text) > _LONGEST_LINE:
        raise InvalidRequirement("the line is absurdly long")
    return Requirement(text)


def _holds(marker: Marker | None, environment: dict[str, str], extras: tuple[NormalizedName, ...]) -> bool:
    if marker is None:
        return True
    return any(marker.evaluate({**environment, "extra": extra}) for extra in (*extras, ""))
