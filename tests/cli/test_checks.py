"""`driftcheck checks`."""

import pytest

from driftcheck.checks import check_names
from tests.cli.running import run


def test_every_check_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "checks")
    assert (ran.code, ran.err) == (0, "")
    assert tuple(line.split()[0] for line in ran.out.splitlines()) == check_names()
    assert {line.split()[1] for line in ran.out.splitlines()} <= {"error", "warning", "note"}


def test_it_takes_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "checks", "yanked-release").code == 2
