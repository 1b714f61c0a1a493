"""What pip's configuration files and variables say about indexes, read as pip reads them.

Rules taken from pip's source (`configuration.py`, `cli/parser.py`, `utils/appdirs.py`) and tried against
`pip config list`: files are global, then user, then the virtual environment's, then `PIP_CONFIG_FILE`; a
later file replaces a key of the same section. Then `[install]` goes over `[global]`, and `PIP_…` variables
over both. A later value replaces an earlier one, lists too; only `only-binary` and `no-binary` add up. Empty
values count as not given. `PIP_CONFIG_FILE=/dev/null` turns all files off; any other that exists turns the
user's off.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from driftcheck.index.configuration.tool_settings import (
    Source,
    ToolSettings,
    boolean,
    expanded,
    home,
    keyring_provider,
    located,
    read_file,
    seconds,
    whole_number,
)
from driftcheck.model.errors import SettingsError
from driftcheck.model.project import FormatControl
from driftcheck.support.plain_text import printable

_SECTIONS = ("global", "install")
_FIELD_OF_KEY = {
    "index-url": "index_url",
    "pypi-url": "index_url",
    "extra-index-url": "extra_index_urls",
    "find-links": "find_links",
    "no-index": "no_index",
    "trusted-host": "trusted_hosts",
    "cert": "cert",
    "client-cert": "client_cert",
    "timeout": "timeout_s",
    "default-timeout": "timeout_s",
    "retries": "retries",
    "proxy": "proxy",
    "only-binary": "format_control",
    "no-binary": "format_control",
    "prefer-binary": "prefer_binary",
    "pre": "pre",
    "keyring-provider": "keyring_provider",
    "require-hashes": "require_hashes",
}


def read_pip_configuration(
    environment: Mapping[str, str], *, folder: Path, platform: str = sys.platform
) -> ToolSettings:
    """Return what `pip install`, run in `folder`, would take from its configuration.

    Raises:
        SettingsError: a file is not a configuration, or a value means nothing; pip would stop as well.
    """
    said: dict[tuple[str, str], tuple[str, str]] = {}
    sources: list[str] = []
    for path in _files(environment, platform):
        raw = read_file(path)
        if raw is not None and (found := list(_items_of_file(path, raw))):
            said.update({key: (str(path), value) for key, value in found})
            sources.append(str(path))
    items = [
        (key, value, place)
        for wanted in _SECTIONS
        for (section, key), (place, value) in said.items()
        if section == wanted
    ]
    for name, value in environment.items():
        key = name[4:].lower().replace("_", "-")
        if name.startswith("PIP_") and key in _FIELD_OF_KEY:
            items.append((key, value, name))
            sources.append(name)
    values: dict[str, Any] = {}
    for key, value, place in items:
        if value:
            source = Source(place=place, key=key)
            field = _FIELD_OF_KEY[key]
            values[field] = _value(key, value, source, values.get(field))
    settings = ToolSettings(**values, sources=tuple(sources))
    return _with_places(settings, environment, folder, platform)


def _value(key: str, text: str, source: Source, before: object) -> object:
    """Read one value; `before` is what its field holds so far."""
    match key:
        case "extra-index-url" | "find-links" | "trusted-host":
            return tuple(text.split())
        case "no-index" | "prefer-binary" | "pre" | "require-hashes":
            return boolean(text, source)
        case "timeout" | "default-timeout":
            return seconds(text, source)
        case "retries":
            return whole_number(text, source)
        case "keyring-provider":
            return keyring_provider(text, source)
        case "only-binary" | "no-binary":
            earlier = before if isinstance(before, FormatControl) else FormatControl()
            return with_formats(earlier, text, is_binary_only=key == "only-binary")
        case _:
            return text.strip()


def with_formats(earlier: FormatControl, text: str, *, is_binary_only: bool) -> FormatControl:
    """Add the names of one `--only-binary` or `--no-binary`, as pip's `handle_mutual_excludes` does."""
    chosen, other = set(earlier.only_binary), set(earlier.no_binary)
    if not is_binary_only:
        chosen, other = other, chosen
    names = [name.strip() for name in text.split(",")]
    if ":all:" in names:
        chosen, other = {":all:"}, set()
        names = names[len(names) - names[::-1].index(":all:") :]
        # pip: behind `:all:` names say nothing new, unless `:none:` took it back.
        names = names if ":none:" in names else []
    for name in filter(None, names):
        if name == ":none:":
            chosen = set()
        else:
            chosen.add(canonicalize_name(name))
            other.discard(canonicalize_name(name))
    if not is_binary_only:
        chosen, other = other, chosen
    return FormatControl(only_binary=frozenset(chosen), no_binary=frozenset(other))


