"""Find and read `driftcheck.toml` or `[tool.driftcheck]` of `pyproject.toml`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from driftcheck.cli.settings import SETTINGS
from driftcheck.cli.values import Value, from_toml
from driftcheck.model.errors import SettingsError
from driftcheck.support.nearest import did_you_mean
from driftcheck.support.plain_text import printable

_OWN_FILE = "driftcheck.toml"
_PROJECT_FILE = "pyproject.toml"
_LARGEST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a file says; `path` is `None` if there is none."""

    path: Path | None = None
    values: dict[str, Value] = field(default_factory=dict, hash=False)
    """{key: value}"""


def read_configuration(first_input: str) -> Configuration:
    """Read the nearest configuration of the folder of an input and its parents, up to one that holds `.git`.

    In one folder `driftcheck.toml` goes before `pyproject.toml`, which is passed by if it has no such table.

    Args:
        first_input: a file, a folder, or `-`, which stands for the working directory.

    Raises:
        SettingsError: a file can't be read, or holds an unknown key or a value of a wrong type.
    """
    for folder in _folders(first_input):
        for name in (_OWN_FILE, _PROJECT_FILE):
            path = folder / name
            table = _table(path) if path.is_file() else None
            if table is not None:
                return Configuration(path=path, values=_values(table, path))
    return Configuration()


def _folders(first_input: str) -> Iterator[Path]:
    try:
        start = Path.cwd() if first_input == "-" else Path(first_input).resolve()
        folder = start if start.is_dir() else start.parent
    except (OSError, ValueError, RuntimeError):  # links in a circle: a RuntimeError up to Python 3.12
        return  # the reader of the input says what is wrong with it
    for candidate in (folder, *folder.parents):
        yield candidate
        if (candidate / ".git").exists():
            return


def _table(path: Path) -> dict[str, object] | None:
    """Return the file's settings as written, `None` if the file is not about driftcheck."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{_shown(path)} can't be read: {error.strerror}") from error
    if path.name == _PROJECT_FILE and b"driftcheck" not in data:
        return None  # spares the import of a TOML parser in nearly every project
    if len(data) > _LARGEST_BYTES:
        raise SettingsError(f"{_shown(path)} is larger than {_LARGEST_BYTES // 1024} KiB")
    document = _parsed(data, path)
    if path.name == _OWN_FILE:
        return document
    tool = document.get("tool")
    table = tool.get("driftcheck") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{_shown(path)}: tool.driftcheck: expected a table, found {table!r}")
    return table


def _parsed(data: bytes, path: Path) -> dict[str, object]:
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415 - most runs need none
    else:
        import tomli as tomllib  # noqa: PLC0415 - as above
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        why = printable(str(error), limit=200)
        raise SettingsError(f"{_shown(path)} is not valid TOML: {why}") from error


def _values(table: dict[str, object], path: Path) -> dict[str, Value]:
    settings = {setting.key: setting for setting in SETTINGS if setting.is_in_file}
    prefix = "" if path.name == _OWN_FILE else "tool.driftcheck."
    values: dict[str, Value] = {}
    for key, value in table.items():
        place = f"{_shown(path)}: {prefix}{printable(key, limit=80)}"
        setting = settings.get(key)
        if setting is None:
            raise SettingsError(f"{place} is no setting", did_you_mean(key, settings))
        values[key] = from_toml(setting, value, place, folder=path.parent)
    return values


def _shown(path: Path) -> str:
    """Name a file as the user would, from the working directory where it lies below."""
    working = Path.cwd()
    return printable(str(path.relative_to(working) if path.is_relative_to(working) else path))
