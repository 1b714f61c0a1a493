"""Errors become text and an exit code."""

from pathlib import Path
from typing import NoReturn

import pytest

from driftcheck.cli.failure import guarded
from driftcheck.model.errors import InputError, NothingToCheckError


def failing(error: BaseException) -> NoReturn:
    raise error


def test_a_foreseen_error_has_its_code_and_its_hint(capsys: pytest.CaptureFixture[str]) -> None:
    error = InputError("no such file: \x1b[31mx at https://me:secret@index.example/", "give another")
    assert guarded(lambda: failing(error), failed="nothing was checked") == 2
    assert capsys.readouterr().err == (
        "nothing was checked: no such file: \\x1b[31mx at https://****@index.example/\n  give another\n"
    )


def test_each_error_has_its_own_code() -> None:
    assert guarded(lambda: failing(NothingToCheckError("no file")), failed="nothing was checked") == 3


def test_an_interrupt_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: failing(KeyboardInterrupt()), failed="nothing was checked") == 130
    assert capsys.readouterr().err == "nothing was checked: interrupted\n"


def test_a_bug_is_told_shortly_and_kept_at_length(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "log")
    assert guarded(lambda: failing(ZeroDivisionError("one\ntwo")), failed="nothing was checked") == 70
    [kept] = (tmp_path / "log").iterdir()
    shown = capsys.readouterr().err
    assert shown == (
        "nothing was checked: driftcheck itself failed (ZeroDivisionError: one\n  two)\n"
        f"  this is a bug: please report it with {kept}\n"
    )
    assert "Traceback (most recent call last)" in kept.read_text(encoding="utf-8")
    assert kept.read_text(encoding="utf-8").startswith("driftcheck 0.")


def test_a_bug_is_shown_if_asked_or_if_it_cannot_be_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "file" / "log")
    for is_verbose in (True, False):
        assert guarded(lambda: failing(ValueError("x\x1b[2J")), failed="nothing", is_verbose=is_verbose) == 70
        shown = capsys.readouterr().err
        assert "Traceback (most recent call last)" in shown
        assert "\x1b" not in shown
