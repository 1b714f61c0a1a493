"""The first step: from what the user pointed at to a `Project`.

Each file of this folder reads one format and ends in `READER = Reader(…)`; add a file and it is in.
`pip_lines/` holds what several formats share: how pip reads a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from driftcheck.model.errors import InputError, NothingToCheckError
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration, IndexOptions, Project
from driftcheck.model.reader import Document, Reader, Reading, Surroundings
from driftcheck.model.settings import InputWish
from driftcheck.readers._inputs import STANDARD_INPUT, documents_of
from driftcheck.readers._project_python import python_of_project
from driftcheck.readers.pip_lines.links import is_file
from driftcheck.support.registry import load_family, load_member

_T = TypeVar("_T")
_OTHER_FORMATS = frozenset({
    ".toml", ".lock", ".json", ".yaml", ".yml", ".cfg", ".ini", ".py", ".ipynb", ".whl", ".gz", ".zip", ".md",
})  # fmt: skip


def read_project(
    wish: InputWish,
    *,
    environment: Mapping[str, str],
    folder: Path,
    no_deps: bool,
    stdin: Callable[[], bytes],
) -> Project:
    """Read everything that is to be installed together.

    Args:
        wish: the files, as typed.
        environment: the process environment, for `${NAME}`.
        folder: the working directory, where relative paths start.
        no_deps: whether only what the files list gets installed.
        stdin: returns standard input's bytes, called once where a path is `-`.

    Raises:
        InputError: a file is missing, unreadable, or of no known format.
        NothingToCheckError: no file was found, or none holds a requirement, a fault or a gap.
    """
    surroundings = Surroundings(environment=environment, folder=folder.absolute())
    documents = documents_of(wish, surroundings=surroundings, stdin=stdin)
    readings: list[Reading] = []
    options = IndexOptions()
    for document in documents:
        reading = _reader_of(document).read(document, surroundings, options)
        options = reading.index_options
        readings.append(reading)
    python = python_of_project(_project_folder(documents, surroundings), surroundings)
    declarations = _said_once(readings)
    faults = _distinct(f for reading in readings for f in reading.faults)
    gaps = _distinct(g for reading in readings for g in reading.gaps)
    if all(d.is_constraint for d in declarations) and not faults and not gaps:
        raise _nothing(documents)
    needs_hashes = options.require_hashes or any(r.has_hashes for r in readings)
    requires_hashes = needs_hashes and not any(r.accepts_missing_hashes for r in readings)
    return Project(
        name=_name(wish),
        inputs=_distinct(i for reading in readings for i in reading.inputs),
        declarations=declarations,
        index_options=options,
        requires_python=python.requires_python,
        python_pin=python.pin,
        claims_complete=no_deps or any(r.claims_complete for r in readings) or requires_hashes,
        requires_hashes=requires_hashes,
        installs_dependencies=not no_deps,
        faults=faults,
        gaps=(*gaps, *python.gaps),
    )


def _said_once(readings: list[Reading]) -> tuple[Declaration, ...]:
    """Return all declarations; where two inputs include one file, what it says is said once."""
    if len(readings) == 1:
        return readings[0].declarations
    first: dict[tuple[Location, bool, str | None, str], Declaration] = {}
    for reading in readings:
        for declaration in reading.declarations:
            key = (declaration.location, declaration.is_constraint, declaration.group, declaration.text)
            first.setdefault(key, declaration)
    return tuple(first.values())


def _distinct(things: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(things))


def _project_folder(documents: tuple[Document, ...], surroundings: Surroundings) -> Path:
    """Return the folder of the first requirements file; the working directory's if that is a pipe."""
    files = (d.file for d in documents if d.file is not None and not d.is_constraint)
    return next((file.parent for file in files if is_file(file)), surroundings.folder)


def _reader_of(document: Document) -> Reader:
    """Return the reader of a document: requirements lines if its name says nothing, as pip takes any."""
    requirements = load_member(__name__, "READER", "requirements.txt", Reader)
    if document.file is None or document.is_constraint or requirements.matches(document.file):
        return requirements
    for reader in load_family(__name__, "READER", Reader).values():
        if reader.matches(document.file):
            return reader
    if document.file.suffix.lower() in _OTHER_FORMATS or document.file.name in {"Dockerfile", "Pipfile"}:
        raise InputError(
            f"{document.path} is of a format that driftcheck does not read",
            "name a requirements file; `uv export` or `pip freeze` writes one",
        )
    return requirements


def _nothing(documents: tuple[Document, ...]) -> NothingToCheckError:
    if documents and all(d.is_constraint for d in documents):
        return NothingToCheckError(
            "constraints alone install nothing", "name a requirements file too, with -r or as PATH"
        )
    shown = ", ".join(_shown(d.path) for d in documents if not d.is_constraint)
    return NothingToCheckError(f"no requirement in {shown}", "a requirements file holds one on each line")


def _name(wish: InputWish) -> str:
    return " + ".join(_shown(path) for path in wish.requirements or wish.constraints)


def _shown(path: str) -> str:
    return "standard input" if path == STANDARD_INPUT else path
