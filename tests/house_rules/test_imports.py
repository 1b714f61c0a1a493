"""The contracts of `[tool.importlinter]` hold, and they would notice if they did not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house_rules.tree import PACKAGE, ROOT

STAGES = ["readers", "checks", "planner", "reporters", "linker", "resolver"]
LAYERS = ["__main__", "cli", "pipeline", *STAGES, "index", "support", "model"]

PLANTED = {
    "a check that asks the network": ("checks/planted.py", "import requests"),
    "a model that knows a stage": ("model/planted.py", "import driftcheck.linker"),
    "an index that draws on the terminal": ("index/planted.py", "import rich"),
    "a reader that parses arguments": ("readers/planted.py", "import typer"),
    "a linker that resolves": ("linker/planted.py", "import resolvelib"),
    "two stages that meet": ("planner/planted.py", "import driftcheck.resolver"),
    "a module outside every layer": ("helpers.py", ""),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports; exit(lint_imports(no_cache=True, no_logo=True))"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", autouse=True)
def every_layer_exists() -> None:
    absent = [
        name
        for name in LAYERS
        if not any((PACKAGE / path).is_file() for path in (f"{name}.py", f"{name}/__init__.py"))
    ]
    if absent:
        pytest.skip(f"not written yet: {', '.join(absent)}")


def test_the_contracts_hold() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_violation_breaks_them(planted: str, tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "driftcheck", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path, text = PLANTED[planted]
    (tmp_path / "driftcheck" / path).write_text(f'"""Planted."""\n{text}\n', encoding="utf-8")

    result = lint_imports(tmp_path)

    assert result.returncode != 0, result.stdout
    assert "planted" in result.stdout or "helpers" in result.stdout
