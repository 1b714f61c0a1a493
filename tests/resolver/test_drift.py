"""How far a set has drifted."""

from datetime import datetime, timezone

import pytest

from driftcheck.model.progress import SilentProgress
from driftcheck.model.snapshot import Drift
from driftcheck.resolver import ResolveOptions, resolve
from driftcheck.resolver.drift import drift_of
from driftcheck.resolver.target import make_target
from tests.resolver.memory_catalogue import MemoryCatalogue, project_of


def on(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def index() -> MemoryCatalogue:
    index = MemoryCatalogue()
    index.add("lib", "1.0", uploaded=on(2018))
    index.add("lib", "1.5", uploaded=on(2019), yanked="broken")
    index.add("lib", "2.0", uploaded=on(2020))
    index.add("lib", "3.0", uploaded=on(2022), requires_python=">=3.12")
    index.add("lib", "4.0rc1", uploaded=on(2023))
    return index


def drift(index: MemoryCatalogue, line: str, options: ResolveOptions | None = None) -> Drift:
    options = options or ResolveOptions()
    target = make_target("3.11", "linux")
    resolution = resolve(project_of(line), target, index, options, SilentProgress())
    (package,) = resolution.packages
    page = index.page(package.name)
    assert page is not None
    return drift_of(resolution, {package.name: page}, target, options)[package.name]


def told(found: Drift) -> tuple[str | None, str | None, int, float | None]:
    latest, compatible = found.latest, found.latest_compatible
    years = None if found.libyears is None else round(found.libyears, 2)
    return (
        str(latest.version) if latest else None,
        str(compatible.version) if compatible else None,
        found.releases_behind,
        years,
    )


@pytest.mark.parametrize(
    "line, expected",
    [
        ("lib==1.0", ("3.0", "2.0", 2, 4.0)),
        ("lib==1.5", ("3.0", "2.0", 2, 3.0)),
        ("lib==2.0", ("3.0", "2.0", 1, 2.0)),
        ("lib==3.0", ("3.0", "2.0", 0, 0.0)),
        ("lib==4.0rc1", ("3.0", "2.0", 0, 0.0)),
    ],
)
def test_drift(index: MemoryCatalogue, line: str, expected: tuple[str, str, int, float]) -> None:
    assert told(drift(index, line)) == expected


def test_what_was_uploaded_later_is_not_there(index: MemoryCatalogue) -> None:
    assert told(drift(index, "lib==1.0", ResolveOptions(as_of=on(2021)))) == ("2.0", "2.0", 1, 2.0)


def test_an_unknown_date_gives_no_years() -> None:
    index = MemoryCatalogue()
    index.add("lib", "1.0", uploaded=None)
    index.add("lib", "2.0")

    assert told(drift(index, "lib==1.0")) == ("2.0", "2.0", 1, None)


def test_nothing_final_means_no_latest() -> None:
    index = MemoryCatalogue()
    index.add("lib", "1.0rc1")

    assert told(drift(index, "lib")) == (None, None, 0, None)


def test_a_package_without_a_page_has_no_drift(index: MemoryCatalogue) -> None:
    target, options = make_target("3.11", "linux"), ResolveOptions()
    resolution = resolve(project_of("lib"), target, index, options, SilentProgress())

    assert drift_of(resolution, {}, target, options) == {}
