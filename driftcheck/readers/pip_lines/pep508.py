"""Parse requirements as PEP 508 writes them, through packaging, with reasons that a person can use."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name

from driftcheck.model.project import Hash
from driftcheck.model.requirement_source import FromIndex, RequirementSource
from driftcheck.readers.pip_lines.line_error import LineError
from driftcheck.readers.pip_lines.links import is_archive_name, url_scheme
from driftcheck.support.redaction import redacted

MAX_LENGTH = 4000
"""Characters of one requirement, options not counted: long markers fit, packaging's parser stays quick."""
_MAX_PARENTHESES = 40  # packaging descends once into each
# What nearly every line looks like, read without packaging's tokenizer, which takes five times as long;
# whatever this does not match, or `SpecifierSet` refuses, goes the long way. A test holds the two together.
_CLAUSE = r"(?:[<>~!=]=|[<>])[ \t]*[0-9A-Za-z.*+!_-]{1,64}[ \t]*"
_ORDINARY = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)[ \t]*"
    r"(?:\[([A-Za-z0-9._-]+)\][ \t]*)?"
    rf"({_CLAUSE}(?:,[ \t]*{_CLAUSE}){{0,19}})?"
)
_LONE_EQUALS = re.compile(r"(?<![=<>!~])=(?!=)")
FROM_INDEX = FromIndex()


class ParsedRequirement(NamedTuple):
    """What a requirement says, before it is known where it stands; a tuple because it is made so often."""

    name: NormalizedName | None
    display_name: str
    specifier: SpecifierSet
    extras: tuple[NormalizedName, ...]
    marker: Marker | None
    source: RequirementSource
    hashes: tuple[Hash, ...] = ()
    """From the URL's fragment."""


def ordinary_requirement(text: str) -> ParsedRequirement | None:
    """Return what a line like `name[extra]>=1,<2; marker` says, `None` if it is not of that kind.

    Raises:
        LineError: the marker is malformed.
    """
    ordinary, _, marker = text.partition(";")
    match = _ORDINARY.fullmatch(ordinary)
    if match is None:
        return None
    name, extra, specifier = match.groups()
    if "." in name and is_archive_name(name):
        return None
    try:
        allowed = _specifier_set(specifier or "")
    except InvalidSpecifier:
        return None
    marker = marker.strip()
    return ParsedRequirement(
        name=canonicalize_name(name),
        display_name=name,
        specifier=allowed,
        extras=(canonicalize_name(extra),) if extra else (),
        marker=parse_marker(marker) if marker else None,
        source=FROM_INDEX,
    )


@lru_cache(maxsize=4096)
def _specifier_set(text: str) -> SpecifierSet:
    return SpecifierSet(text)


def check_bounds(text: str) -> None:
    """Refuse what would keep packaging busy or out of stack.

    Raises:
        LineError: it is too long, too deep, or holds a NUL.
    """
    if len(text) > MAX_LENGTH:
        raise LineError(f"a requirement of {len(text):,} characters; at most {MAX_LENGTH:,} are read")
    if text.count("(") > _MAX_PARENTHESES:
        raise LineError(f"more than {_MAX_PARENTHESES} parentheses in one requirement")
    if "\0" in text:
        raise LineError("a NUL character in a requirement")


@lru_cache(maxsize=1024)
def parse_marker(text: str) -> Marker:
    """Parse what stands behind the semicolon.

    Raises:
        LineError: it is malformed.
    """
    try:
        return Marker(text)
    except InvalidMarker as error:
        raise LineError(f"not a marker: {_first_line(error)}") from error


def parse_pep508(text: str) -> Requirement:
    """Parse a requirement.

    Raises:
        LineError: it is malformed; the message says how, or what was probably meant.
    """
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        if "/" in text and url_scheme(text) is None and " @ " not in text:
            reason = "it looks like a path, but there is no such file or folder"
        elif _LONE_EQUALS.search(text) and not re.search(r"==|[<>~!]=|[<>]", text):
            reason = "= is not an operator; did you mean == ?"
        elif turned := re.search(r"=[<>]", text.partition(";")[0]):
            reason = f"{turned[0]} is not an operator; did you mean {turned[0][::-1]} ?"
        elif re.match(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)", text):
            reason = "it is left over from a merge that was not finished"
        else:
            reason = _first_line(error)
        raise LineError(reason) from error


def requirement_or_none(text: str) -> Requirement | None:
    """Parse a requirement; `None` if it is none."""
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def normalised(extras: set[str]) -> tuple[NormalizedName, ...]:
    """Return extras as declarations hold them: normalised, sorted, without duplicates."""
    return tuple(sorted({canonicalize_name(extra) for extra in extras}))


def _first_line(error: Exception) -> str:
    """Return packaging's reason without its drawing of the text, which may hold a password."""
    reason = redacted(str(error).partition("\n")[0]).rstrip(".")[:200]
    return reason[:1].lower() + reason[1:]
