"""Writes `docs/configuration.md` from the table of settings: `python docs/generate_configuration_page.py`.

A test fails when the page differs from what this writes.
"""

# ruff: noqa: INP001 - a script beside the page it writes, not a package

from pathlib import Path

from driftcheck.cli.settings import CHECK, DRIFT, SETTINGS, Kind, Panel, Setting

PAGE = Path(__file__).resolve().parent / "configuration.md"

_HEAD = """# Configuration

<!-- Generated from driftcheck/cli/settings.py by docs/generate_configuration_page.py. -->

Every option of `driftcheck check` and `driftcheck drift` that is about a project, and not about one run,
has a place in the project's configuration and an environment variable. The nearest wins: the command
line, then the environment, then the file, then the default. A list of a nearer source takes the place of
one further off; the two are not joined.

## The file

`[tool.driftcheck]` in `pyproject.toml`, or the same keys without that heading in `driftcheck.toml`:

    [tool.driftcheck]
    python-version = ["3.9", "3.12"]
    ignore = ["outdated-release", "yanked-release:protobuf"]
    fail-on = "warning"

It is looked for in the folder of the first input and in its parents, up to the first that holds `.git`.
In one folder `driftcheck.toml` goes before `pyproject.toml`. Paths are relative to the file's folder. A
key that does not exist, or a value of another type, ends the run with exit code 2 and names the file and
the key. `driftcheck check -v` says which file was read.

## The environment

`DRIFTCHECK_` and the key in capitals, `-` as `_`: `DRIFTCHECK_FAIL_ON=warning`. Lists are separated by
spaces, flags are `1` or `0`. An empty variable says nothing. A variable that looks like a mistyped
setting is warned about; others are somebody else's.

What pip and uv are configured with (their files and variables for indexes, certificates and formats)
holds where none of this says otherwise; further indexes, find-links and trusted hosts of all sources add
up.

## Settings

A flag that a file switches on is switched off with `--no-` and its name, e.g. `--no-strict`.
"""

_TAIL = """
## Only on the command line

"""


def page() -> str:
    """Returns the page."""
    parts = [_HEAD]
    for panel in Panel:
        settings = [s for s in SETTINGS if s.panel is panel and s.is_in_file]
        if settings:
            parts.append(f"\n### {panel.value}\n\n| key | type | default | meaning |\n|---|---|---|---|\n")
            parts.extend(_row(setting) for setting in settings)
    parts.append(_TAIL)
    parts.extend(f"- `{_options(s)}`: {s.help}{_only(s)}\n" for s in SETTINGS if not s.is_in_file)
    return "".join(parts)


def _row(setting: Setting) -> str:
    default = setting.default or ("false" if setting.kind is Kind.FLAG else "none")
    cells = (f"`{setting.key}`", _type(setting), default, f"{setting.help}{_only(setting)}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _type(setting: Setting) -> str:
    if setting.choices:
        return " or ".join(f"`{choice}`" for choice in setting.choices())
    return setting.kind.value


def _options(setting: Setting) -> str:
    return ", ".join(part for part in (setting.short, setting.option, setting.also) if part)


def _only(setting: Setting) -> str:
    """Says of a setting that one of the two commands alone takes it."""
    commands = [command for command in (CHECK, DRIFT) if command in setting.commands]
    return "" if len(commands) == 2 else f" (`{commands[0]}` only)"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
