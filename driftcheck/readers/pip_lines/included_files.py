"""Open a file of the user's within bounds: a missing one, a folder, or an endless one is an `InputError`."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from driftcheck.model.errors import InputError
from driftcheck.model.reader import Document, Surroundings
from driftcheck.readers.pip_lines.line_error import LineError
from driftcheck.readers.pip_lines.links import absolute, path_of_file_url, url_scheme

MAX_BYTES = 20 * 1024**2
"""Of one file: 100,000 lines with a hash or two each."""
MAX_FILES = 1_000
"""Included by one input, directly or not."""
MAX_DEPTH = 50
"""Of includes within includes."""


MAX_LINES = 200_000
"""With something on them, of all files together: each takes about a kilobyte of memory."""


@dataclass(slots=True)
class Budget:
    """How many files, bytes and lines may still be read."""

    files: int = MAX_FILES
    size_bytes: int = 5 * MAX_BYTES
    lines: int = MAX_LINES

    def spend_line(self, shown: str) -> None:
        """Count one line that holds something.

        Raises:
            InputError: that was too many.
        """
        self.lines -= 1
        if self.lines < 0:
            raise InputError(f"{shown} and what it includes have more than {MAX_LINES:,} lines")


def is_fetched(target: str) -> bool:
    """Whether an include would have to be fetched from the network."""
    return url_scheme(target) in {"http", "https"}


def included_file(target: str, file_folder: Path) -> Path:
    """Return the file that a `-r` or `-c` line names, relative to the file that holds the line.

    Raises:
        InputError: it can't be a file's name.
    """
    try:
        name = path_of_file_url(target) if url_scheme(target) == "file" else target
    except LineError as error:
        raise InputError(str(error)) from error
    if "\0" in name:
        raise InputError("a file name can't hold a NUL character")
    return absolute(name, file_folder)


def included_document(
    file: Path, *, surroundings: Surroundings, is_constraint: bool, budget: Budget, depth: int
) -> Document:
    """Open an included file.

    Raises:
        InputError: it can't be read, or too much was included already.
    """
    if depth >= MAX_DEPTH:
        raise InputError(f"more than {MAX_DEPTH} files include each other here")
    if budget.files <= 0 or budget.size_bytes <= 0:
        raise InputError(f"more than {MAX_FILES:,} files or {5 * MAX_BYTES // 1024**2} MB are included")
    path = shown_path(file, surroundings.folder)
    data = read_bounded(file, path, only_regular=True)
    budget.files -= 1
    budget.size_bytes -= len(data)
    return Document(path=path, file=file, data=data, is_constraint=is_constraint)


def shown_path(file: Path, folder: Path) -> str:
    """Return a path as locations show it: relative to the working directory where it lies below it."""
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)


def read_bounded(file: Path, shown: str, *, only_regular: bool = False) -> bytes:
    """Return a file's bytes.

    Args:
        file: absolute path.
        shown: as messages name it.
        only_regular: refuse pipes and devices, which may never end (a pipe that the user names is welcome).

    Raises:
        InputError: it is missing, a folder, unreadable or larger than `MAX_BYTES`.
    """
    try:
        if only_regular and not stat.S_ISREG(os.stat(file).st_mode):  # noqa: PTH116 - `is_file` would hide errors
            raise InputError(f"{shown} is not a file")
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(f"there is no file {shown}", _nearest_name(file)) from error
    except IsADirectoryError as error:
        raise InputError(f"{shown} is a folder") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{shown} can't be read: {reason.lower()}") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{shown} is larger than {MAX_BYTES // 1024**2} MB")
    return data


def _nearest_name(file: Path) -> str | None:
    """Return a hint with the most similar name in the folder, `None` if nothing comes near."""
    import difflib  # noqa: PLC0415 - only needed when something went wrong

    try:
        with os.scandir(file.parent) as entries:
            names = [entry.name for entry, _ in zip(entries, range(10_000), strict=False)]
    except OSError:
        return f"there is no folder {file.parent} either"
    near = difflib.get_close_matches(file.name, names, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else None
