"""Declare a command's options to typer from the table of settings, and hand back what was typed.

Typer parses; the values are read by `cli/values.py`, as those of the environment and of files are. Typer's
own conversion imports pydantic (0.1 s, seen in typer 0.29), and its help through rich costs 0.2 s: a run has
0.6 s and `--help` 0.25 s altogether.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Protocol, TypeAlias

import typer
from typer.core import TyperCommand

from driftcheck.cli.settings import Kind, Setting

Typed: TypeAlias = dict[str, str | bool | tuple[str, ...]]
"""{name of a parameter: what was typed}, only of those that were; the key with underscores."""

_COLUMN = 30
"""Columns for the options in `--help`."""

_Context: TypeAlias = Any
"""Typer's context is a class of click in older typers and a private one in newer."""


class _Formatter(Protocol):
    """The part of click's `HelpFormatter` that is used here."""

    width: int

    def write(self, string: str, /) -> None:
        """Add text as it is."""

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Add two columns."""


class SettingsCommand(TyperCommand):
    """A command whose values are taken as typed and whose help is grouped by panel."""

    settings: tuple[Setting, ...] = ()
    arguments: tuple[tuple[str, str], ...] = ()
    """(metavar, help) of the positional arguments."""
    examples: str = ""

    def parse_args(self, ctx: _Context, args: list[str]) -> list[str]:
        """Parse without typer's conversion of values."""
        typed, rest, _ = self.make_parser(ctx).parse_args(args=list(args))
        help_option = self.get_help_option(ctx)
        if help_option is not None and typed.get(help_option.name) is True:
            typer.echo(self.get_help(ctx), color=ctx.color)
            ctx.exit()
        if rest:
            ctx.fail(f"Got unexpected extra argument ({' '.join(map(str, rest))})")
        ctx.params = {
            name: value for name, value in typed.items() if isinstance(value, (str, bool, list, tuple))
        }
        ctx.args = []
        return []

    def format_options(self, ctx: _Context, formatter: _Formatter) -> None:  # noqa: ARG002 - click's signature
        """Write the arguments, then the options under their panels."""
        if self.arguments:
            _write_panel(formatter, "Arguments", self.arguments)
        panels = dict.fromkeys(setting.panel for setting in self.settings)
        for panel in panels:
            rows = [(_spelling(s), _help(s)) for s in self.settings if s.panel is panel]
            _write_panel(formatter, panel.value, rows)
        rows = [("--help", "Show this and exit.")]
        if any(setting.negative for setting in self.settings):
            rows.append(("--no-...", "Switch off what a file or the environment switches on: --no-strict."))
        _write_panel(formatter, "Help", rows)

    def format_epilog(self, ctx: _Context, formatter: _Formatter) -> None:  # noqa: ARG002 - click's signature
        """Write the examples as they are."""
        if self.examples:
            formatter.write(f"\nExamples:\n{self.examples.rstrip()}\n")


def run_command(
    action: Callable[[Typed], int],
    args: Sequence[str],
    *,
    name: str,
    help_text: str,
    settings: tuple[Setting, ...] = (),
    argument: inspect.Parameter | None = None,
    arguments: tuple[tuple[str, str], ...] = (),
    examples: str = "",
) -> int:
    """Parse `args`, run `action` and return the exit code; a usage error is shown and gives 2.

    Args:
        action: takes what was typed and returns the exit code.
        args: without the command's name.
        name: the command's.
        help_text: a paragraph or more.
        settings: the options.
        argument: the positional argument for typer, made by `paths_argument` or `word_argument`.
        arguments: (metavar, help) of it, for `--help`.
        examples: indented lines.
    """
    exit_code = 0

    def callback(**typed: Any) -> None:  # noqa: ANN401 - what typer hands over
        nonlocal exit_code
        exit_code = action({key: _frozen(value) for key, value in typed.items() if value is not None})

    parameters = [_parameter(setting) for setting in settings]
    # inspect.signature, and with it typer, believes this attribute.
    callback.__dict__["__signature__"] = inspect.Signature([*parameters, *([argument] if argument else [])])
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    command_class = type(
        "Command", (SettingsCommand,), {"settings": settings, "arguments": arguments, "examples": examples}
    )
    app.command(cls=command_class, help=help_text)(callback)
    try:
        app(args=list(args), prog_name=f"driftcheck {name}")
    except SystemExit as end:  # typer ends the process after every command, and after a usage error with 2
        return end.code if isinstance(end.code, int) and end.code else exit_code
    return exit_code


def paths_argument() -> inspect.Parameter:
    """Return the positional argument `[PATH]…`."""
    annotation = Annotated[list[str] | None, typer.Argument(metavar="PATH", show_default=False)]
    return inspect.Parameter("paths", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def word_argument(name: str) -> inspect.Parameter:
    """Return a positional argument of one word, for the action to demand."""
    annotation = Annotated[str | None, typer.Argument(metavar=name.upper(), show_default=False)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _parameter(setting: Setting) -> inspect.Parameter:
    spelled = [part for part in (setting.option, setting.short, setting.also) if part]
    kind: Any = str | None
    if setting.kind is Kind.FLAG:
        kind = bool | None
        spelled = ["/".join(filter(None, (setting.option, setting.negative))), *spelled[1:]]
    elif setting.kind.is_list:
        kind = list[str] | None
    annotation = Annotated[kind, typer.Option(*spelled, show_default=False)]
    return inspect.Parameter(
        setting.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
    )


def _frozen(value: str | bool | Iterable[str]) -> str | bool | tuple[str, ...]:
    return value if isinstance(value, (str, bool)) else tuple(value)


def _spelling(setting: Setting) -> str:
    options = ", ".join(part for part in (setting.short, setting.option, setting.also) if part)
    return f"{options} {setting.metavar}".rstrip()


def _help(setting: Setting) -> str:
    text = setting.help
    if setting.choices:
        text += f" One of {', '.join(setting.choices())}."
    if setting.default:
        text += f" [default: {setting.default}]"
    return text


def _write_panel(formatter: _Formatter, title: str, rows: Sequence[tuple[str, str]]) -> None:
    formatter.write(f"\n{title}:\n")
    formatter.write_dl([(f"  {left}".ljust(_COLUMN), right) for left, right in rows], col_max=_COLUMN)
