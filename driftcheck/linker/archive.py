"""What the linker needs of a wheel: its file list, and members by name. `index/` gives the bytes.

Names come from strangers: one that leads out of the folder, or is not text, is left out of the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from packaging.utils import NormalizedName
from packaging.version import Version

MAX_MEMBERS = 100_000
_LONGEST_NAME = 255
"""No file system holds longer ones."""


class Archive(Protocol):
    """One wheel whose members can be read, by ranges or whole."""

    @property
    def sha256(self) -> str:
        """What names its content for ever, as the index says it."""

    @property
    def names(self) -> Sequence[str]:
        """Every member, as the archive writes it."""

    def read(self, name: str) -> bytes:
        """Return a member's content.

        Raises:
            DriftcheckError: it can't be fetched, is too large or damaged.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedWheel:
    """A distribution as it would be installed."""

    name: NormalizedName
    version: Version
    archive: Archive
    uploaded: datetime | None = None
    """Aware UTC; `None` if the index does not report it."""


def installed_paths(names: Sequence[str]) -> dict[str, str]:
    """Map where a wheel's members are installed, below site-packages, to their names in the archive.

    Scripts, headers and data are left out (`{name}.data/purelib` and `platlib` move up, PEP 427).
    """
    out: dict[str, str] = {}
    for name in names[:MAX_MEMBERS]:
        head, _, rest = name.partition("/")
        path = name
        if head.endswith(".data") and rest:
            kind, _, path = rest.partition("/")
            if kind not in ("purelib", "platlib"):
                continue
        parts = path.split("/")
        if ".." in parts or not all(0 < len(part) <= _LONGEST_NAME for part in parts):
            continue
        out[path] = name
    return out
