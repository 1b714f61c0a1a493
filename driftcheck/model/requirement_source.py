"""Where a requirement is to be installed from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FromIndex:
    """From an index or a `--find-links` folder: the ordinary case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromArchive:
    """From one wheel or sdist, by URL (`https:` or `file:`): readable without building."""

    url: str
    """With `${ENV}` expanded and credentials as written; shown only through `support.redaction`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromVcs:
    """From version control: can't be checked against an index."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FromFolder:
    """From a source tree on disk: can't be checked against an index."""

    path: str
    is_editable: bool


RequirementSource = FromIndex | FromArchive | FromVcs | FromFolder
