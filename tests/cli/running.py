"""Run the command line, in this process or as a user would."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from driftcheck.__main__ import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run gave."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *args: str) -> Ran:
    """Runs in this process."""
    capsys.readouterr()
    code = main(args)
    captured = capsys.readouterr()
    return Ran(code=code, out=captured.out, err=captured.err)


def run_process(args: Sequence[str], *, folder: Path, stdin: str = "", **environment: str) -> Ran:
    """Runs `python -m driftcheck` in a folder with more variables."""
    done = subprocess.run(
        [sys.executable, "-m", "driftcheck", *args],
        cwd=folder,
        input=stdin.encode(),
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Ran(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())
