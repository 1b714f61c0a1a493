"""Reading `Requires-Dist`: the short cuts must say what the parser says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.utils import NormalizedName, canonicalize_name

from driftcheck.resolver.requirement_text import MarkerJudge, needs_other_extra, split_marker
from driftcheck.resolver.target import make_target

ENVIRONMENT = make_target("3.11", "linux").marker_environment


def extras(*names: str) -> frozenset[NormalizedName]:
    return frozenset(map(canonicalize_name, names))


@pytest.mark.parametrize(
    "marker, asked, expected",
    [
        ('extra == "dev"', (), True),
        ("extra=='dev'", (), True),
        ('extra == "dev"', ("dev",), False),
        ('extra == "Dev_Tools"', ("dev-tools",), False),
        ('python_version < "3.8" and extra == "dev"', (), True),
        ('extra == "dev" and python_version < "3.8"', (), True),
        ('(python_version < "3.8" or os_name == "nt") and extra == "dev"', (), True),
        ('python_version < "3.8" or extra == "dev"', (), False),
        ('extra == "a" or extra == "b"', ("b",), False),
        ('(extra == "dev")', (), False),
        ('extra != "dev"', (), False),
        ('"dev" == extra', (), False),
        ('python_version < "3.8"', (), False),
    ],
)
def test_what_can_be_seen_not_to_count(marker: str, asked: tuple[str, ...], expected: bool) -> None:
    assert needs_other_extra(marker, extras(*asked)) is expected


terms = st.sampled_from(
    [
        'extra == "a"',
        "extra=='b'",
        'python_version >= "3.8"',
        'os_name == "nt"',
        '"c" == extra',
        'extra != "a"',
    ]
)
markers = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("({})".format, inner),
    ),
    max_leaves=6,
)


@given(markers, st.sets(st.sampled_from(["a", "b", "c"])))
def test_the_short_cut_never_drops_what_counts(marker: str, asked: set[str]) -> None:
    if needs_other_extra(marker, extras(*asked)):
        contexts = asked or {""}
        assert not any(Marker(marker).evaluate({**ENVIRONMENT, "extra": extra}) for extra in contexts)


@pytest.mark.parametrize(
    "line, expected",
    [
        ('a>=1; os_name == "nt"', ("a>=1", 'os_name == "nt"')),
        ("a", ("a", "")),
        (
            'a @ https://x.example/a;b.whl ; os_name == "nt"',
            ("a @ https://x.example/a;b.whl", 'os_name == "nt"'),
        ),
    ],
)
def test_where_a_marker_begins(line: str, expected: tuple[str, str]) -> None:
    assert split_marker(line) == expected


def test_lines_that_count_and_lines_that_are_malformed() -> None:
    lines = (
        "Plain_Name>=1",
        'old (>=1.0); python_version < "3"',
        'new[b,A] (>=1.0) ; python_version >= "3"',
        'test-only; extra == "test"',
        "legacy (>dev)",
        "!!!",
        "long" + "x" * 10_000,
        'odd; nonsense == "1"',
    )

    base = MarkerJudge(ENVIRONMENT).select(lines, extras())
    test = MarkerJudge(ENVIRONMENT).select(lines, extras("test"))

    assert [(one.name, one.extras) for one in base.wanted][:3] == [
        ("plain-name", ()),
        ("new", ("a", "b")),
        ("legacy", ()),
    ]
    assert {"legacy (>dev)", "!!!", 'odd; nonsense == "1"'} < set(base.malformed)
    assert [one.name for one in test.wanted if one.name == "test-only"] == ["test-only"]
    assert "plain-name" not in {one.name for one in test.wanted}
