"""What linking finds: imports that cannot work on a target, with the way that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from packaging.utils import NormalizedName
from packaging.version import Version

from driftcheck.model.finding import BrokenImportName
from driftcheck.model.gap import Gap


class LinkReason(str, Enum):
    """Which check a broken import belongs to; the values are the checks' names."""

    UNRESOLVED_IMPORT = "unresolved-import"
    """A name or submodule that another distribution of the set does not have."""
    UNDECLARED_DEPENDENCY = "undeclared-dependency"
    """A module that no distribution of the set has."""
    REMOVED_FROM_PYTHON = "removed-from-python"
    """A module, name or syntax that the target's Python does not have."""
    NUMPY_ABI = "numpy-abi"
    """An extension module built for another binary interface of NumPy."""
    PROTOBUF_GENCODE = "protobuf-gencode"
    """Generated code that the protobuf of the set refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStep:
    """One line on the way from a root to what fails."""

    package: NormalizedName
    file: str
    """Below site-packages."""
    line: int
    """1-based."""
    text: str
    """The line, without blanks around it; from a stranger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenImport:
    """One cause because of which imports fail."""

    reason: LinkReason
    importer: NormalizedName
    """The distribution whose line fails."""
    importer_version: Version
    provider: NormalizedName | None
    """The distribution of the set that lacks something; `None` for Python or one that is not in the set."""
    provider_version: Version | None
    module: str
    """The module that is missing, or that lacks the symbol."""
    symbol: str | None
    """`None` if the module itself is missing."""
    message: str
    """What Python says; may hold text from strangers."""
    chain: tuple[ImportStep, ...]
    """Outermost first; the last step is the line that fails."""
    breaks: tuple[BrokenImportName, ...]
    """Every top-level import that fails because of it, sorted."""
    confirmed_with: Version | None
    """The provider's release with which the same line works; `None` where there is no provider to vary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """What linking a set gave."""

    broken: tuple[BrokenImport, ...]
    """Sorted by importer, module and symbol."""
    gaps: tuple[Gap, ...]
    """What could not be judged."""
    roots: int
    """How many top-level imports were looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseQuestion:
    """Asks for an older release of a provider, to see whether a reference worked then."""

    provider: NormalizedName
    importer: NormalizedName
    importer_version: Version
    before: datetime | None
    """The importer's own upload; aware UTC, `None` if the index does not report it."""
