"""What uv's configuration files and variables say about indexes, as `uv pip` would take them.

Tried against `uv pip compile --show-settings` (0.13.9). Variables go over the nearest `uv.toml` or
`[tool.uv]` in the folder or above it (a `uv.toml` hides a pyproject.toml beside it), that over the user's
`uv.toml`, that over the system's. `[pip]` goes over the rest. Single values replace each other; lists add up,
the strongest first. `UV_CONFIG_FILE` takes the place of all files, `UV_NO_CONFIG` turns them off.

Indexes marked `explicit` serve only packages that `[tool.uv.sources]` sends there, so they are left out.
Source: https://docs.astral.sh/uv/concepts/configuration-files/ and .../concepts/indexes/
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

from packaging.utils import canonicalize_name

from driftcheck.index.configuration.tool_settings import (
    Source,
    ToolSettings,
    boolean,
    keyring_provider,
    located,
    seconds,
    whole_number,
)
from driftcheck.index.configuration.uv_files import UvTable, uv_tables
from driftcheck.model.project import FormatControl
from driftcheck.model.settings import KeyringProvider

_VARIABLES = (
    "UV_CONFIG_FILE",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_HTTP_RETRIES",
    "UV_HTTP_TIMEOUT",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_INSECURE_HOST",
    "UV_KEYRING_PROVIDER",
    "UV_NO_CONFIG",
    "UV_OFFLINE",
    "UV_PRERELEASE",
    "UV_REQUIRE_HASHES",
)
T = TypeVar("T")

_NAMED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)=(?P<url>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    url: str
    name: str | None = None
    is_default: bool = False
    is_explicit: bool = False
    is_flat: bool = False
    """A page or folder of files, as `--find-links` takes."""


def read_uv_configuration(
    environment: Mapping[str, str], *, folder: Path, platform: str = sys.platform
) -> ToolSettings:
    """Return what `uv pip`, run in `folder`, would take from its configuration.

    Raises:
        SettingsError: a file is not a configuration, or a value means nothing; uv would stop as well.
    """
    tables = uv_tables(environment, folder=folder, platform=platform)
    indexes = list(_chosen(_all_indexes(environment, tables, folder), environment))
    plain = [index for index in indexes if not index.is_flat and not index.is_default]
    default = next((index.url for index in indexes if index.is_default and not index.is_flat), None)
    links = [*_find_links(environment, tables, folder), *(index.url for index in indexes if index.is_flat)]
    hosts = [*_words(environment, "UV_INSECURE_HOST"), *_listed(tables, "allow-insecure-host")]
    return ToolSettings(
        index_url=default,
        extra_index_urls=tuple(dict.fromkeys(index.url for index in plain)) or None,
        find_links=tuple(dict.fromkeys(links)) or None,
        no_index=_flag(tables, "no-index"),
        trusted_hosts=tuple(dict.fromkeys(hosts)) or None,
        format_control=_format_control(tables),
        pre=_allows_prereleases(environment, tables),
        require_hashes=_said(environment, "UV_REQUIRE_HASHES", tables, "require-hashes"),
        keyring_provider=_keyring(environment, tables),
        timeout_s=_variable(environment, "UV_HTTP_TIMEOUT", seconds),
        retries=_variable(environment, "UV_HTTP_RETRIES", whole_number),
        cert=_existing(environment, "SSL_CERT_FILE"),
        client_cert=_existing(environment, "SSL_CLIENT_CERT"),
        is_offline=_said(environment, "UV_OFFLINE", tables, "offline"),
        sources=(
            *dict.fromkeys(table.place for table in reversed(tables)),
            *(name for name in _VARIABLES if environment.get(name)),
        ),
    )


def _all_indexes(
    environment: Mapping[str, str], tables: tuple[UvTable, ...], folder: Path
) -> Iterator[_Index]:
    """Yield every index, the strongest first; the first default counts."""
    yield from (_from_text(text, folder, is_default=True) for text in _one(environment, "UV_DEFAULT_INDEX"))
    yield from (_from_text(text, folder) for text in _words(environment, "UV_INDEX"))
    yield from (_Index(url=located(text, folder)) for text in _words(environment, "UV_EXTRA_INDEX_URL"))
    for text in _one(environment, "UV_INDEX_URL"):
        yield _Index(url=located(text, folder), is_default=True)
    for table in tables:
        yield from _from_tables(table)
    for table in tables:
        for url in table.texts("extra-index-url"):
            yield _Index(url=located(url, table.folder))
    for table in tables:
        url_text = table.text("index-url")
        if url_text:
            yield _Index(url=located(url_text, table.folder), is_default=True)


def _from_tables(table: UvTable) -> Iterator[_Index]:
    for entry in table.entries("index"):
        url = entry.text("url")
        if url is None:
            raise entry.source("url").error(None, "a URL")
        yield _Index(
            url=located(url, table.folder),
            name=entry.text("name"),
            is_default=entry.flag("default") or False,
            is_explicit=entry.flag("explicit") or False,
            is_flat=entry.text("format") == "flat",
        )


def _from_text(text: str, folder: Path, *, is_default: bool = False) -> _Index:
    """Read `name=url` or a URL of a variable."""
    named = _NAMED.fullmatch(text)
    if named:
        return _Index(url=located(named["url"], folder), name=named["name"], is_default=is_default)
    return _Index(url=located(text, folder), is_default=is_default)


def _chosen(indexes: Iterator[_Index], environment: Mapping[str, str]) -> Iterator[_Index]:
    """Drop explicit indexes and those whose name a stronger one has, and put credentials into the URLs."""
    names: set[str] = set()
    for index in indexes:
        if index.name is None:
            yield index
        elif index.name not in names:
            names.add(index.name)
            if not index.is_explicit:
                url = _with_credentials(index.url, index.name, environment)
                yield _Index(url=url, is_default=index.is_default, is_flat=index.is_flat)


def _with_credentials(url: str, name: str, environment: Mapping[str, str]) -> str:
    prefix = "UV_INDEX_" + re.sub(r"[^A-Z0-9]", "_", name.upper())
    username, password = environment.get(f"{prefix}_USERNAME"), environment.get(f"{prefix}_PASSWORD")
    parts = urlsplit(url)
    if (username is None and password is None) or not parts.hostname:
        return url
    login = quote(username or "", safe="")
    if password is not None:
        login += ":" + quote(password, safe="")
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}"))


def _find_links(environment: Mapping[str, str], tables: tuple[UvTable, ...], folder: Path) -> Iterator[str]:
    for place in environment.get("UV_FIND_LINKS", "").split(","):
        if place.strip():
            yield located(place.strip(), folder)
    for table in tables:
        yield from (located(place, table.folder) for place in table.texts("find-links"))


def _format_control(tables: tuple[UvTable, ...]) -> FormatControl | None:
    only = set(_listed(tables, "only-binary")) | set(_listed(tables, "no-build-package"))
    no = set(_listed(tables, "no-binary")) | set(_listed(tables, "no-binary-package"))
    if _flag(tables, "no-build"):
        only.add(":all:")
    if not only and not no:
        return None
    return FormatControl(only_binary=_names(only), no_binary=_names(no))


def _names(names: set[str]) -> frozenset[str]:
    """Normalise package names."""
    wanted = names - {":none:"}
    return frozenset(name if name == ":all:" else canonicalize_name(name) for name in wanted)


def _allows_prereleases(environment: Mapping[str, str], tables: tuple[UvTable, ...]) -> bool | None:
    """Read the prerelease mode: `allow` is pip's `--pre`, the others say less than pip does anyway."""
    said = environment.get("UV_PRERELEASE") or next(
        filter(None, (t.text("prerelease") for t in tables)), None
    )
    return True if said == "allow" else None


