"""Turn the requirement of one line into name, specifier, extras, marker and source, or say why not."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name

from driftcheck.model.requirement_source import FromArchive, FromFolder
from driftcheck.readers.pip_lines.line_error import LineError
from driftcheck.readers.pip_lines.links import (
    absolute,
    egg_name,
    file_url,
    fragment_hashes,
    is_archive_name,
    is_file,
    is_folder,
    is_vcs_url,
    is_windows_path,
    looks_like_path,
    pinned_by_wheel,
    resolved_file_url,
    source_of_url,
    url_path,
    url_scheme,
)
from driftcheck.readers.pip_lines.pep508 import (
    FROM_INDEX,
    ParsedRequirement,
    check_bounds,
    normalised,
    ordinary_requirement,
    parse_marker,
    parse_pep508,
    requirement_or_none,
)
from driftcheck.support.redaction import redacted

# A path beyond doubt: a folder missing here, where pip would refuse it, may exist where pip runs.
_ROOTED = re.compile(r"\.{1,2}(?:/|$)|/(?!/)")
_PROJECT_FILES = ("pyproject.toml", "setup.py")


def parse_requirement(text: str, folder: Path) -> ParsedRequirement:
    """Parse what stands before the options of a line (pip's `parse_req_from_line`).

    Args:
        text: the requirement, variables expanded.
        folder: the working directory, against which pip takes relative paths.

    Raises:
        LineError: pip refuses it.
    """
    check_bounds(text)
    if (ordinary := ordinary_requirement(text)) is not None:
        return ordinary
    body, separator, marker_text = text.partition("; " if url_scheme(text) else ";")
    body = body.strip()
    marker = parse_marker(marker_text.strip()) if separator and marker_text.strip() else None
    if url_scheme(body):
        return _from_url(body, extras=(), marker=marker, folder=folder)
    if looks_like_path(body) or is_archive_name(_without_extras(body)[0]):
        path, extras = _without_extras(body)
        if (parsed := _from_path(path, body, extras=extras, marker=marker, folder=folder)) is not None:
            return parsed
    return _from_requirement(parse_pep508(body), marker)


def parse_editable(text: str, folder: Path) -> ParsedRequirement:
    """Parse the value of `-e` (pip's `parse_editable`): a path, a VCS URL, or `name @ URL`.

    Raises:
        LineError: pip refuses it.
    """
    check_bounds(text)
    if (named := requirement_or_none(text)) is not None and named.url is not None:
        if not is_vcs_url(named.url) and url_scheme(named.url) != "file":
            raise LineError(_refused_editable(text))
        return _from_requirement(named, None, is_editable=True)
    path, extras = _without_extras(text)
    if url_scheme(path) == "file":
        return _from_url(path, extras=extras, marker=None, folder=folder, is_editable=True)
    for system in ("git", "hg", "svn", "bzr"):
        if text.lower().startswith(f"{system}:"):
            text = f"{system}+{text}"
    if is_vcs_url(text):
        if egg_name(text) is None:
            raise LineError('-e needs the project\'s name: write `-e "name @ URL"`')
        return _from_url(text, extras=(), marker=None, folder=folder, is_editable=True)
    if "#" not in path and (looks_like_path(path) or is_folder(absolute(path, folder))):
        return _folder(path, extras=extras, marker=None, folder=folder, is_editable=True)
    raise LineError(_refused_editable(text))


def _refused_editable(text: str) -> str:
    if re.match(r"[\w.-]+@[\w.-]+:", text):
        return "-e takes no `user@host:path`; write git+ssh://user@host/path#egg=name"
    if "#" in text and looks_like_path(text):
        return "-e takes no #egg= behind a path; write the path alone"
    return "-e takes a folder or the URL of a repository, such as git+https://…#egg=name"


def _without_extras(path: str) -> tuple[str, tuple[NormalizedName, ...]]:
    """Cut `path[extra]` in two, by hand because a pattern would take long on a hostile line."""
    start = path.rfind("[")
    inner = path[start + 1 : -1]
    if start < 1 or not path.endswith("]") or not inner or "]" in inner:
        return path, ()
    return path[:start].rstrip(), normalised(parse_pep508(f"placeholder[{inner}]").extras)


def _from_path(
    path: str, body: str, *, extras: tuple[NormalizedName, ...], marker: Marker | None, folder: Path
) -> ParsedRequirement | None:
    """Read a path (pip's `_get_url_from_path`); `None` if it is none after all, e.g. `name @ https://…/x.whl`."""
    before_at, at, _ = body.partition("@")
    if not is_archive_name(path):
        is_there = looks_like_path(body) and is_folder(absolute(path, folder))
        if is_there and not any(is_file(absolute(path, folder) / name) for name in _PROJECT_FILES):
            raise LineError(f"the folder {path[:100]} has neither pyproject.toml nor setup.py")
        if is_there or _ROOTED.match(path) or is_windows_path(path):
            return _folder(path, extras=extras, marker=marker, folder=folder)
        return None
    file = absolute(path, folder)
    if at and not looks_like_path(before_at) and not is_file(file):
        return None
    url = file_url(path if is_windows_path(path) else str(file))
    return _from_url(url, extras=extras, marker=marker, folder=folder, display_name=path)


def _folder(
    path: str,
    *,
    extras: tuple[NormalizedName, ...],
    marker: Marker | None,
    folder: Path,
    is_editable: bool = False,
) -> ParsedRequirement:
    where = path if is_windows_path(path) else str(absolute(path, folder))
    return ParsedRequirement(
        name=None,
        display_name=path,
        specifier=SpecifierSet(),
        extras=extras,
        marker=marker,
        source=FromFolder(path=where, is_editable=is_editable),
    )


def _from_url(
    url: str,
    *,
    extras: tuple[NormalizedName, ...],
    marker: Marker | None,
    folder: Path,
    is_editable: bool = False,
    display_name: str | None = None,
) -> ParsedRequirement:
    filename = url_path(url).rstrip("/").rpartition("/")[2]
    if url_scheme(url) == "file":
        url = resolved_file_url(url, folder)
    source = source_of_url(url, is_editable=is_editable)
    is_wheel = isinstance(source, FromArchive) and filename.lower().endswith(".whl")
    egg = egg_name(url)
    text = pinned_by_wheel(filename) if is_wheel else egg
    requirement = parse_pep508(text) if text else None
    return ParsedRequirement(
        name=canonicalize_name(requirement.name) if requirement else None,
        display_name=requirement.name if requirement else (display_name or redacted(url)),
        specifier=requirement.specifier if requirement else SpecifierSet(),
        extras=extras,
        marker=marker,
        source=source,
        hashes=fragment_hashes(url) if isinstance(source, FromArchive) else (),
    )


def _from_requirement(
    requirement: Requirement, marker: Marker | None, *, is_editable: bool = False
) -> ParsedRequirement:
    url = requirement.url
    if url is not None:
        url_path(url)  # refuses what is not a URL
        egg_name(url)  # pip refuses a bad one here too, though the name is known
    return ParsedRequirement(
        name=canonicalize_name(requirement.name),
        display_name=requirement.name,
        specifier=requirement.specifier,
        extras=normalised(requirement.extras),
        marker=marker or requirement.marker,
        source=source_of_url(url, is_editable=is_editable) if url else FROM_INDEX,
        hashes=fragment_hashes(url) if url and not is_vcs_url(url) else (),
    )
