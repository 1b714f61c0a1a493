"""Which Python a project says that it is for: `.python-version` and `requires-python`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from driftcheck.model.errors import InputError
from driftcheck.model.gap import Gap, Step
from driftcheck.model.location import Location
from driftcheck.model.reader import Surroundings
from driftcheck.readers.pip_lines.included_files import read_bounded, shown_path
from driftcheck.readers.pip_lines.links import is_file, is_folder

_MAX_PARENTS = 10
# pyenv's and uv's spellings of an ordinary CPython: 3.11, 3.11.4, cpython-3.11, cpython@3.11.4,
# cpython-3.11.4-linux-…
_CPYTHON = re.compile(
    r"(?:(?:cpython|python)[-@]?)?(\d\.\d{1,3}(?:\.\d{1,3})?)(?:-(?:linux|macos|windows)\S*)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPython:
    """What the files around a project say of its Python."""

    pin: str | None
    """E.g. `3.11` or `3.11.4`; `None` if no `.python-version` names a CPython."""
    requires_python: SpecifierSet | None
    gaps: tuple[Gap, ...]


def python_of_project(start: Path, surroundings: Surroundings) -> ProjectPython:
    """Look in a folder and its parents, the nearest file that says something wins; faults become gaps.

    It looks no further than the folder that holds `.git`, ten parents up, or just below the home folder.
    """
    gaps: list[Gap] = []
    folders = tuple(_folders(start, surroundings))
    pin = _first_pin(folders, surroundings.folder, gaps)
    requires = _first_requires_python(folders, surroundings.folder, gaps)
    return ProjectPython(pin=pin, requires_python=requires, gaps=tuple(gaps))


def _folders(start: Path, surroundings: Surroundings) -> Iterator[Path]:
    home = surroundings.environment.get("HOME") or surroundings.environment.get("USERPROFILE")
    for folder in islice((start, *start.parents), _MAX_PARENTS + 1):
        if folder != start and (folder == folder.parent or (home and folder == Path(home))):
            return  # `~/.python-version` is pyenv's for the whole machine
        yield folder
        if is_file(folder / ".git") or is_folder(folder / ".git"):  # a file in a worktree
            return


def _first_pin(folders: tuple[Path, ...], working: Path, gaps: list[Gap]) -> str | None:
    for folder in folders:
        file = folder / ".python-version"
        if not is_file(file):
            continue
        shown = shown_path(file, working)
        try:
            lines = read_bounded(file, shown).decode("utf-8", "replace").splitlines()
        except InputError as error:
            gaps.append(_gap(shown, None, str(error)))
            return None
        said = [(n, text) for n, line in enumerate(lines, 1) if (text := line.partition("#")[0].strip())]
        if not said:
            continue
        number, text = said[0]
        if match := _CPYTHON.fullmatch(text):
            return match[1]
        gaps.append(
            _gap(
                shown, number, f"{text[:60]!r} is not a version of CPython, so it does not choose the target"
            )
        )
        return None
    return None


def _first_requires_python(folders: tuple[Path, ...], working: Path, gaps: list[Gap]) -> SpecifierSet | None:
    for folder in folders:
        file = folder / "pyproject.toml"
        if not is_file(file):
            continue
        shown = shown_path(file, working)
        try:
            text = _requires_python(read_bounded(file, shown))
            if text is not None:
                return SpecifierSet(text)
        except InvalidSpecifier:
            gaps.append(_gap(shown, None, "project.requires-python is not a version specifier"))
            return None
        except (InputError, ValueError, RecursionError) as error:
            gaps.append(_gap(shown, None, f"requires-python could not be read: {str(error)[:200]}"))
            return None
    return None


def _requires_python(data: bytes) -> str | None:
    """Return `project.requires-python`, `None` if it is not there.

    Raises:
        ValueError: the file is not TOML, or the value is no string.
    """
    if b"requires-python" not in data:
        return None
    import sys  # noqa: PLC0415 - only few projects come this far

    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415
    else:
        import tomli as tomllib  # noqa: PLC0415
    project = tomllib.loads(data.decode("utf-8")).get("project", {})
    value = project.get("requires-python") if isinstance(project, dict) else None
    if value is not None and not isinstance(value, str):
        raise ValueError("project.requires-python: expected a string")
    return value


def _gap(shown: str, line: int | None, reason: str) -> Gap:
    return Gap(subject=shown, step=Step.READ, reason=reason, location=Location(path=shown, line=line))
