"""Writes `docs/checks/` from the docstrings of the checks: `python docs/generate_check_pages.py`.

A test fails when a page differs from what this writes, or is left over from a check that is gone.
"""

# ruff: noqa: INP001 - a script beside the pages it writes, not a package

import inspect
import sys
from collections.abc import Iterable
from pathlib import Path

from driftcheck.checks import all_checks
from driftcheck.model.check import Check, Need

FOLDER = Path(__file__).resolve().parent / "checks"
NOTICE = "<!-- Generated from {source} by docs/generate_check_pages.py: edit the docstring there. -->"
NEEDS = {
    Need.INPUT: "the input files",
    Need.INDEX: "the index pages",
    Need.METADATA: "core metadata",
}
INTRODUCTION = """\
`driftcheck explain CHECK` prints a page in the terminal, `driftcheck checks` the list. The severity is
the usual one: the pages say when a finding has another. `--select` and `--ignore` take the names."""


def pages() -> dict[str, str]:
    """Returns {file name: text} of every page, the table of all checks among them."""
    checks = all_checks()
    return {f"{name}.md": page(check) for name, check in checks.items()} | {
        "index.md": index(checks.values())
    }


def page(check: Check) -> str:
    """Returns the page of one check."""
    source = f"driftcheck/checks/{check.name.replace('-', '_')}.py"
    text = inspect.cleandoc(sys.modules[check.find.__module__].__doc__ or "")
    summary, _, body = text.partition("\n\n")
    needs = " and ".join(NEEDS[need] for need in Need if need in check.needs)
    facts = f"Usual severity: **{check.severity.value}**. It needs {needs}."
    return "\n\n".join([NOTICE.format(source=source), f"# {check.name}", summary, facts, body]) + "\n"


def index(checks: Iterable[Check]) -> str:
    """Returns the table of all checks."""
    rows = [
        f"| [{check.name}]({check.name}.md) | {check.severity.value} | {check.summary} |" for check in checks
    ]
    table = "\n".join(["| Check | Severity | What it finds |", "| --- | --- | --- |", *rows])
    notice = NOTICE.format(source="driftcheck/checks/")
    return f"{notice}\n\n# Checks\n\n{INTRODUCTION}\n\n{table}\n"


def main() -> None:
    """Writes every page and removes those of checks that are gone."""
    FOLDER.mkdir(exist_ok=True)
    written = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
