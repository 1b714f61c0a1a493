"""The tasks of this project, for a machine that has only Python and pip.

    python3 tasks.py example                 driftcheck at work on an example project
    python3 tasks.py test [--no-network]     every check a change must pass

Both make `.venv` beside this file when it is absent, and use it again when it is there.
"""

import sys

if sys.version_info < (3, 10):  # noqa: UP036  (an older Python must be told, not shown a traceback)
    sys.exit(
        f"driftcheck needs Python 3.10 or newer, and this is Python {sys.version.split()[0]}.\n"
        "Run this file with another one, for example: python3.12 tasks.py test"
    )

import argparse
import hashlib
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / "python"
STAMP = VENV / "driftcheck-installed.txt"
EXAMPLE = Path("fixtures") / "projects" / "flask-tensorflow" / "requirements.txt"

RUN = "."
DEVELOP = ".[dev,keyring]"
"""What pip is asked to install; whoever has this one has `RUN` as well."""

FINDINGS = 1
"""The exit code of `driftcheck check` that says: it worked, and it found something."""


def main() -> int:
    """Reads the command line, does the task and returns the exit code."""
    parser = argparse.ArgumentParser(description="The tasks of this project.")
    tasks = parser.add_subparsers(dest="task", required=True)
    tasks.add_parser("example", help="run driftcheck on an example project")
    test = tasks.add_parser("test", help="run every check a change must pass")
    test.add_argument("--no-network", action="store_true", help="leave out the tests that ask the real index")
    options = parser.parse_args()
    os.chdir(ROOT)
    try:
        return example() if options.task == "example" else check_everything(network=not options.no_network)
    except subprocess.CalledProcessError as error:
        print(
            f"\nThis command failed with exit code {error.returncode}: {' '.join(error.cmd)}", file=sys.stderr
        )
        return 1


def example() -> int:
    """Runs driftcheck on the example project, whose findings are no failure but what it is there to show."""
    install(RUN)
    command = [str(SCRIPTS / "driftcheck"), "check", str(EXAMPLE)]
    print(f"$ driftcheck check {EXAMPLE}", flush=True)
    code = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode
    if code == FINDINGS:
        print(f"\nexit code {code}: driftcheck has findings, as this example is meant to show")
        return 0
    print(f"\nexit code {code}")
    return code


def check_everything(*, network: bool) -> int:
    """Runs every step, whatever the others say, with pytest last so that its summary ends the output."""
    install(DEVELOP)
    steps = {
        "ruff check": [str(PYTHON), "-m", "ruff", "check"],
        "ruff format": [str(PYTHON), "-m", "ruff", "format", "--check"],
        "mypy --strict": [str(PYTHON), "-m", "mypy", "--strict"],
        "lint-imports": [str(SCRIPTS / "lint-imports"), "--no-cache"],
    }
    failed = [name for name, command in steps.items() if not passes(name, command)]
    if failed:
        print(f"FAILED before pytest: {', '.join(failed)}", flush=True)
    chosen = "" if network else "not network"
    pytest = [str(PYTHON), "-m", "pytest", "-m", chosen, "--cov", "--cov-report=term"]
    code = subprocess.run(pytest, check=False, stdin=subprocess.DEVNULL).returncode
    return code or int(bool(failed))


def passes(name: str, command: Sequence[str]) -> bool:
    """Runs one step, prints a line for it, and what it said if it failed."""
    began = time.monotonic()
    result = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    verdict = "ok" if result.returncode == 0 else f"FAILED, exit code {result.returncode}"
    print(f"{name:<14} {verdict} ({time.monotonic() - began:.1f} s)", flush=True)
    if result.returncode != 0:
        print(result.stdout, flush=True)
    return result.returncode == 0


def install(wanted: str) -> None:
    """Makes `.venv` if it is absent or cannot be used, and installs `wanted` there unless it is there."""
    if not is_usable():
        print(f"making {VENV}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamps = {f"{digest} {name}\n" for name in {wanted, DEVELOP}}
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") in stamps:
        return
    print(f"installing {wanted} into {VENV}", flush=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--editable", wanted], check=True, stdin=subprocess.DEVNULL)
    STAMP.write_text(f"{digest} {wanted}\n", encoding="utf-8")


def is_usable() -> bool:
    """Whether `.venv` has a Python that runs and is new enough."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 10))"
    try:
        return subprocess.run([str(PYTHON), "-c", question], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
