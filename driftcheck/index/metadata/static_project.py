"""What the pyproject.toml of an sdist says for good (PEP 621), and which backend builds it (PEP 517)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packaging.utils import NormalizedName, canonicalize_name

from driftcheck.index.metadata.egg_info import decoded, requirement_line

_VAGUE_BACKENDS = ("setuptools", "numpy", "scikit_build", "skbuild", "mesonpy")
"""Backends whose setup.py may add requirements, or that wrote PKG-INFO without them for some time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticProject:
    """The part of a pyproject.toml that tells what gets installed with the project."""

    dependencies: tuple[str, ...] | None = None
    """PEP 508 texts; `None` if they are not written down for good."""
    optional_dependencies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    requires_python: str | None = None
    has_complete_backend: bool = False
    """Whether the backend always wrote all requirements into PKG-INFO."""

    def metadata_lines(self) -> Iterator[str]:
        """Yield what a backend would write into PKG-INFO, without line ends."""
        if self.requires_python is not None:
            yield f"Requires-Python: {' '.join(self.requires_python.split())}"
        for requirement in self.dependencies or ():
            yield requirement_line(requirement)
        for extra, requirements in self.optional_dependencies:
            yield f"Provides-Extra: {' '.join(extra.split())}"
            for requirement in requirements:
                yield requirement_line(requirement, extra=extra)


def read_static_project(raw: bytes, name: NormalizedName) -> StaticProject:
    """Read a pyproject.toml; one that is malformed or of another project says nothing."""
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415  seldom needed
    else:
        import tomli as tomllib  # noqa: PLC0415

    try:
        document: dict[str, Any] = tomllib.loads(decoded(raw))
    except (tomllib.TOMLDecodeError, RecursionError):
        return StaticProject()
    build_system = document.get("build-system")
    backend = build_system.get("build-backend") if isinstance(build_system, dict) else None
    has_complete_backend = isinstance(backend, str) and not backend.startswith(_VAGUE_BACKENDS)
    project = document.get("project")
    if not isinstance(project, dict) or not _is_static(project, name):
        return StaticProject(has_complete_backend=has_complete_backend)
    optional = project.get("optional-dependencies", {})
    return StaticProject(
        dependencies=tuple(project["dependencies"]),
        optional_dependencies=tuple((extra, tuple(texts)) for extra, texts in optional.items()),
        requires_python=project.get("requires-python"),
        has_complete_backend=has_complete_backend,
    )


def _is_static(project: dict[str, Any], name: NormalizedName) -> bool:
    """Whether the table is this project's, of the right shape, and leaves no requirement to the backend."""
    dynamic = project.get("dynamic", [])
    optional = project.get("optional-dependencies", {})
    own_name = project.get("name")
    return (
        isinstance(own_name, str)
        and canonicalize_name(own_name) == name
        and isinstance(dynamic, list)
        and not {"dependencies", "optional-dependencies", "requires-python"} & {str(key) for key in dynamic}
        and isinstance(project.get("requires-python", ""), str)
        and _are_texts(project.get("dependencies"))
        and isinstance(optional, dict)
        and all(_are_texts(texts) for texts in optional.values())
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
