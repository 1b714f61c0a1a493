"""The quick way through ordinary lines says what packaging says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from driftcheck.readers.pip_lines.line_error import LineError
from driftcheck.readers.pip_lines.pep508 import ordinary_requirement

PIECES = [
    "a", "B_c", "x.y", "x.zip", "-", " ", "\t", "[e]", "[E_f]", "[e,f]", "[", "==", ">=", "<", "~=", "!=",
    "===", "=", "1",
    "1.0", "2.*", ".*", "1.0+l", "+", "1!2", "rc1", "dev", "_", "*", ",", ";", "; python_version > '3.8'",
    "os_name", "é", "(",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_the_quick_way_agrees_with_packaging(text: str) -> None:
    try:
        quick = ordinary_requirement(text)
    except LineError:
        quick = None
    if quick is None:
        return  # the long way decides
    body, _, marker = text.partition(";")
    try:
        expected = Requirement(f"{body};{marker}" if marker.strip() else body)
    except InvalidRequirement as error:
        raise AssertionError(text) from error
    assert quick.display_name == expected.name
    assert quick.specifier == expected.specifier
    assert set(quick.extras) == {canonicalize_name(extra) for extra in expected.extras}
    assert quick.marker == expected.marker
