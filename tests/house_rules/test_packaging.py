"""`pyproject.toml` agrees with itself and with what the package imports."""

import ast
import sys
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house_rules.tree import ROOT, modules

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_group_and_the_extra_of_developers_are_the_same() -> None:
    settings = pyproject()

    assert settings["dependency-groups"]["dev"] == settings["project"]["optional-dependencies"]["dev"]


def test_every_imported_package_is_declared() -> None:
    project = pyproject()["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["keyring"]]
    declared = {canonicalize_name(Requirement(text).name) for text in requirements}
    undeclared = {
        f"{path}: {root}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        for root in imported_roots(node)
        if root not in {*sys.stdlib_module_names, "driftcheck"} and canonicalize_name(root) not in declared
    }
    # tomllib is new in 3.11, and tomli is what stands in for it before.
    assert {text for text in undeclared if not text.endswith(": tomllib")} == set()


def imported_roots(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module.partition(".")[0]]
    return []


def test_the_package_itself_imports_nothing() -> None:
    tree = modules()["driftcheck/__init__.py"]

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
