"""Contradictions in words."""

import pytest
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.model.conflict_text import explain
from driftcheck.model.location import Location
from driftcheck.model.resolution import Ask, Conflict

PINNED = "requirements.txt:3 pins werkzeug==1.0.1"
MANY = [f"p{n} 2.0.0 requires werkzeug>={n}" for n in (2, 3, 4)]
NAME = canonicalize_name("werkzeug")


def line(specifier: str, number: int, *, is_constraint: bool = False) -> Ask:
    return Ask(
        package=NAME,
        specifier=SpecifierSet(specifier),
        location=Location(path="requirements.txt", line=number),
        is_constraint=is_constraint,
    )


def metadata(specifier: str, asker: str = "flask", number: int | None = 1) -> Ask:
    return Ask(
        package=NAME,
        specifier=SpecifierSet(specifier),
        asked_by=canonicalize_name(asker),
        asked_by_version=Version("2.0.0"),
        location=None if number is None else Location(path="requirements.txt", line=number),
    )


@pytest.mark.parametrize(
    "asks, expected",
    [
        (
            (line("==1.0.1", 3), metadata(">=2.0")),
            f"{PINNED}, but flask 2.0.0 (requirements.txt:1) requires werkzeug>=2.0",
        ),
        (
            (line("<2", 3), metadata(">=2.0", number=None)),
            "requirements.txt:3 asks for werkzeug<2, but flask 2.0.0 requires werkzeug>=2.0",
        ),
        (
            (line("==1.0.1", 3), line("==2.0", 4, is_constraint=True)),
            f"{PINNED}, but the constraint requirements.txt:4 allows only werkzeug==2.0",
        ),
        (
            (line("==1.0.1", 3), *[metadata(f">={n}", f"p{n}", None) for n in range(2, 8)]),
            f"{PINNED}, but {', '.join(MANY)} and 3 others do",
        ),
    ],
)
def test_who_asks_for_what(asks: tuple[Ask, ...], expected: str) -> None:
    assert explain(Conflict(package=NAME, asks=asks, kept=Version("1.0.1"))) == expected


def test_where_nothing_was_kept_both_sides_are_named() -> None:
    text = explain(Conflict(package=NAME, asks=(line("<1", 1), metadata(">=2", number=None)), kept=None))

    assert text == (
        "no release of werkzeug is what requirements.txt:1 asks for werkzeug<1 "
        "and flask 2.0.0 requires werkzeug>=2 at once"
    )
