"""The reporters as a family."""

from driftcheck.cli.settings import formats
from driftcheck.model.reporter import Reporter
from driftcheck.support.registry import load_family


def test_every_format_of_check_is_one_of_drift_too() -> None:
    names = set(load_family("driftcheck.reporters", "REPORTER", Reporter))
    assert {name for name in names if not name.startswith("drift-")} == set(formats()) == {"json", "terminal"}
    assert {name.removeprefix("drift-") for name in names if name.startswith("drift-")} == set(formats())


def test_every_reporter_says_what_it_is_for() -> None:
    for reporter in load_family("driftcheck.reporters", "REPORTER", Reporter).values():
        assert reporter.summary
        assert not reporter.summary.endswith(".")
