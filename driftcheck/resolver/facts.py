"""What is known of a candidate: its metadata, what it requires on the target, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.model.catalogue import Catalogue
from driftcheck.model.errors import IndexUnavailableError, MetadataUnavailableError
from driftcheck.model.release import CoreMetadata, DistributionFile, parse_requires_python
from driftcheck.model.target import Target
from driftcheck.resolver.requirement_text import Dependencies, MarkerJudge
from driftcheck.resolver.wish import Candidate

_FILES_TRIED = 3
_PYTHON_OF_PIP_24_1 = Version("3.8")
"""The first pip to refuse malformed requirements does not run on an older Python than this."""
NO_EXTRAS: frozenset[NormalizedName] = frozenset()
NOTHING = Dependencies(wanted=(), malformed=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a candidate's inside."""

    metadata: CoreMetadata | None
    file: DistributionFile | None
    """The file whose metadata it is."""
    fault: str | None = None
    """Why there is no metadata, or what is wrong with it."""
    is_refused: bool = False
    """Whether pip would pass over the candidate because of the fault or of its own Requires-Python."""
    malformed: str | None = None
    """A requirement that is not PEP 508, for which today's pip refuses the candidate on this target."""
    excludes_python: bool = False
    """Whether its own Requires-Python excludes the target, whatever the index says of it."""


@dataclass(slots=True, kw_only=True)
class FactReader:
    """Reads metadata through the catalogue and judges it for one target."""

    target: Target
    catalogue: Catalogue
    _judge: MarkerJudge = field(init=False)
    _selected: dict[tuple[Candidate, frozenset[NormalizedName]], Dependencies] = field(default_factory=dict)
    _pythons: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._judge = MarkerJudge(self.target.marker_environment)

    def read(self, candidate: Candidate, *, keeps: bool) -> Facts:
        """Read a candidate's metadata from the best file that has any.

        Args:
            candidate: not one that stands for extras.
            keeps: whether the candidate stays even if pip would pass over it, because a line pins it.
        """
        if candidate.release is None:
            return Facts(metadata=None, file=None)
        files = candidate.files or _by_readability(candidate.release.files)
        faults: list[str] = []
        for file in files[:_FILES_TRIED]:
            try:
                metadata = self.catalogue.metadata(file)
            except IndexUnavailableError as error:
                # A fault of the network says nothing of the release, so no older one may be taken for it.
                return Facts(metadata=None, file=file, fault=f"{file.filename}: {error}")
            except MetadataUnavailableError as error:
                faults.append(f"{file.filename}: {error}")
                if not file.is_wheel:  # pip would build it and find out
                    return Facts(metadata=None, file=file, fault=faults[-1])
                continue
            fault = self._fault_of(metadata, candidate.name, candidate.version)
            if fault is None:
                return self._judged(candidate, metadata, file, keeps=keeps)
            faults.append(f"{file.filename}: {fault}")
        return Facts(
            metadata=None, file=None, fault="; ".join(faults) or "it has no file", is_refused=not keeps
        )

    def _judged(
        self, candidate: Candidate, metadata: CoreMetadata, file: DistributionFile, *, keeps: bool
    ) -> Facts:
        if not self._supports(metadata.requires_python):
            return Facts(metadata=metadata, file=file, is_refused=not keeps, excludes_python=True)
        malformed = self.select(candidate, metadata, NO_EXTRAS).malformed
        if malformed:
            fault = f"it requires {malformed[0]!r}, which pip 24.1 and later refuse; only the name was taken"
            if self.target.python_version < _PYTHON_OF_PIP_24_1:
                return Facts(metadata=metadata, file=file, fault=fault)
            return Facts(
                metadata=metadata, file=file, fault=fault, is_refused=not keeps, malformed=malformed[0]
            )
        if not metadata.dependencies_known:
            fault = f"{file.filename} does not say what it requires, and only building it would"
            return Facts(metadata=metadata, file=file, fault=fault)
        return Facts(metadata=metadata, file=file)

    def _supports(self, requires_python: str | None) -> bool:
        if requires_python is None:
            return True
        if requires_python not in self._pythons:
            allowed = parse_requires_python(requires_python)
            self._pythons[requires_python] = self.target.supports_python(allowed)
        return self._pythons[requires_python]

    def _fault_of(self, metadata: CoreMetadata, name: NormalizedName, version: Version | None) -> str | None:
        if metadata.name != name or (version is not None and metadata.version != version):
            return f"its metadata is of {metadata.name} {metadata.version}"
        return None

    def select(
        self, base: Candidate, metadata: CoreMetadata, extras: frozenset[NormalizedName]
    ) -> Dependencies:
        """Return the requirements of a candidate's metadata that count on the target, worked out once."""
        key = (base, extras)
        if key not in self._selected:
            self._selected[key] = self._judge.select(metadata.requires_dist, extras)
        return self._selected[key]


def _by_readability(files: Sequence[DistributionFile]) -> tuple[DistributionFile, ...]:
    return tuple(sorted(files, key=lambda file: (not file.is_wheel, file.metadata_hashes is None)))
