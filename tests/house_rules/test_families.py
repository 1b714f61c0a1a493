"""Members of a family never import each other, so that adding or removing one is one file.

Sub-packages and modules that begin with an underscore are what members share, as in the registry.
"""

import ast
from pathlib import PurePosixPath

import pytest

from tests.house_rules.tree import modules


@pytest.mark.parametrize("family", ["checks", "readers", "reporters"])
def test_no_member_is_imported_from_within_its_family(family: str) -> None:
    package = f"driftcheck.{family}"
    members = {path.stem for path in map(PurePosixPath, modules()) if is_member(path, family)}
    faults = [
        f"{path} imports {name}"
        for path, tree in modules().items()
        if path.startswith(f"driftcheck/{family}/") and path != f"driftcheck/{family}/__init__.py"
        for name in imported_names(tree)
        if name.startswith(f"{package}.") and name.split(".")[2] in members
    ]
    assert not faults


def is_member(path: PurePosixPath, family: str) -> bool:
    return path.parent == PurePosixPath("driftcheck", family) and not path.name.startswith("_")


def imported_names(tree: ast.Module) -> set[str]:
    """Returns every module that is imported, and every name taken from one, as `module.name`."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_rule_would_notice() -> None:
    tree = ast.parse("from driftcheck.readers import poetry_lock\nimport driftcheck.readers.uv_lock")

    assert imported_names(tree) == {"driftcheck.readers.poetry_lock", "driftcheck.readers.uv_lock"}
