"""What the terminal can do."""

import io
import os

import pytest

from driftcheck.cli.screen import encoded, wants_colour, width_of


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "when, environment, on_terminal, elsewhere",
    [
        (None, {}, True, False),
        ("auto", {"TERM": "xterm"}, True, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="an old console shows none")
def test_colours(when: str | None, environment: dict[str, str], on_terminal: bool, elsewhere: bool) -> None:
    assert wants_colour(when, Terminal(), environment) is on_terminal
    assert wants_colour(when, io.StringIO(), environment) is elsewhere
    assert wants_colour(when, None, environment) is elsewhere


@pytest.mark.parametrize("columns, width", [("60", 60), ("", 100), ("0", 100), ("many", 100), ("²", 100)])
def test_columns_of_a_pipe(columns: str, width: int) -> None:
    assert width_of(io.StringIO(), {"COLUMNS": columns}) == width


@pytest.mark.parametrize(
    "encoding, data",
    [
        ("utf-8", "│ a→b … é\n".encode()),
        (None, "│ a→b … é\n".encode()),
        ("ascii", b"| a->b ... \\xe9\n"),
        ("latin-1", b"| a->b ... \xe9\n"),
        ("no-such-encoding", b"| a->b ... \\xe9\n"),
    ],
)
def test_what_the_encoding_lacks_is_spelt(encoding: str | None, data: bytes) -> None:
    assert encoded("│ a→b … é\n", encoding) == data


def test_a_lone_surrogate_is_spelt() -> None:
    assert encoded("\udc80", "utf-8") == b"\\udc80"
