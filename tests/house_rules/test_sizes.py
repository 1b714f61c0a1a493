"""A file has at most 300 lines and a function at most 50."""

from tests.house_rules.tree import ROOT, functions, modules

FILE_LINES = 300
FUNCTION_LINES = 50

LONGER: dict[str, str] = {}
"""`{"driftcheck/x.py" or "driftcheck/x.py::function": why it is longer}`."""


def test_files_and_functions_are_short() -> None:
    too_long = {path: lines for path, lines in _sizes().items() if path not in LONGER}

    assert not too_long, f"split these, or give a reason in LONGER: {too_long}"


def test_no_exception_is_left_over() -> None:
    assert not LONGER.keys() - _sizes().keys(), "these are short by now"


def _sizes() -> dict[str, int]:
    """Returns `{file or file::function: its lines}` of those that are too long."""
    sizes = {}
    for path, tree in modules().items():
        file_lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if file_lines > FILE_LINES:
            sizes[path] = file_lines
        for function in functions(tree):
            function_lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if function_lines > FUNCTION_LINES:
                sizes[f"{path}::{function.name}"] = function_lines
    return sizes
