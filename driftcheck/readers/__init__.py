"""The first step: from what the user pointed at to a `Project`.

Each file of this folder reads one format and ends in `READER = Reader(…)`; add a file and it is in.
`pip_lines/` holds what several formats share: how pip reads a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from driftcheck.model.errors import InputError, NothingToCheckError
from driftcheck.model.project import IndexOptions, Project
from driftcheck.model.reader import Document, Reader, Reading, Surroundings
from driftcheck.model.settings import InputWish
from driftcheck.readers._inputs import documents_of
from driftcheck.readers._project_python import python_of_project
from driftcheck.support.registry import load_family, load_member

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
    start = next((d.file.parent for d in documents if d.file and not d.is_constraint), surroundings.folder)
    python = python_of_project(start, surroundings)
    declarations = tuple(d for reading in readings for d in reading.declarations)
    faults = tuple(f for reading in readings for f in reading.faults)
    gaps = tuple(g for reading in readings for g in reading.gaps)
    if all(d.is_constraint for d in declarations) and not faults and not gaps:
        raise _nothing(documents)
    needs_hashes = options.require_hashes or any(r.has_hashes for r in readings)
    requires_hashes = needs_hashes and not any(r.accepts_missing_hashes for r in readings)
    return Project(
        name=_name(wish),
        inputs=tuple(i for reading in readings for i in reading.inputs),
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
    shown = ", ".join(d.path for d in documents if not d.is_constraint)
    return NothingToCheckError(f"no requirement in {shown}", "a requirements file holds one on each line")


def _name(wish: InputWish) -> str:
    names = [("standard input" if path == "-" else path) for path in wish.requirements or wish.constraints]
    return " + ".join(names)
