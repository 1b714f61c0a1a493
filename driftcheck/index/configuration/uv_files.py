"""Finding and reading uv's configuration files, each as tables whose values are checked when asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from driftcheck.index.configuration.tool_settings import Source, boolean, home, read_file
from driftcheck.model.errors import SettingsError
from driftcheck.support.plain_text import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class UvTable:
    """One table of a uv configuration."""

    place: str
    """The file."""
    folder: Path
    """What relative paths in it start from."""
    prefix: str
    """What stands before its keys in messages: `tool.uv.pip.`, or nothing."""
    data: Mapping[str, Any] = field(hash=False)

    def source(self, key: str) -> Source:
        """Return where a key stands, for messages."""
        return Source(place=self.place, key=self.prefix + key)

    def text(self, key: str) -> str | None:
        """Return a string, `None` if the key is absent.

        Raises:
            SettingsError: it is no string.
        """
        value = self.data.get(key)
        if value is not None and not isinstance(value, str):
            raise self.source(key).error(value, "a string")
        return value

    def flag(self, key: str) -> bool | None:
        """Return a boolean, `None` if the key is absent.

        Raises:
            SettingsError: it is no boolean.
        """
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.source(key).error(value, "true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings, empty if the key is absent.

        Raises:
            SettingsError: it is something else.
        """
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.source(key).error(value, "a list of strings")
        return tuple(value)

    def entries(self, key: str) -> Iterator[UvTable]:
        """Yield the tables of an array of tables.

        Raises:
            SettingsError: it is something else.
        """
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise self.source(key).error(value, "an array of tables")
        for number, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.source(f"{key}[{number}]").error(item, "a table")
            prefix = f"{self.prefix}{key}[{number}]."
            yield UvTable(place=self.place, folder=self.folder, prefix=prefix, data=item)


def uv_tables(environment: Mapping[str, str], *, folder: Path, platform: str) -> tuple[UvTable, ...]:
    """Return the tables that `uv pip` reads in `folder`, strongest first.

    Raises:
        SettingsError: a file can't be read, is not TOML or has the wrong shape.
    """
    chosen = environment.get("UV_CONFIG_FILE")
    if chosen:
        table = _table_of_file(folder / chosen)
        if table is None:
            raise SettingsError(f"UV_CONFIG_FILE: there is no file {printable(chosen)}")
        found = [table]
    elif is_set(environment, "UV_NO_CONFIG"):
        found = []
    else:
        own = _nearest(folder)
        user = _table_of_file(_user_file(environment, platform))
        system = next(filter(None, map(_table_of_file, _system_files(environment, platform))), None)
        found = [table for table in (own, user, system) if table is not None]
    # [pip] of every file goes over the rest of every file.
    return (*(pip for table in found if (pip := _pip_table(table)) is not None), *found)


def is_set(environment: Mapping[str, str], name: str) -> bool:
    """Whether a variable says yes.

    Raises:
        SettingsError: it is neither yes nor no.
    """
    text = environment.get(name, "")
    return bool(text.strip()) and boolean(text, Source(place="environment", key=name))


def _nearest(folder: Path) -> UvTable | None:
    for above in (folder, *folder.parents):
        table = _table_of_file(above / "uv.toml") or _table_of_pyproject(above / "pyproject.toml")
        if table is not None:
            return table
    return None


def _table_of_file(path: Path) -> UvTable | None:
    raw = read_file(path)
    if raw is None:
        return None
    return UvTable(place=str(path), folder=path.parent, prefix="", data=_parsed(raw, path))


def _table_of_pyproject(path: Path) -> UvTable | None:
    raw = read_file(path)
    if raw is None or b"uv" not in raw:  # most have no such table, and TOML takes time
        return None
    tool = _parsed(raw, path).get("tool")
    data = tool.get("uv") if isinstance(tool, dict) else None
    if data is None:
        return None
    if not isinstance(data, dict):
        raise SettingsError(f"{printable(str(path))}: tool.uv: expected a table")
    return UvTable(place=str(path), folder=path.parent, prefix="tool.uv.", data=data)


def _pip_table(table: UvTable) -> UvTable | None:
    data = table.data.get("pip")
    if data is None:
        return None
    if not isinstance(data, dict):
        raise table.source("pip").error(data, "a table")
    return UvTable(place=table.place, folder=table.folder, prefix=f"{table.prefix}pip.", data=data)


def _parsed(raw: bytes, path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415  only where there is a file
    else:
        import tomli as tomllib  # noqa: PLC0415

    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{printable(str(path))}: not TOML: {printable(str(error))}") from error


def _user_file(environment: Mapping[str, str], platform: str) -> Path:
    if platform == "win32":
        own = home(environment, platform) / "AppData/Roaming"
        return Path(environment.get("APPDATA") or own) / "uv/uv.toml"
    own = home(environment, platform) / ".config"
    return Path(environment.get("XDG_CONFIG_HOME", "").strip() or own) / "uv/uv.toml"


def _system_files(environment: Mapping[str, str], platform: str) -> Iterator[Path]:
    if platform == "win32":
        yield Path(environment.get("PROGRAMDATA") or "C:/ProgramData") / "uv/uv.toml"
        return
    folders = environment.get("XDG_CONFIG_DIRS", "").strip() or "/etc/xdg"
    for name in (*folders.split(os.pathsep), "/etc"):
        yield Path(name) / "uv/uv.toml"
