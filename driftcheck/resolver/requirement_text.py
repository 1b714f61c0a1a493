"""Which of a distribution's `Requires-Dist` lines count on a target, read with as little parsing as possible.

A line costs packaging about 0.1 ms when it has a marker, and a package has dozens behind extras that
nobody asked for. So the marker is cut off and judged first, every marker once, and a line whose marker
can be seen not to hold is never parsed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

_EXTRA_TERM = re.compile(r"""(?:^|\band)\s*\bextra\s*==\s*(?:"([^"]*)"|'([^']*)')""")
_OR = re.compile(r"\bor\b")
_STRING_OR_PARENTHESIS = re.compile(r"""("[^"]*"|'[^']*'|[()])""")
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_PLAIN_CLAUSE = (
    r"(?:(?:==|!=)\s*[0-9]+(?:\.[0-9]+)*(?:\.\*)?|"  # only these take a wildcard
    r"(?:<=|>=|<|>)\s*[0-9]+(?:\.[0-9]+)*(?:(?:a|b|rc|\.post|\.dev)[0-9]+)?|"
    r"~=\s*[0-9]+(?:\.[0-9]+)+)"
)
_PLAIN_CLAUSES = rf"(?:{_PLAIN_CLAUSE}\s*(?:,\s*{_PLAIN_CLAUSE}\s*)*)?"
_PLAIN_HEAD = re.compile(
    r"\s*[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\s*"  # the name
    r"(?:\[[A-Za-z0-9._,\s-]*\]\s*)?"  # extras
    rf"(?:\(\s*{_PLAIN_CLAUSES}\)|{_PLAIN_CLAUSES})\s*"
)
"""What certainly is a requirement; the rest is parsed, because pip refuses it whatever its marker says."""
_MALFORMED = (
    InvalidMarker,
    InvalidRequirement,
    UndefinedComparison,
    UndefinedEnvironmentName,
    RecursionError,
)
_LONGEST_LINE = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One `Requires-Dist` line that counts."""

    name: NormalizedName
    extras: tuple[NormalizedName, ...]
    """Sorted, without duplicates."""
    requirement: Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """What a distribution asks for on one target."""

    wanted: tuple[Dependency, ...]
    malformed: tuple[str, ...]
    """Lines that are not PEP 508, of which only the names are wanted; pip 24.1 and later refuse them."""


@dataclass(frozen=True, slots=True)
class MarkerJudge:
    """Says which markers hold on one target, every one judged once."""

    environment: Mapping[str, str]
    """PEP 508 variables without `extra`."""
    _verdicts: dict[tuple[str, str], bool] = field(default_factory=dict)

    def select(self, lines: tuple[str, ...], extras: frozenset[NormalizedName]) -> Dependencies:
        """Return what the lines ask for; with extras, only what these add."""
        wanted: list[Dependency] = []
        malformed: list[str] = []
        for line in lines:
            try:
                dependency = self._judge(line, extras)
            except _MALFORMED:
                malformed.append(line)
                dependency = self._judge_name(line, extras)
            if dependency is not None:
                wanted.append(dependency)
        return Dependencies(wanted=tuple(wanted), malformed=tuple(malformed))

    def _judge(self, line: str, extras: frozenset[NormalizedName]) -> Dependency | None:
        head, marker = split_marker(line)
        if extras and "extra" not in marker:
            return None  # the distribution itself asks for it already
        if marker and not self._holds(marker, extras):
            if _PLAIN_HEAD.fullmatch(head) is None:
                parse_head(head)  # raises where pip would
            return None
        return parse_head(head) if not marker else parse_line(line)

    def _judge_name(self, line: str, extras: frozenset[NormalizedName]) -> Dependency | None:
        """Read no more than the name of a line that is not PEP 508 (`pytz (>dev)`), as uv does."""
        head, _, marker = line[:_LONGEST_LINE].partition(";")
        name = _NAME.match(head)
        if name is None:
            return None
        try:
            return self._judge(f"{name[1]}; {marker.strip()}" if marker.strip() else name[1], extras)
        except _MALFORMED:
            return None

    def _holds(self, marker: str, extras: frozenset[NormalizedName]) -> bool:
        if needs_other_extra(marker, extras):
            return False
        return any(self._holds_with(marker, extra) for extra in extras or ("",))

    def _holds_with(self, marker: str, extra: str) -> bool:
        key = (marker, extra)
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = parse_marker(marker).evaluate({**self.environment, "extra": extra})
            self._verdicts[key] = verdict
        return verdict


def split_marker(line: str) -> tuple[str, str]:
    """Cut a requirement into what stands before the marker and the marker, empty if there is none.

    Raises:
        InvalidRequirement: the line is longer than anything honest.
    """
    if len(line) > _LONGEST_LINE:
        raise InvalidRequirement(f"a requirement of {len(line)} characters")
    # The marker of a URL requirement begins after a blank, because a URL may hold a semicolon (PEP 508).
    separator = " ;" if "@" in line and "://" in line else ";"
    head, _, marker = line.partition(separator)
    return head, marker.strip()


def needs_other_extra(marker: str, extras: frozenset[NormalizedName]) -> bool:
    """Whether a marker can be seen, without parsing, to hold only for an extra that is not among these.

    True only for a conjunction with a term `extra == "…"` outside parentheses; one `or` outside
    parentheses, and the answer is left to the parser.
    """
    if "extra" not in marker:
        return False
    terms = _without_groups(marker) if "(" in marker else marker
    if _OR.search(terms):
        return False
    return any(
        canonicalize_name(matched[1] or matched[2] or "") not in extras
        for matched in _EXTRA_TERM.finditer(terms)
    )


def _without_groups(marker: str) -> str:
    depth, kept = 0, []
    for piece in _STRING_OR_PARENTHESIS.split(marker):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth -= 1
        elif depth == 0:
            kept.append(piece)
    return "".join(kept) if depth == 0 else " or "


@lru_cache(maxsize=32_768)
def parse_line(line: str) -> Dependency:
    """Parse a whole requirement.

    Raises:
        InvalidRequirement: it is not PEP 508.
    """
    return _dependency(Requirement(line))


@lru_cache(maxsize=32_768)
def parse_head(head: str) -> Dependency:
    """Parse a requirement without marker.

    Raises:
        InvalidRequirement: it is not PEP 508.
    """
    return _dependency(Requirement(head))


@lru_cache(maxsize=8_192)
def parse_marker(marker: str) -> Marker:
    """Parse a marker.

    Raises:
        InvalidMarker: it is not PEP 508.
    """
    return Marker(marker)


def _dependency(requirement: Requirement) -> Dependency:
    extras = tuple(sorted({canonicalize_name(extra) for extra in requirement.extras}))
    return Dependency(name=canonicalize_name(requirement.name), extras=extras, requirement=requirement)