def _items_of_file(path: Path, raw: bytes) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield ((section, key), value) of the keys that driftcheck knows."""
    import configparser  # noqa: PLC0415  only where there is a file
    import locale  # noqa: PLC0415

    encoding = locale.getpreferredencoding(do_setlocale=False)
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(raw.decode(encoding), str(path))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{printable(str(path))}: is not {encoding} text") from error
    except configparser.Error as error:
        raise SettingsError(f"{printable(str(path))}: {printable(str(error))}") from error
    for section in parser.sections():
        for name, value in parser.items(section):
            key = name.lower().replace("_", "-").removeprefix("--")
            if section in _SECTIONS and key in _FIELD_OF_KEY:
                yield (section, key), value


def _files(environment: Mapping[str, str], platform: str) -> Iterator[Path]:
    """Yield the files that pip would read, weakest first, whether they exist or not."""
    chosen = environment.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return
    basename = "pip.ini" if platform == "win32" else "pip.conf"
    for global_folder in _global_folders(environment, platform):
        yield global_folder / basename
    if not (chosen and Path(chosen).exists()):
        yield home(environment, platform) / ("pip" if platform == "win32" else ".pip") / basename
        yield _user_folder(environment, platform) / basename
    # pip of the active environment is the one that would install; without one, pip beside driftcheck.
    yield Path(environment.get("VIRTUAL_ENV") or sys.prefix) / basename
    if chosen:
        yield Path(chosen)


def _global_folders(environment: Mapping[str, str], platform: str) -> list[Path]:
    if platform == "win32":
        return [
            Path(environment.get("PROGRAMDATA") or environment.get("ProgramData") or "C:/ProgramData") / "pip"
        ]
    if platform == "darwin":
        brewed = [Path("/opt/homebrew/share/pip")] if sys.prefix.startswith("/opt/homebrew") else []
        return [*brewed, Path("/Library/Application Support/pip")]
    folders = environment.get("XDG_CONFIG_DIRS", "").strip() or "/etc/xdg"
    return [*(Path(folder) / "pip" for folder in folders.split(os.pathsep)), Path("/etc")]


def _user_folder(environment: Mapping[str, str], platform: str) -> Path:
    own = home(environment, platform)
    if platform == "win32":
        return Path(environment.get("APPDATA") or own / "AppData/Roaming") / "pip"
    if platform == "darwin":
        preferred = own / "Library/Application Support/pip"
        return preferred if preferred.is_dir() else own / ".config/pip"
    return Path(environment.get("XDG_CONFIG_HOME", "").strip() or own / ".config") / "pip"


def _with_places(
    settings: ToolSettings, environment: Mapping[str, str], folder: Path, platform: str
) -> ToolSettings:
    """Expand `~` in paths as pip does; relative ones start where pip is run, which is `folder`."""

    def path(text: str | None) -> str | None:
        return None if text is None else located(expanded(text, environment, platform), folder)

    links = settings.find_links
    return replace(
        settings,
        find_links=None if links is None else tuple(place for link in links if (place := path(link))),
        cert=path(settings.cert),
        client_cert=path(settings.client_cert),
    )
