"""What one tool's configuration says, with `None` for what it leaves open, and how its values are read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from driftcheck.model.errors import SettingsError
from driftcheck.model.project import FormatControl
from driftcheck.model.settings import KeyringProvider
from driftcheck.support.plain_text import printable
from driftcheck.support.redaction import redacted

MAX_FILE_BYTES = 1024**2

_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_FALSE = frozenset({"n", "no", "f", "false", "off", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSettings:
    """The settings of pip or of uv; `None`: not said."""

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] | None = None
    find_links: tuple[str, ...] | None = None
    no_index: bool | None = None
    trusted_hosts: tuple[str, ...] | None = None
    format_control: FormatControl | None = None
    prefer_binary: bool | None = None
    pre: bool | None = None
    require_hashes: bool | None = None
    cert: str | None = None
    client_cert: str | None = None
    keyring_provider: KeyringProvider | None = None
    timeout_s: float | None = None
    retries: int | None = None
    proxy: str | None = None
    is_offline: bool | None = None
    sources: tuple[str, ...] = ()
    """Files and variables that said something driftcheck uses, weakest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value stands, for messages: a file and a key, or a variable."""

    place: str
    key: str

    def error(self, value: object, expected: str) -> SettingsError:
        """Return the error for a value that means nothing."""
        shown = printable(redacted(str(value)), limit=100)
        return SettingsError(f"{printable(self.place)}: {printable(self.key)}: {shown!r} is not {expected}")


def boolean(text: str, source: Source) -> bool:
    """Read a yes or no as pip does (`strtobool`).

    Raises:
        SettingsError: it is neither.
    """
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise source.error(text, "yes or no")
    return word in _TRUE


def whole_number(text: str, source: Source) -> int:
    """Read a number of retries.

    Raises:
        SettingsError: it is none, or out of reason.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 7):
        raise source.error(text, "a whole number")
    return int(digits)


def seconds(text: str, source: Source) -> float:
    """Read a time-out in seconds.

    Raises:
        SettingsError: it is none, or out of reason.
    """
    try:
        value = float(text)
    except ValueError:
        raise source.error(text, "a number of seconds") from None
    if not 0 < value < 1_000_000:
        raise source.error(text, "a number of seconds")
    return value


def keyring_provider(text: str, source: Source) -> KeyringProvider:
    """Read a `--keyring-provider`.

    Raises:
        SettingsError: there is no such provider.
    """
    try:
        return KeyringProvider(text.strip())
    except ValueError:
        names = ", ".join(provider.value for provider in KeyringProvider)
        raise source.error(text, f"one of {names}") from None


def read_file(path: Path) -> bytes | None:
    """Return the content of a configuration file, `None` if there is none.

    Raises:
        SettingsError: it can't be read, or is larger than any configuration.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{printable(str(path))}: can't be read: {printable(str(error))}") from error
    if len(data) > MAX_FILE_BYTES:
        raise SettingsError(f"{printable(str(path))}: larger than {MAX_FILE_BYTES} bytes")
    return data


def home(environment: Mapping[str, str], platform: str) -> Path:
    """Return the user's folder as that environment gives it."""
    named = environment.get("USERPROFILE" if platform == "win32" else "HOME")
    return Path(named) if named else Path(os.path.expanduser("~"))  # noqa: PTH111  raises nothing without a home


def expanded(path: str, environment: Mapping[str, str], platform: str) -> str:
    """Replace a leading `~` by the user's folder."""
    if path == "~" or path.startswith(("~/", "~\\")):
        return str(home(environment, platform)) + path[1:]
    return path


def located(place: str, folder: Path) -> str:
    """Return a URL as it is, a path made absolute against a folder."""
    if "://" in place or place.startswith("file:"):
        return place
    return os.path.normpath(folder / place)
