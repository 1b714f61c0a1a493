"""The Python that a project names for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers.reading import read_text


@pytest.mark.parametrize(
    "text, pin",
    [
        ("3.11\n", "3.11"),
        ("# ours\n\n3.11.4  # patched\n3.9\n", "3.11.4"),
        ("cpython-3.11", "3.11"),
        ("cpython@3.12.1", "3.12.1"),
        ("python3.10", "3.10"),
        ("cpython-3.11.4-linux-x86_64-gnu", "3.11.4"),
        ("", None),
        ("# only a comment", None),
    ],
)
def test_python_version_files(tmp_path: Path, text: str, pin: str | None) -> None:
    (tmp_path / ".python-version").write_text(text)
    project = read_text(tmp_path, "a")
    assert project.python_pin == pin
    assert not project.gaps


@pytest.mark.parametrize(
    "text", ["pypy3.9-7.3.11", "3.13t", "system", "3", ">=3.11", "miniconda3-latest", "\0\xff"]
)
def test_other_pythons_are_a_gap(tmp_path: Path, text: str) -> None:
    (tmp_path / ".python-version").write_text(f"\n{text}\n")
    project = read_text(tmp_path, "a")
    assert project.python_pin is None
    (gap,) = project.gaps
    assert str(gap.location) == ".python-version:2"


def test_requires_python(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nrequires-python = ">=3.9,<3.12"\n')
    assert str(read_text(tmp_path, "a").requires_python) == "<3.12,>=3.9"


@pytest.mark.parametrize(
    "text, reason",
    [
        ("requires-python = [", "requires-python could not be read: "),
        ("[project]\nrequires-python = 3", "project.requires-python: expected a string"),
        ('[project]\nrequires-python = "py3"', "project.requires-python is not a version specifier"),
        ("x = " + "[" * 5000 + "# requires-python", "requires-python could not be read: "),
    ],
)
def test_a_malformed_pyproject_is_a_gap(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    project = read_text(tmp_path, "a")
    assert project.requires_python is None
    assert reason in project.gaps[0].reason


@pytest.mark.parametrize("text", ["[tool.x]\n", 'project = "requires-python"\n'])
def test_a_pyproject_that_says_nothing_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    project = read_text(tmp_path, "a")
    assert project.requires_python is None
    assert not project.gaps


def test_the_nearest_file_wins_and_the_repository_is_the_end(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    app = repository / "service" / "app"
    app.mkdir(parents=True)
    (repository / ".git").mkdir()
    (tmp_path / ".python-version").write_text("3.7")
    (app / "pyproject.toml").write_text("[tool.ruff]\n")
    (repository / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.8"\n')
    project = read_text(app, "a")
    assert project.python_pin is None
    assert str(project.requires_python) == ">=3.8"
    (repository / ".python-version").write_text("3.8")
    (repository / "service" / ".python-version").write_text("3.9")
    assert read_text(app, "a").python_pin == "3.9"


def test_the_home_folder_speaks_for_the_machine_and_not_for_the_project(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_text("3.7")
    app = tmp_path / "app"
    app.mkdir()
    assert read_text(app, "a", {"HOME": str(tmp_path)}).python_pin is None
    assert read_text(app, "a").python_pin == "3.7"
