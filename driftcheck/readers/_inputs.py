"""From the paths that the user typed to documents: files, standard input, or what a folder holds."""

from __future__ import annotations

import os.path
from collections.abc import Callable
from pathlib import Path

from driftcheck.model.errors import InputError, NothingToCheckError
from driftcheck.model.reader import Document, Surroundings
from driftcheck.model.settings import InputWish
from driftcheck.readers.pip_lines.included_files import MAX_BYTES, is_fetched, read_bounded, shown_path
from driftcheck.readers.pip_lines.links import is_file, is_folder
from driftcheck.support.redaction import redacted

STANDARD_INPUT = "-"


def documents_of(
    wish: InputWish, *, surroundings: Surroundings, stdin: Callable[[], bytes]
) -> tuple[Document, ...]:
    """Return what the user named, constraints first because pip meets them first.

    Raises:
        InputError: a file is missing or unreadable, or a folder leaves the choice open.
        NothingToCheckError: a folder holds no requirements file.
    """
    if (*wish.requirements, *wish.constraints).count(STANDARD_INPUT) > 1:
        raise InputError("standard input can be read only once", "name - only once")
    found = [(path, True) for path in wish.constraints] + [(path, False) for path in wish.requirements]
    return tuple(
        _document(path, is_constraint=is_constraint, surroundings=surroundings, stdin=stdin)
        for path, is_constraint in found
    )


def _document(
    path: str, *, is_constraint: bool, surroundings: Surroundings, stdin: Callable[[], bytes]
) -> Document:
    if path == STANDARD_INPUT:
        data = stdin()
        if len(data) > MAX_BYTES:
            raise InputError(f"standard input is larger than {MAX_BYTES // 1024**2} MB")
        return Document(path=path, file=None, data=data, is_constraint=is_constraint)
    if "\0" in path or not path:
        raise InputError("a file name can't be empty or hold a NUL character")
    if is_fetched(path):
        raise InputError(f"driftcheck reads no files from the network: {redacted(path)}", "fetch it first")
    file = Path(os.path.normpath(surroundings.folder / path))
    if is_folder(file) and not is_constraint:
        file = _requirements_file_in(file, path)
    inside = file.is_relative_to(surroundings.folder)
    shown = shown_path(file, surroundings.folder) if inside else os.path.normpath(path)
    return Document(path=shown, file=file, data=read_bounded(file, shown), is_constraint=is_constraint)


def _requirements_file_in(folder: Path, typed: str) -> Path:
    """Return the one file of a folder that is meant without saying so."""
    if is_file(main := folder / "requirements.txt"):
        return main
    others = {folder / "requirements.in", *folder.glob("requirements*.txt")}
    files = sorted(file for file in others if is_file(file))
    if len(files) == 1:
        return files[0]
    if files:
        names = ", ".join(file.name for file in files[:5])
        raise InputError(f"{typed} holds several requirements files: {names}", "name the one to check")
    raise NothingToCheckError(
        f"{typed} holds no requirements file: "
        "looked for requirements.txt, requirements.in and requirements*.txt",
        "name the file to check",
    )
