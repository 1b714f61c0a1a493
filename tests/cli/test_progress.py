"""The line that says how far a run is."""

import io

import pytest

from driftcheck.cli.progress import LineProgress, NoProgress, open_progress


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test moves."""
    time = [100.0]
    monkeypatch.setattr("driftcheck.cli.progress.time.monotonic", lambda: time[0])
    return time


def test_a_short_run_shows_nothing(now: list[float]) -> None:
    stream = Terminal()
    line = LineProgress(stream)
    now[0] += 0.4
    line.update("index pages", done=1, total=2)
    line.close()
    assert stream.getvalue() == ""


def test_a_long_run_is_shown_now_and_then_and_wiped_away(now: list[float]) -> None:
    stream = Terminal()
    line = LineProgress(stream)
    now[0] += 0.6
    line.update("index pages", done=41, total=90)
    line.update("index pages", done=42, total=90)
    now[0] += 0.2
    line.update("metadata", done=1, total=None)
    line.close()
    line.update("metadata", done=2, total=None)
    shown = stream.getvalue().split("\r")
    assert shown == ["", "index pages  41 of 90", "metadata  1" + " " * 10, " " * 11, ""]


def test_a_closed_stream_ends_it_quietly(now: list[float]) -> None:
    stream = Terminal()
    line = LineProgress(stream)
    now[0] += 1
    stream.close()
    line.update("metadata", done=1, total=2)
    line.close()


def test_nobody_looks() -> None:
    assert isinstance(open_progress(is_quiet=False), NoProgress)


def test_quiet_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())
    assert isinstance(open_progress(is_quiet=True), NoProgress)
    assert isinstance(open_progress(is_quiet=False), LineProgress)


def test_a_warning_is_said_once_after_the_line_is_gone(
    now: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    for progress in (LineProgress(Terminal()), NoProgress(is_quiet=False)):
        progress.warn("the cache can't be written")
        progress.warn("the cache can't be written")
        assert capsys.readouterr().err == ""
        progress.close()
        assert capsys.readouterr().err == "warning: the cache can't be written\n"
    quiet = NoProgress(is_quiet=True)
    quiet.warn("the cache can't be written")
    quiet.close()
    assert capsys.readouterr().err == ""
