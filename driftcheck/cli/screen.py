"""What the terminal can do: columns, colours, characters."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import TextIO

from driftcheck.model.errors import DriftcheckError

PLAIN_WIDTH = 100
"""Columns of a report that goes to a file, a pipe or a log."""

_ASCII = str.maketrans({
    "│": "|", "─": "-", "·": "-", "–": "-", "—": "-", "…": "...", "→": "->", "←": "<-", "×": "x", "≥": ">=",
    "≤": "<=", "“": '"', "”": '"', "‘": "'", "’": "'", "\N{NO-BREAK SPACE}": " ",
})  # fmt: skip


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at the stream; a closed or missing one is no terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def width_of(stream: TextIO | None, environment: Mapping[str, str]) -> int:
    """Return the columns to write for: those of the terminal, or `COLUMNS`, or 100."""
    if is_terminal(stream):
        return shutil.get_terminal_size((80, 24)).columns
    columns = environment.get("COLUMNS", "")
    return int(columns) if columns.isascii() and columns.isdigit() and int(columns) > 0 else PLAIN_WIDTH


def wants_colour(when: str | None, stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether to use colours: the option decides, else the environment, else whether a person looks.

    Sources: https://no-color.org, https://force-color.org.
    """
    if when in ("always", "never"):
        return when == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "") not in ("", "0"):
        return True
    if not is_terminal(stream) or environment.get("TERM") == "dumb":
        return False
    # An old Windows console shows escapes as they are; the newer hosts all set one of these.
    return os.name != "nt" or any(
        name in environment for name in ("WT_SESSION", "TERM", "TERM_PROGRAM", "ANSICON")
    )


def encoded(text: str, encoding: str | None) -> bytes:
    """Encode a text for people; what the encoding lacks is spelt in ASCII, and never raises."""
    name = encoding or "utf-8"
    try:
        return text.encode(name)
    except (UnicodeEncodeError, LookupError):
        plain = text.translate(_ASCII)
    try:
        return plain.encode(name, "backslashreplace")
    except LookupError:
        return plain.encode("ascii", "backslashreplace")


def write_bytes(data: bytes, stream: TextIO | None) -> None:
    """Write bytes to a standard stream and flush; a missing stream (pythonw) takes nothing.

    Raises:
        OSError: the reader has gone (`BrokenPipeError`) or the disk is full.
    """
    if stream is None:
        return
    stream.flush()  # what was written as text comes first
    buffer = getattr(stream, "buffer", None)
    if buffer is None:  # a stream that a test or an embedding program put there
        stream.write(data.decode("utf-8", "replace"))
    else:
        buffer.write(data)
    stream.flush()


def write_report(data: bytes) -> None:
    """Write bytes to standard output; a reader that has seen enough (`| head`) is no failure.

    Raises:
        DriftcheckError: it can't be written, e.g. because the disk is full.
    """
    try:
        write_bytes(data, sys.stdout)
    except BrokenPipeError:
        # Else the interpreter, which flushes at its end, would complain.
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
    except OSError as error:
        raise DriftcheckError(f"standard output can't be written: {error.strerror}") from error


def say(text: str) -> None:
    """Write lines for people to standard error; nothing to do if nobody listens."""
    try:
        write_bytes(encoded(f"{text}\n", getattr(sys.stderr, "encoding", None)), sys.stderr)
    except OSError:
        return
