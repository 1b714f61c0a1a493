"""The address of the index that pip uses unless told otherwise."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

_CONSTANT = "PYPI_SIMPLE_ENDPOINT"


def default_index_url() -> str:
    """Return `pypi_simple.PYPI_SIMPLE_ENDPOINT`, read from the source: importing the package takes 0.4 s."""
    spec = importlib.util.find_spec("pypi_simple")
    if spec is not None and spec.origin is not None:
        try:
            tree = ast.parse(Path(spec.origin).read_bytes())
        except (OSError, SyntaxError, ValueError):
            tree = ast.Module(body=[], type_ignores=[])
        for statement in tree.body:
            value = _assigned(statement)
            if value is not None:
                return value
    from pypi_simple import PYPI_SIMPLE_ENDPOINT  # noqa: PLC0415 - only where the source could not be read

    return PYPI_SIMPLE_ENDPOINT


def _assigned(statement: ast.stmt) -> str | None:
    """Return what a statement assigns to the constant, `None` if it does something else."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
            return text if name == _CONSTANT else None
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
            return text if name == _CONSTANT else None
    return None
