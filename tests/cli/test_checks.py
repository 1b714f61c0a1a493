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


@pytest.mark.parametrize("width", [30, 60, 80])
def test_a_person_gets_no_broken_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    whole = run(capsys, "checks").out
    monkeypatch.setattr("driftcheck.cli.checks.is_terminal", lambda _: True)
    monkeypatch.setattr("driftcheck.cli.checks.width_of", lambda *_: width)
    folded = run(capsys, "checks").out
    assert folded.split() == whole.split()
    assert max(len(line.rstrip()) for line in folded.splitlines()) <= max(width, 33)
