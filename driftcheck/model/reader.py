"""What a reader is: a name, which files it reads, and a function from a file's bytes to its requirements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from driftcheck.model.gap import Gap
from driftcheck.model.project import Declaration, Fault, IndexOptions, InputFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One input as it was found, not yet understood."""

    path: str
    """As locations show it."""
    file: Path | None
    """Absolute; `None` for standard input, whose relative paths start at the working directory."""
    data: bytes
    is_constraint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a reader may know beside the document."""

    environment: Mapping[str, str] = field(hash=False)
    """For `${NAME}`."""
    folder: Path
    """The working directory, absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one document and all that it includes say."""

    inputs: tuple[InputFile, ...]
    declarations: tuple[Declaration, ...]
    index_options: IndexOptions
    """Those that held before the document, changed by its lines in order, as pip does."""
    has_hashes: bool = False
    """Whether a `--hash` stands on any line."""
    accepts_missing_hashes: bool = False
    """pip's `--no-require-hashes`: one line with a hash does not oblige the others."""
    claims_complete: bool = False
    """Whether the format itself lists everything that gets installed (a lock)."""
    faults: tuple[Fault, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One input format."""

    name: str
    """The format's name in reports, e.g. `requirements.txt`."""
    matches: Callable[[Path], bool]
    """Whether a file is of this format, from its name alone."""
    read: Callable[[Document, Surroundings, IndexOptions], Reading]
    """Raises `InputError` if the document as a whole is not what it claims to be."""
