"""What every source file keeps to, beyond what ruff and mypy ask."""

import ast
import re

from tests.house_rules.tree import modules, public_definitions, relative, tracked_files

INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted")
"""In parts, so that this file does not name what no file may name."""


def test_everything_public_says_what_it_is() -> None:
    silent = [path for path, tree in modules().items() if not ast.get_docstring(tree)]
    for path, tree in modules().items():
        silent += [f"{path}::{name}" for name, _, text in public_definitions(tree.body) if not text]

    assert not silent


def test_no_except_catches_everything_unnamed() -> None:
    bare = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not bare


def test_no_type_is_forced() -> None:
    forced = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "typing"
        and any(alias.name == "cast" for alias in node.names)
    ]
    assert not forced, "no `cast`: narrow the type instead"


def test_every_ignored_type_error_is_named() -> None:
    unnamed = re.compile("# *" + r"type: *ignore(?!\[)")
    lines = [
        f"{relative(path)}:{number}"
        for path in tracked_files()
        if path.suffix == ".py" and not relative(path).startswith("fixtures/")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if unnamed.search(line)
    ]
    assert not lines


def test_no_file_names_a_host_of_the_public_index() -> None:
    naming = [
        relative(path)
        for path in tracked_files()
        if any(host.encode() in path.read_bytes() for host in INDEX_HOSTS)
    ]
    assert not naming, "write index.example or 127.0.0.1 instead"
