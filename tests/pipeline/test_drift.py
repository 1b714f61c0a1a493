"""What the same file meant when it was written, on an index with a history."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from driftcheck import pipeline
from driftcheck.model.drift_report import DriftReport, DriftRow
from driftcheck.model.errors import IndexUnavailableError, NothingToCheckError
from driftcheck.model.progress import SilentProgress
from driftcheck.model.project import IndexOptions
from driftcheck.model.settings import InputWish, Settings, TargetWish
from tests.support.distributions import build_wheel
from tests.support.faults import Status
from tests.support.index_server import IndexServer

HISTORY: tuple[tuple[str, str, str, list[str]], ...] = (
    ("web", "1.0", "2020-03-01", ["engine>=2", "colour"]),
    ("web", "2.0", "2023-03-01", ["engine>=2"]),
    ("engine", "2.0", "2019-01-01", []),
    ("engine", "3.0", "2022-06-01", ["added"]),
    ("added", "1.0", "2022-05-01", []),
    ("colour", "1.0", "2018-01-01", []),
)


@pytest.fixture
def index(index_server: IndexServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexServer:
    """An index where a dependency was released after the pins were made."""
    monkeypatch.chdir(tmp_path)
    for name, version, day, requires in HISTORY:
        wheel = build_wheel(tmp_path / "wheels", name, version, requires=requires)
        index_server.add(wheel, upload_time=datetime.fromisoformat(day).replace(hour=9, tzinfo=timezone.utc))
    return index_server


def drift(index: IndexServer, text: str, since: datetime | None = None) -> DriftReport:
    Path("requirements.txt").write_text(text)
    settings = Settings(
        inputs=(InputWish(requirements=("requirements.txt",)),),
        targets=(TargetWish(python_version="3.11", platform="linux"),),
        index_options=IndexOptions(index_url=index.url),
    )
    return pipeline.drift(settings, since=since, stdin=bytes, progress=SilentProgress())


def by_name(report: DriftReport) -> dict[str, DriftRow]:
    (section,) = report.sections
    return {row.name: row for row in section.rows}


def test_what_floats_is_seen_and_what_is_pinned_stays(index: IndexServer) -> None:
    report = drift(index, "web==1.0\n")
    (section,) = report.sections
    assert section.since == datetime(2020, 3, 1, 23, 59, 59, tzinfo=timezone.utc)
    assert "web 1.0" in section.since_reason
    rows = by_name(report)
    assert (rows["web"].pinned, rows["web"].then, rows["web"].today, rows["web"].newest) == (
        "1.0",
        "1.0",
        "1.0",
        "2.0",
    )
    assert (rows["engine"].then, rows["engine"].today) == ("2.0", "3.0")
    assert (rows["added"].then, rows["added"].today) == (None, "1.0")
    assert [row.name for row in section.floated] == ["added", "engine"]
    assert rows["web"].libyears == pytest.approx(3.0, abs=0.01)
    assert section.libyears == pytest.approx(3.0, abs=0.01)


def test_a_given_date_counts_instead(index: IndexServer) -> None:
    since = datetime(2024, 1, 1, tzinfo=timezone.utc)
    (section,) = drift(index, "web==1.0\n", since).sections
    assert section.since == since
    assert section.floated == ()


def test_without_a_dated_pin_the_day_must_be_given(index: IndexServer) -> None:
    with pytest.raises(NothingToCheckError, match="day of the pins is not known"):
        drift(index, "web\n")


def test_an_index_that_does_not_answer_is_said_to_be_the_cause(index: IndexServer) -> None:
    index.fail("/simple/*", Status(418))
    with pytest.raises(IndexUnavailableError, match="engine and 1 more: its page could not be fetched from"):
        drift(index, "web==1.0\nengine==2.0\n")
