"""Read one value of one setting, as text from the command line and the environment or as TOML from a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timezone
from pathlib import Path

from driftcheck.cli.settings import Kind, Setting
from driftcheck.model.errors import SettingsError
from driftcheck.support.nearest import did_you_mean
from driftcheck.support.plain_text import printable
from driftcheck.support.redaction import redacted

Value = str | bool | int | float | datetime | tuple[str, ...]

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})
_LONGEST_WAIT_S = 3600.0
_MOST_RETRIES = 100


def from_text(setting: Setting, text: str, place: str) -> Value:
    """Read a value that is not a list.

    Raises:
        SettingsError: it is not what the setting takes; the message begins with `place`.
    """
    match setting.kind:
        case Kind.FLAG:
            return _flag(text, place)
        case Kind.SECONDS | Kind.COUNT:
            try:
                number = float(text) if setting.kind is Kind.SECONDS else int(text)
            except ValueError:
                raise _unexpected(setting, text, place) from None
            return _number(setting, number, place)
        case Kind.CHOICE:
            return _choice(setting, text, place)
        case Kind.INSTANT:
            return _instant(setting, text, place)
        case _:
            if not text.strip() or "\0" in text:
                raise _unexpected(setting, text, place)
            return text


def from_texts(setting: Setting, texts: Sequence[str], place: str) -> tuple[str, ...]:
    """Read a list, each entry of which may be several with commas between where the setting allows that.

    Raises:
        SettingsError: as `from_text`.
    """
    parts = [part.strip() for text in texts for part in (text.split(",") if setting.has_commas else (text,))]
    for part in parts:
        if not part or "\0" in part:
            raise _unexpected(setting, part, place)
    return tuple(parts)


def from_toml(setting: Setting, value: object, place: str, *, folder: Path) -> Value:
    """Read a value of a configuration file; paths are relative to the file's folder.

    Raises:
        SettingsError: as `from_text`.
    """
    kind = setting.kind
    if kind.is_list:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise _unexpected(setting, value, place, _as_list(setting, value))
        texts = from_texts(setting, value, place)
        return tuple(_placed(text, folder) for text in texts) if _holds_paths(setting) else texts
    if isinstance(value, bool):
        if kind is Kind.FLAG:
            return value
    elif isinstance(value, (int, float)):
        if kind is Kind.SECONDS or (kind is Kind.COUNT and isinstance(value, int)):
            return _number(setting, value, place)
    elif isinstance(value, (datetime, date)):
        if kind is Kind.INSTANT:
            return _instant(setting, value.isoformat(), place)
    elif isinstance(value, str) and kind not in (Kind.FLAG, Kind.SECONDS, Kind.COUNT):
        text = from_text(setting, value, place)
        return _placed(value, folder) if kind is Kind.PATH else text
    raise _unexpected(setting, value, place)


def _holds_paths(setting: Setting) -> bool:
    return setting.kind is Kind.PATHS or setting.key == "find-links"


def _placed(text: str, folder: Path) -> str:
    """Make a relative path absolute against the folder of the file that names it; URLs stay."""
    return text if "://" in text or text.startswith("file:") else str(folder / Path(text).expanduser())


def _flag(text: str, place: str) -> bool:
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise SettingsError(f"{place}: expected true or false (1 or 0), found {_shown(text)}")
    return word in _TRUE


def _number(setting: Setting, number: float, place: str) -> float:
    is_seconds = setting.kind is Kind.SECONDS
    if not (0 < number <= _LONGEST_WAIT_S if is_seconds else 0 <= number <= _MOST_RETRIES):
        raise _unexpected(setting, number, place)
    return number


def _choice(setting: Setting, text: str, place: str) -> str:
    choices = setting.choices() if setting.choices else ()
    word = text.strip().lower()
    if word not in choices:
        raise SettingsError(
            f"{place}: expected {' or '.join(choices)}, found {_shown(text)}", did_you_mean(text, choices)
        )
    return word


def _instant(setting: Setting, text: str, place: str) -> datetime:
    """Read a date as its last second, UTC, so that what was uploaded on that day counts."""
    try:
        if len(text.strip()) == len("2022-05-01"):
            day = date.fromisoformat(text.strip())
            return datetime.combine(day, time(23, 59, 59), tzinfo=timezone.utc)
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))  # Python 3.10 knows no Z
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise _unexpected(setting, text, place) from None


def _unexpected(setting: Setting, value: object, place: str, hint: str | None = None) -> SettingsError:
    choices = setting.choices() if setting.kind is Kind.CHOICE and setting.choices else ()
    expected = " or ".join(choices) or setting.kind.value
    return SettingsError(f"{place}: expected {expected}, found {_shown(value)}", hint)


def _as_list(setting: Setting, value: object) -> str:
    """Say how a list is written; a number is not quoted back, as TOML reads `3.10` as 3.1."""
    entry = printable(redacted(value), limit=80) if isinstance(value, str) else "…"
    return f'write {setting.key} = ["{entry}"]'


def _shown(value: object) -> str:
    return printable(redacted(repr(value)), limit=80)
