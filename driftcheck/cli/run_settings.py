"""Merge the command line, the environment and the configuration file into the `Settings` of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path

from packaging.utils import canonicalize_name

from driftcheck.cli.command import Typed
from driftcheck.cli.configuration import read_configuration
from driftcheck.cli.environment import likely_typos, read_environment
from driftcheck.cli.settings import Kind, Setting, settings_of
from driftcheck.cli.values import Value, from_text, from_texts
from driftcheck.model.errors import SettingsError
from driftcheck.model.finding import Confidence, Severity
from driftcheck.model.project import FormatControl, IndexOptions
from driftcheck.model.settings import (
    CacheSettings,
    ConnectionWish,
    InputWish,
    KeyringProvider,
    Settings,
    TargetWish,
)
from driftcheck.support.nearest import did_you_mean
from driftcheck.support.registry import member_names

_HERE = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Every value that holds for a command: the command line before the environment before the file."""

    values: Mapping[str, Value] = field(hash=False)
    """{key: value} of what was said anywhere."""
    warnings: tuple[str, ...] = ()
    configuration: Path | None = None
    """The file that was read."""

    def text(self, key: str) -> str | None:
        """Return a text, `None` if not said."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list, empty if not said."""
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()

    def flag(self, key: str) -> bool:
        """Return a flag, false if not said."""
        return self.values.get(key) is True

    def number(self, key: str) -> float | None:
        """Return a number, `None` if not said."""
        value = self.values.get(key)
        return value if isinstance(value, (int, float)) else None

    def instant(self, key: str) -> datetime | None:
        """Return an aware UTC time, `None` if not said."""
        value = self.values.get(key)
        return value if isinstance(value, datetime) else None


def merge_wishes(typed: Typed, *, command: str, environment: Mapping[str, str]) -> Wishes:
    """Read the three sources; a list of a nearer source takes the place of one further off.

    Raises:
        SettingsError: a value means nothing.
    """
    settings = settings_of(command)
    first_input = next(iter((*_strings(typed, "paths"), *_strings(typed, "requirement"))), _HERE)
    configuration = read_configuration(first_input)
    keys = {setting.key for setting in settings}
    values = {key: value for key, value in configuration.values.items() if key in keys}
    values |= read_environment(environment, settings)
    values |= {s.key: _typed_value(s, typed[s.name]) for s in settings if s.name in typed}
    return Wishes(values=values, warnings=likely_typos(environment), configuration=configuration.path)


def run_settings(typed: Typed, wishes: Wishes, *, environment: Mapping[str, str]) -> Settings:
    """Make the `Settings` of a run.

    Raises:
        SettingsError: a check is unknown, or options exclude each other.
    """
    checks = member_names("driftcheck.checks")
    fail_on = wishes.text("fail-on") or Severity.ERROR.value
    return Settings(
        inputs=_inputs(typed, wishes),
        targets=tuple(
            TargetWish(python_version=python, platform=platform)
            for python, platform in product(
                wishes.texts("python-version") or (None,), wishes.texts("python-platform") or (None,)
            )
        ),
        no_deps=wishes.flag("no-deps"),
        index_options=_index_options(wishes),
        connection=_connection(wishes),
        cache=cache_settings(wishes),
        as_of=wishes.instant("as-of"),
        select=tuple(_known_check(name, checks, "select") for name in wishes.texts("select")),
        ignore=tuple(_ignored(entry, checks) for entry in wishes.texts("ignore")),
        fail_on=None if fail_on == "never" else Severity(fail_on),
        min_confidence=Confidence(wishes.text("min-confidence") or Confidence.LOW.value),
        is_strict=wishes.flag("strict"),
        environment=dict(environment),
    )


def cache_settings(wishes: Wishes) -> CacheSettings:
    """Say where the cache is.

    Raises:
        SettingsError: `--offline` without a cache can't answer anything, nor while refreshing.
    """
    is_offline = wishes.flag("offline")
    if is_offline and wishes.flag("no-cache"):
        raise SettingsError("--offline answers from the cache, and --no-cache takes it away", "leave one out")
    if is_offline and wishes.flag("refresh"):
        raise SettingsError("--refresh asks the index, and --offline forbids it", "leave one out")
    return CacheSettings(
        folder=None if wishes.flag("no-cache") else cache_folder(wishes),
        is_offline=is_offline,
        refresh=wishes.flag("refresh"),
    )


