"""A line splits into requirement and options as pip's own `optparse` parser splits it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftcheck.readers.pip_lines.line_error import LineError
from driftcheck.readers.pip_lines.options import NO_OPTIONS, LineOptions, Option, split_line

WORDS = [
    "a==1", "b", "'c d'", '"e', "\\", "-", "--", "--pre", "--pr", "--pre=x", "-r", "-rx.txt", "-r=x",
    "--requirement=y",
    "--req", "-c", "--constraint", "-e", "-e.", "--editable", "-i", "--index-url", "--index-url=https://x",
    "--pypi-url",
    "--extra-index", "--no-index", "--no", "-f", "--find-links", "--only-binary", "--only-binary=:all:",
    "--no-binary",
    "--prefer-binary", "--require-hashes", "--trusted-host", "--trusted-host=h", "--hash", "--hash=sha256:ab",
    "--hash=md5:ab", "--hash=x", "-C", "--config-settings=k=v", "--config-settings", "--frob", "-x", "x=1",
    "\t",
]  # fmt: skip
"""Without what the versions of pip differ in."""


@pytest.fixture(scope="module")
def pip_parser() -> Any:
    return pytest.importorskip("pip._internal.req.req_file").get_line_parser(None)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_lines_split_as_in_pip(pip_parser: Any, line: str) -> None:
    import optparse  # noqa: PLC0415

    from pip._internal.exceptions import CommandError  # noqa: PLC0415
    from pip._internal.req.req_file import OptionParsingError  # noqa: PLC0415

    try:
        expected_text, expected = pip_parser(line)
    except (OptionParsingError, CommandError, optparse.OptParseError):
        with pytest.raises(LineError):
            split_line(line)
        return
    text, options = split_line(line)
    assert text == expected_text
    assert_same(options, expected)


def assert_same(options: LineOptions, expected: Any) -> None:
    def values(option: Option) -> list[str]:
        return list(options.values(option))

    assert values(Option.INDEX_URL)[-1:] == ([expected.index_url] if expected.index_url is not None else [])
    assert values(Option.EXTRA_INDEX_URL) == expected.extra_index_urls
    assert values(Option.REQUIREMENT) == (expected.requirements or [])
    assert values(Option.CONSTRAINT) == (expected.constraints or [])
    assert values(Option.EDITABLE) == (expected.editables or [])
    assert values(Option.FIND_LINKS) == (expected.find_links or [])
    assert values(Option.TRUSTED_HOST) == (expected.trusted_hosts or [])
    assert options.has(Option.NO_INDEX) == expected.no_index
    assert options.has(Option.PRE) == expected.pre
    assert options.has(Option.PREFER_BINARY) == expected.prefer_binary
    assert options.has(Option.REQUIRE_HASHES) == expected.require_hashes
    hashes = [
        f"{algorithm}:{digest}"
        for algorithm, digests in (expected.hashes or {}).items()
        for digest in digests
    ]
    assert sorted(values(Option.HASH)) == sorted(hashes)


def test_what_belongs_to_no_option_is_kept_for_a_gap() -> None:
    _, options = split_line("--pre a -- --b")
    assert options.passed_over == ("a", "--b")


def test_a_line_without_options_costs_nothing() -> None:
    assert split_line("a==1; python_version > '3'") == ("a==1; python_version > '3'", NO_OPTIONS)
