"""Whose word counts where several sources name indexes and formats."""

import pytest

from driftcheck.model.project import FormatControl, IndexOptions, Project
from driftcheck.model.settings import (
    CacheSettings,
    ConnectionSettings,
    ConnectionWish,
    IndexSettings,
    Settings,
    ToolConfiguration,
)
from driftcheck.pipeline.index_choice import index_settings, merged_format_control, merged_options

LINE = "https://line.index.example/simple/"
FILE = "https://file.index.example/simple/"
TOOL = "https://tool.index.example/simple/"
DEFAULT = "https://index.example/simple/"
NOTHING = IndexOptions()
NO_TOOLS = ToolConfiguration()
AS_CONFIGURED = ConnectionWish()


def chosen(
    *,
    line: IndexOptions = NOTHING,
    file: IndexOptions = NOTHING,
    tool: ToolConfiguration = NO_TOOLS,
    connection: ConnectionWish = AS_CONFIGURED,
) -> IndexSettings:
    project = Project(name="p", inputs=(), declarations=(), index_options=file)
    settings = Settings(inputs=(), index_options=line, connection=connection)
    return index_settings(project, settings, tool, default_index_url=lambda: DEFAULT)


def test_command_line_beats_file_beats_tools_beats_default() -> None:
    line, file = IndexOptions(index_url=LINE), IndexOptions(index_url=FILE)
    assert chosen(line=line, file=file).options.index_url == LINE
    assert chosen(file=file).options.index_url == FILE
    tool = ToolConfiguration(options=IndexOptions(index_url=TOOL))
    assert chosen(tool=tool).options.index_url == TOOL
    assert chosen(tool=tool, file=file).options.index_url == FILE
    assert chosen().options.index_url == DEFAULT


def test_no_index_leaves_no_index() -> None:
    assert chosen(line=IndexOptions(no_index=True)).options.index_url is None


def test_an_index_on_the_command_line_lifts_no_index_of_the_configuration() -> None:
    tool = ToolConfiguration(options=IndexOptions(no_index=True))
    options = chosen(line=IndexOptions(index_url=LINE), tool=tool).options
    assert options.index_url == LINE
    assert not options.no_index


def test_lists_add_up_strong_ones_first_and_once() -> None:
    strong = IndexOptions(extra_index_urls=(LINE,), find_links=("/a", "/b"))
    weak = IndexOptions(extra_index_urls=(FILE, LINE), find_links=("/b", "/c"))
    merged = merged_options(strong, weak)
    assert merged.extra_index_urls == (LINE, FILE)
    assert merged.find_links == ("/a", "/b", "/c")


def test_one_connection_option_keeps_what_pip_says_of_the_others() -> None:
    tool = ToolConfiguration(connection=ConnectionSettings(cert="/ca.pem", timeout_s=180.0))
    connection = chosen(tool=tool, connection=ConnectionWish(timeout_s=3.0)).connection
    assert connection == ConnectionSettings(cert="/ca.pem", timeout_s=3.0)


def test_uv_offline_is_heeded() -> None:
    assert chosen(tool=ToolConfiguration(is_offline=True)).cache == CacheSettings(is_offline=True)


@pytest.mark.parametrize(
    "first, later, expected",
    [
        (((), ()), ((":all:",), ()), ((":all:",), ())),
        (((), (":all:",)), ((":all:",), ()), ((":all:",), ())),
        (((), (":all:",)), (("numpy",), ()), (("numpy",), (":all:",))),
        ((("numpy",), ()), ((), ("numpy",)), ((), ("numpy",))),
        (((":all:",), ()), ((), ("numpy",)), ((":all:",), ("numpy",))),
        (((), ()), (("numpy",), (":all:",)), (("numpy",), (":all:",))),
    ],
)
def test_the_later_format_option_wins(
    first: tuple[tuple[str, ...], tuple[str, ...]],
    later: tuple[tuple[str, ...], tuple[str, ...]],
    expected: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    def control(pair: tuple[tuple[str, ...], tuple[str, ...]]) -> FormatControl:
        return FormatControl(only_binary=frozenset(pair[0]), no_binary=frozenset(pair[1]))

    assert merged_format_control(control(first), control(later)) == control(expected)
