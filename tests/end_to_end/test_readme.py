"""What README.md shows is what the commands print."""

import importlib.util
import platform
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "generate_readme_output", ROOT / "docs" / "generate_readme_output.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.network
@pytest.mark.skipif(
    (sys.platform, platform.machine(), platform.libc_ver()[1]) != ("linux", "x86_64", "2.36"),
    reason="the README was made on x86_64 Linux with glibc 2.36, and says so",
)
def test_the_output_in_the_readme_is_real() -> None:
    make = generator()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    made = make.with_output(readme, make.recorded_date(readme))
    assert made == readme, "run `python docs/generate_readme_output.py`"


def test_blocks_are_found_and_cut() -> None:
    make = generator()
    text = "<!-- driftcheck checks | first 2 lines -->\n\n```text\nold\n```\nrest\n\n```console\n$ ls\n```\n"
    made = make.with_output(text, "2026-11-23")
    assert made.startswith("<!-- driftcheck checks | first 2 lines -->\n\n```text\nconflicting-requirements ")
    assert made.count("\n…\n```\nrest\n\n```console\n$ ls\n```\n") == 1


def test_wall_time_and_untyped_date_are_left_out() -> None:
    make = generator()
    assert make.normalised("61 of 61 checked as of 2026-11-23, 1.9 s\n", "2026-11-23") == "61 of 61 checked\n"
    assert make.normalised("on linux,\n1.9s\n", "2026-11-23") == "on linux\n"