def cache_folder(wishes: Wishes) -> Path:
    """Return the folder of the cache: the user's choice, else the platform's place for caches."""
    if chosen := wishes.text("cache-dir"):
        return Path(chosen).expanduser().absolute()
    from driftcheck.index.cache.store import default_cache_folder  # noqa: PLC0415 - not needed with --cache-dir

    return default_cache_folder({})


def _strings(typed: Typed, name: str) -> tuple[str, ...]:
    value = typed.get(name, ())
    return value if isinstance(value, tuple) else ()


def _typed_value(setting: Setting, value: str | bool | tuple[str, ...]) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return from_texts(setting, value, setting.option)
    if setting.kind is Kind.PATH and not value:
        raise SettingsError(f"{setting.option}: expected a path, found nothing")
    return from_text(setting, value, setting.option)


def _inputs(typed: Typed, wishes: Wishes) -> tuple[InputWish, ...]:
    """Make one environment of each PATH, and one of all `-r` together; of this folder if neither is given."""
    constraints = wishes.texts("constraint")
    groups: list[tuple[str, ...]] = [(path,) for path in dict.fromkeys(_strings(typed, "paths"))]
    if together := tuple(dict.fromkeys(wishes.texts("requirement"))):
        groups.append(together)
    if sum(group.count("-") for group in groups) > 1:
        raise SettingsError("- is given twice, and standard input can be read only once")
    return tuple(InputWish(requirements=group, constraints=constraints) for group in groups or [(_HERE,)])


def _index_options(wishes: Wishes) -> IndexOptions:
    if wishes.flag("no-index") and wishes.text("index-url"):
        raise SettingsError("--no-index asks no index, and --index-url names one", "leave one out")
    return IndexOptions(
        index_url=wishes.text("index-url"),
        extra_index_urls=wishes.texts("extra-index-url"),
        find_links=tuple(_placed(place) for place in wishes.texts("find-links")),
        no_index=wishes.flag("no-index"),
        trusted_hosts=wishes.texts("trusted-host"),
        format_control=FormatControl(
            only_binary=_packages(wishes.texts("only-binary")), no_binary=_packages(wishes.texts("no-binary"))
        ),
        prefer_binary=wishes.flag("prefer-binary"),
        pre=wishes.flag("pre"),
        require_hashes=wishes.flag("require-hashes"),
    )


def _placed(place: str) -> str:
    is_url = "://" in place or place.startswith("file:")
    return place if is_url else str(Path(place).expanduser().absolute())


def _packages(names: tuple[str, ...]) -> frozenset[str]:
    """Read pip's lists of packages: `:none:` forgets what stands before it, `:all:` is all."""
    chosen: set[str] = set()
    for name in names:
        if name == ":none:":
            chosen.clear()
        else:
            chosen.add(name if name == ":all:" else canonicalize_name(name))
    return frozenset(chosen)


def _connection(wishes: Wishes) -> ConnectionWish:
    provider, retries = wishes.text("keyring-provider"), wishes.number("retries")
    return ConnectionWish(
        cert=wishes.text("cert"),
        client_cert=wishes.text("client-cert"),
        keyring_provider=KeyringProvider(provider) if provider else None,
        timeout_s=wishes.number("timeout"),
        retries=None if retries is None else int(retries),
    )


def _known_check(name: str, checks: tuple[str, ...], key: str) -> str:
    if name not in checks:
        raise SettingsError(f"{key}: there is no check {name!r}", did_you_mean(name, checks))
    return name


def _ignored(entry: str, checks: tuple[str, ...]) -> str:
    check, colon, package = entry.partition(":")
    _known_check(check, checks, "ignore")
    if colon and not package.strip():
        raise SettingsError(f"ignore: {entry!r} names no package after the colon")
    return f"{check}:{canonicalize_name(package.strip())}" if colon else check