def _one(environment: Mapping[str, str], name: str) -> list[str]:
    text = environment.get(name, "").strip()
    return [text] if text else []


def _words(environment: Mapping[str, str], name: str) -> list[str]:
    return environment.get(name, "").split()


def _listed(tables: tuple[UvTable, ...], key: str) -> list[str]:
    """Return the lists of all tables, strongest first; `no-binary = true` means all packages."""
    found: list[str] = []
    for table in tables:
        value = table.data.get(key)
        if isinstance(value, bool):
            found += [":all:"] if value else []
        else:
            found += table.texts(key)
    return found


def _flag(tables: tuple[UvTable, ...], key: str) -> bool | None:
    return next((flag for table in tables if (flag := table.flag(key)) is not None), None)


def _said(
    environment: Mapping[str, str], variable: str, tables: tuple[UvTable, ...], key: str
) -> bool | None:
    flag = _variable(environment, variable, boolean)
    return _flag(tables, key) if flag is None else flag


def _variable(environment: Mapping[str, str], name: str, read: Callable[[str, Source], T]) -> T | None:
    text = environment.get(name, "").strip()
    return read(text, Source(place="environment", key=name)) if text else None


def _keyring(environment: Mapping[str, str], tables: tuple[UvTable, ...]) -> KeyringProvider | None:
    said = _variable(environment, "UV_KEYRING_PROVIDER", keyring_provider)
    key = "keyring-provider"
    in_tables = (keyring_provider(text, t.source(key)) for t in tables if (text := t.text(key)) is not None)
    return said or next(in_tables, None)


def _existing(environment: Mapping[str, str], name: str) -> str | None:
    """Return the file that a variable names; uv ignores one that is not there."""
    text = environment.get(name, "").strip()
    return text if text and Path(text).exists() else None
