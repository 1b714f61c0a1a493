"""Lines are split, joined and stripped of comments as pip does it; the oracle is pip's own function."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftcheck.readers.pip_lines.logical_lines import logical_lines, without_comment

PIECES = [
    "a==1",
    "\\",
    "\n",
    "\r\n",
    "\r",
    "#",
    " # c",
    " ",
    "\t",
    "\f",
    "\x85",
    "\u2028",
    "${A}",
    "${B}",
    "${a}",
    "$",
]


def lines(text: str) -> list[tuple[int, str]]:
    return [(number, written) for number, written, _ in logical_lines(text, {})]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a\nb", [(1, "a"), (2, "b")]),
        ("a\r\nb\rc\n\n d ", [(1, "a"), (2, "b"), (3, "c"), (5, "d")]),
        ("a # x\n#y\nb#z", [(1, "a"), (3, "b#z")]),
        ("a \\\n  >=1 \\\n# c \\\nb", [(1, "a   >=1"), (4, "b")]),
        ("a\\", [(1, "a")]),
        ("# c \\\na", [(2, "a")]),
        ("a\fb\nc", [(1, "a"), (1, "b"), (2, "c")]),
    ],
)
def test_lines(text: str, expected: list[tuple[int, str]]) -> None:
    assert lines(text) == expected


def test_variables() -> None:
    (line,) = logical_lines(
        "a ${TOKEN} ${EMPTY} ${UNSET} ${low} $TOKEN", {"TOKEN": "x", "EMPTY": "", "low": "y"}
    )
    assert line.written == "a ${TOKEN} ${EMPTY} ${UNSET} ${low} $TOKEN"
    assert line.expanded == "a x ${EMPTY} ${UNSET} ${low} $TOKEN"


@given(st.text())
def test_comments_end_where_pips_pattern_says(line: str) -> None:
    line = line.replace("\n", "")
    assert without_comment(line).strip() == re.sub(r"(^|\s+)#.*$", "", line, flags=re.DOTALL).strip()


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_lines_are_those_of_pip(text: str) -> None:
    pip = pytest.importorskip("pip._internal.req.req_file")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("A", "x")
        patch.setenv("B", "")
        theirs = [line for _, line in pip.preprocess(text)]
    assert [line.expanded for line in logical_lines(text, {"A": "x", "B": ""})] == theirs
