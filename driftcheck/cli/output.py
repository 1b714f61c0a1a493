"""Where reports go: standard output or files, each in its format."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from driftcheck.cli.run_settings import Wishes
from driftcheck.cli.screen import PLAIN_WIDTH, encoded, wants_colour, width_of, write_report
from driftcheck.cli.settings import formats
from driftcheck.model.errors import DriftcheckError, SettingsError
from driftcheck.support.nearest import did_you_mean

Draw = Callable[[str, int, bool], str]
"""(format, columns, whether in colour) → text."""

_STDOUT = "-"
_DEFAULT = "terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One place that gets the report."""

    format: str
    path: Path | None
    """`None` for standard output."""


def destinations(wishes: Wishes) -> tuple[Destination, ...]:
    """Read `--format` and every `--output`; standard output if there is no `--output`.

    Raises:
        SettingsError: an unknown format, two reports for one place, or a place that can't be written.
    """
    chosen = wishes.text("format") or _DEFAULT
    places = tuple(_destination(text, chosen) for text in wishes.texts("output") or (_STDOUT,))
    seen: set[str] = set()
    for place in places:
        real = _STDOUT if place.path is None else os.path.normcase(os.path.realpath(place.path))
        if real in seen:
            raise SettingsError(f"two reports are to go to {place.path or 'standard output'}")
        seen.add(real)
    return places


def deliver(
    places: tuple[Destination, ...], draw: Draw, wishes: Wishes, environment: Mapping[str, str]
) -> None:
    """Draw and write the report for every place, files first, so that a closed pipe does not lose them.

    Raises:
        DriftcheckError: a place can't be written.
    """
    for place in sorted(places, key=lambda p: p.path is None):
        if place.path is not None:
            colour = wishes.text("colour") == "always"
            text = draw(place.format, PLAIN_WIDTH, colour)
            _write_file(place.path, text.encode("utf-8", "backslashreplace"))
        else:
            colour = wants_colour(wishes.text("colour"), sys.stdout, environment)
            text = draw(place.format, width_of(sys.stdout, environment), colour)
            is_for_people = place.format == _DEFAULT
            encoding = getattr(sys.stdout, "encoding", None) if is_for_people else "utf-8"
            write_report(encoded(text, encoding))


def _destination(text: str, chosen: str) -> Destination:
    """Read `FILE` or `FORMAT:FILE`; a drive letter is no format, and neither is a path with a colon in it."""
    known = formats()
    first, colon, rest = text.partition(":")
    if colon and first in known:
        chosen, text = first, rest
    elif colon and len(first) > 1 and first.replace("-", "").isalnum():
        raise SettingsError(
            f"output: there is no format {first!r}", f"{did_you_mean(first, known)} (for a file: ./{text})"
        )
    if not text:
        raise SettingsError("output: no file after the colon", "standard output is -")
    if text == _STDOUT:
        return Destination(format=chosen, path=None)
    path = Path(text).expanduser()
    if path.is_dir():
        raise SettingsError(f"output: {text} is a folder")
    if not path.parent.is_dir():
        raise SettingsError(f"output: the folder {path.parent} does not exist")
    return Destination(format=chosen, path=path)


def _write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; links are followed, and pipes and devices written as they are."""
    import secrets  # noqa: PLC0415 - 2 ms, and most reports go to standard output

    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        temporary.write_bytes(data)
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise DriftcheckError(f"the report can't be written to {path}: {error.strerror}") from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
