"""Resolving: small indexes, requirement lines, and the set that comes out."""

from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from packaging.utils import canonicalize_name

from driftcheck.model.progress import SilentProgress
from driftcheck.model.project import FormatControl, Project
from driftcheck.model.resolution import MissReason, Resolution
from driftcheck.resolver import ResolveLimits, ResolveOptions, resolve
from driftcheck.resolver.target import make_target
from tests.resolver.memory_catalogue import MemoryCatalogue, declare, project_of, project_with

Fill = Callable[[MemoryCatalogue], None]


def run(
    index: MemoryCatalogue,
    project: Project,
    *,
    python: str = "3.11",
    platform: str = "linux",
    options: ResolveOptions | None = None,
) -> Resolution:
    return resolve(
        project, make_target(python, platform), index, options or ResolveOptions(), SilentProgress()
    )


def pins(resolution: Resolution) -> list[str]:
    return [f"{package.name}=={package.version}" for package in resolution.packages]


def misses(resolution: Resolution) -> list[tuple[str, MissReason]]:
    return [(f"{miss.ask.package}{miss.ask.specifier}", miss.reason) for miss in resolution.misses]


@pytest.fixture
def index() -> MemoryCatalogue:
    index = MemoryCatalogue()
    index.add("flask", "1.0", ["werkzeug>=0.14", "jinja2>=2.10"])
    index.add("flask", "2.0", ["werkzeug>=2.0", "jinja2>=3.0"], extras={"async": ["asgiref>=3.2"]})
    for version in ("0.16", "1.0.1", "2.0", "3.0"):
        index.add("werkzeug", version)
    for version in ("2.11", "3.0", "3.1"):
        index.add("jinja2", version, ["markupsafe"])
    index.add("markupsafe", "2.0")
    index.add("asgiref", "3.5", ['typing-extensions; python_version < "3.11"'])
    index.add("typing-extensions", "4.0")
    return index


def test_the_newest_that_fits_is_taken(index: MemoryCatalogue) -> None:
    assert pins(run(index, project_of("flask"))) == [
        "flask==2.0",
        "jinja2==3.1",
        "markupsafe==2.0",
        "werkzeug==3.0",
    ]


def test_pins_and_ranges_bind(index: MemoryCatalogue) -> None:
    assert pins(run(index, project_of("flask==1.0", "werkzeug<2"))) == [
        "flask==1.0",
        "jinja2==3.1",
        "markupsafe==2.0",
        "werkzeug==1.0.1",
    ]


def test_an_older_release_is_taken_if_the_newest_does_not_go_with_a_pin(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of("flask", "werkzeug==1.0.1"))

    assert pins(resolution)[0] == "flask==1.0"
    assert resolution.conflicts == ()


def test_an_extra_brings_what_it_asks_for(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of("flask[async]>=2"))

    assert "asgiref==3.5" in pins(resolution)
    assert resolution.by_name["flask"].extras == ("async",)  # type: ignore[index]
    assert "typing-extensions==4.0" not in pins(resolution)


def test_markers_are_those_of_the_target(index: MemoryCatalogue) -> None:
    assert "typing-extensions==4.0" in pins(run(index, project_of("asgiref"), python="3.10"))


def test_an_extra_asked_for_by_a_package_counts_too(index: MemoryCatalogue) -> None:
    index.add("app", "1.0", ["Flask[ASYNC]"])

    assert "asgiref==3.5" in pins(run(index, project_of("app")))


def test_an_unknown_extra_brings_nothing(index: MemoryCatalogue) -> None:
    assert pins(run(index, project_of("jinja2[nonsense]"))) == ["jinja2==3.1", "markupsafe==2.0"]


def test_lines_whose_marker_does_not_hold_are_unneeded(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of('werkzeug; sys_platform == "win32"', "markupsafe"))

    assert pins(resolution) == ["markupsafe==2.0"]
    assert [line.text for line in resolution.unneeded] == ['werkzeug; sys_platform == "win32"']


def test_constraints_bind_only_what_is_asked_for(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of("flask", constraints=["werkzeug<3", "asgiref==3.5", "unknown==1.0"]))

    assert pins(resolution) == ["flask==2.0", "jinja2==3.1", "markupsafe==2.0", "werkzeug==2.0"]
    assert resolution.misses == ()
    werkzeug = resolution.packages[3]
    assert [(ask.asked_by, ask.is_constraint) for ask in werkzeug.asks] == [(None, True), ("flask", False)]
    assert werkzeug.is_direct is False
    assert werkzeug.declarations[0].text == "werkzeug<3"


def test_without_dependencies_only_the_lines_count(index: MemoryCatalogue) -> None:
    assert pins(run(index, project_of("flask==2.0", "jinja2==2.11", deps=False))) == [
        "flask==2.0",
        "jinja2==2.11",
    ]


def test_without_dependencies_the_lines_may_still_contradict_each_other(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of("flask==2.0", "werkzeug==1.0.1", deps=False))

    assert pins(resolution) == ["flask==2.0", "werkzeug==1.0.1"]
    assert conflicts(resolution) == [("werkzeug", ["requirements.txt:2: ==1.0.1", "flask: >=2.0"], "1.0.1")]


def test_who_asks_is_told_with_the_line_that_leads_there(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of("# nothing".replace("# nothing", "werkzeug==3.0"), "flask==2.0"))

    markupsafe = next(package for package in resolution.packages if package.name == "markupsafe")
    assert markupsafe.required_by == ("jinja2",)
    assert [str(ask.location) for ask in markupsafe.asks] == ["requirements.txt:2"]
    assert [package.is_direct for package in resolution.packages] == [True, False, False, True]


# ---------------------------------------------------------------------------------------- files and targets


@pytest.mark.parametrize(
    "platform, python, expected",
    [
        ("linux", "3.11", ["fast==2.0"]),
        ("windows", "3.11", ["fast==1.0"]),
        ("linux", "3.9", ["fast==1.0"]),
    ],
)
def test_wheels_must_fit_the_target(platform: str, python: str, expected: list[str]) -> None:
    index = MemoryCatalogue()
    index.add("fast", "2.0", tags=["cp311-cp311-manylinux2014_x86_64"])
    index.add("fast", "1.0")

    assert pins(run(index, project_of("fast"), platform=platform, python=python)) == expected


@pytest.mark.parametrize("says_python", [True, False])
def test_requires_python_of_page_or_metadata_binds(says_python: bool) -> None:
    index = MemoryCatalogue()
    index.add("new", "2.0", requires_python=">=3.12", says_python=says_python)
    index.add("new", "1.0", requires_python=">=3.8", says_python=says_python)

    assert pins(run(index, project_of("new"))) == ["new==1.0"]
    assert pins(run(index, project_of("new"), python="3.12")) == ["new==2.0"]


@pytest.mark.parametrize("says_python", [True, False])
def test_a_pin_that_installs_nowhere_is_kept_as_written(says_python: bool) -> None:
    index = MemoryCatalogue()
    index.add("new", "2.0", ["dep"], requires_python=">=3.12", says_python=says_python)
    index.add("dep", "1.0")

    resolution = run(index, project_of("new==2.0"))

    assert pins(resolution) == ["dep==1.0", "new==2.0"]
    assert misses(resolution) == [("new==2.0", MissReason.NO_INSTALLABLE_FILE)]
    if says_python:
        assert resolution.packages[1].file is None


@pytest.mark.parametrize(
    "options, expected",
    [
        (ResolveOptions(), "tool==2.0"),
        (ResolveOptions(prefer_binary=True), "tool==1.0"),
        (ResolveOptions(format_control=FormatControl(only_binary=frozenset({":all:"}))), "tool==1.0"),
        (ResolveOptions(format_control=FormatControl(no_binary=frozenset({"tool"}))), "tool==2.0"),
    ],
)
def test_format_options(options: ResolveOptions, expected: str) -> None:
    index = MemoryCatalogue()
    index.add("tool", "2.0", tags=[], sdist=True)
    index.add("tool", "1.0")

    assert pins(run(index, project_of("tool"), options=options)) == [expected]


@pytest.mark.parametrize(
    "line, pre, expected",
    [
        ("lib", False, "lib==1.0"),
        ("lib", True, "lib==2.0rc1"),
        ("lib>=2.0b1", False, "lib==2.0rc1"),
        ("lib>=1.5", False, "lib==2.0rc1"),
        ("lib==2.0rc1", False, "lib==2.0rc1"),
        ("lib!=2.0rc2", False, "lib==1.0"),
        ("lib<2.0", False, "lib==1.0"),
    ],
)
def test_prereleases(line: str, pre: bool, expected: str) -> None:
    index = MemoryCatalogue()
    index.add("lib", "2.0rc1")
    index.add("lib", "1.0")

    assert pins(run(index, project_of(line), options=ResolveOptions(pre=pre))) == [expected]


@pytest.mark.parametrize(
    "line, expected",
    [
        ("lib", ["lib==1.0"]),
        ("lib>=1.0", ["lib==1.0"]),
        ("lib==2.0", ["lib==2.0"]),
        ("lib===2.0", ["lib==2.0"]),
        ("lib==2.*", []),
        ("lib>1", []),
    ],
)
def test_yanked_releases_are_for_pins_only(line: str, expected: list[str]) -> None:
    index = MemoryCatalogue()
    index.add("lib", "2.0", yanked="broken")
    index.add("lib", "1.0")

    resolution = run(index, project_of(line))

    assert pins(resolution) == expected
    assert bool(resolution.misses) is not bool(expected)


def test_a_pin_also_means_its_newest_local_version() -> None:
    index = MemoryCatalogue()
    index.add("torch", "2.0")
    index.add("torch", "2.0+cpu")

    assert pins(run(index, project_of("torch==2.0"))) == ["torch==2.0+cpu"]
    assert pins(run(index, project_of("torch==2.0+cpu"))) == ["torch==2.0+cpu"]
    assert pins(run(index, project_of("torch==2"))) == ["torch==2.0+cpu"]
    assert pins(run(index, project_of("torch==2.0.0"))) == ["torch==2.0+cpu"]


def test_files_uploaded_later_do_not_exist() -> None:
    index = MemoryCatalogue()
    index.add("lib", "1.0", uploaded=datetime(2020, 1, 1, tzinfo=timezone.utc))
    index.add("lib", "2.0", uploaded=datetime(2022, 1, 1, tzinfo=timezone.utc))
    options = ResolveOptions(as_of=datetime(2021, 1, 1, tzinfo=timezone.utc))

    assert pins(run(index, project_of("lib"), options=options)) == ["lib==1.0"]
    resolution = run(index, project_of("lib==2.0"), options=options)
    assert pins(resolution) == []
    assert misses(resolution) == [("lib==2.0", MissReason.AFTER_AS_OF)]
    assert resolution.gaps == ()


def test_a_file_of_unknown_date_is_kept_and_told_once_per_index() -> None:
    index = MemoryCatalogue()
    index.add("a", "1.0", uploaded=None)
    index.add("b", "1.0", uploaded=None)

    resolution = run(
        index, project_of("a", "b"), options=ResolveOptions(as_of=datetime(2021, 1, 1, tzinfo=timezone.utc))
    )

    assert pins(resolution) == ["a==1.0", "b==1.0"]
    assert [gap.subject for gap in resolution.gaps] == ["https://index.example/simple/"]


def test_beside_a_dated_file_one_without_a_date_does_not_count() -> None:
    index = MemoryCatalogue()
    index.add("lib", "1.0", uploaded=datetime(2020, 1, 1, tzinfo=timezone.utc))
    index.add("lib", "9.0", uploaded=None)
    options = ResolveOptions(as_of=datetime(2021, 1, 1, tzinfo=timezone.utc))

    resolution = run(index, project_of("lib"), options=options)

    assert pins(resolution) == ["lib==1.0"]
    assert resolution.gaps == ()


def test_a_hash_chooses_among_the_files_that_match() -> None:
    index = MemoryCatalogue()
    index.add("lib", "1.0", sha256="aa")
    index.add("lib", "1.0", tags=["cp311-cp311-manylinux2014_x86_64"], sha256="bb")

    chosen = run(index, project_with([declare("lib==1.0", hashes=["aa"])])).packages[0].file
    assert chosen is not None
    assert chosen.hashes["sha256"] == "aa"
    kept = run(index, project_with([declare("lib==1.0", hashes=["cc"])])).packages[0].file
    assert kept is not None
    assert kept.hashes["sha256"] == "bb"


# ------------------------------------------------------------------------------------------------- misses


@pytest.mark.parametrize(
    "line, reason",
    [
        ("unknown==1.0", MissReason.UNKNOWN_PROJECT),
        ("werkzeug==9.9", MissReason.UNKNOWN_VERSION),
        ("werkzeug>9", MissReason.UNKNOWN_VERSION),
    ],
)
def test_a_line_without_a_release_is_a_miss_and_the_rest_goes_on(
    index: MemoryCatalogue, line: str, reason: MissReason
) -> None:
    resolution = run(index, project_of(line, "markupsafe"))

    assert pins(resolution) == ["markupsafe==2.0"]
    assert [(miss.reason, str(miss.ask.location)) for miss in resolution.misses] == [
        (reason, "requirements.txt:1")
    ]


def test_a_dependency_without_a_release_is_a_miss_after_looking_for_another_way() -> None:
    index = MemoryCatalogue()
    index.add("app", "2.0", ["gone>=1"])
    index.add("app", "1.0")
    index.add("other", "1.0", ["lost==3"])
    index.add("lost", "2.0")

    resolution = run(index, project_of("app", "other"))

    assert pins(resolution) == ["app==1.0", "other==1.0"]
    assert misses(resolution) == [("lost==3", MissReason.UNKNOWN_VERSION)]
    assert resolution.misses[0].ask.asked_by == "other"


def test_all_misses_of_pinned_packages_are_found() -> None:
    index = MemoryCatalogue()
    index.add("a", "1.0", ["gone", "lost==9", "fine"])
    index.add("b", "1.0", ["gone>=2", "missing"])
    index.add("lost", "1.0")
    index.add("fine", "1.0")

    resolution = run(index, project_of("a==1.0", "b==1.0"))

    assert pins(resolution) == ["a==1.0", "b==1.0", "fine==1.0"]
    assert sorted(misses(resolution)) == [
        ("gone", MissReason.UNKNOWN_PROJECT),
        ("gone>=2", MissReason.UNKNOWN_PROJECT),
        ("lost==9", MissReason.UNKNOWN_VERSION),
        ("missing", MissReason.UNKNOWN_PROJECT),
    ]


# ---------------------------------------------------------------------------------------------- conflicts


def conflicts(resolution: Resolution) -> list[tuple[str, list[str], str]]:
    return [
        (
            conflict.package,
            [f"{ask.asked_by or ask.location}: {ask.specifier}" for ask in conflict.asks],
            str(conflict.kept),
        )
        for conflict in resolution.conflicts
    ]


def test_pins_that_contradict_a_dependency_stand_and_the_conflict_is_told(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of("flask==2.0", "jinja2", "werkzeug==1.0.1"))

    assert pins(resolution) == ["flask==2.0", "jinja2==3.1", "markupsafe==2.0", "werkzeug==1.0.1"]
    assert conflicts(resolution) == [("werkzeug", ["requirements.txt:3: ==1.0.1", "flask: >=2.0"], "1.0.1")]
    assert [str(ask.location) for ask in resolution.conflicts[0].asks] == [
        "requirements.txt:3",
        "requirements.txt:1",
    ]


def test_all_contradictions_of_a_lock_are_found_at_once() -> None:
    index = MemoryCatalogue()
    names = [f"p{number}" for number in range(20)]
    for name in names:
        index.add(name, "1.0", [f"{other}>=2" for other in names if other != name])
        index.add(name, "2.0")

    resolution = run(index, project_of(*[f"{name}==1.0" for name in names]))

    assert len(resolution.conflicts) == 20
    assert all(len(conflict.asks) == 20 for conflict in resolution.conflicts)


def test_two_pinned_packages_that_disagree_on_a_third(index: MemoryCatalogue) -> None:
    index.add("a", "1.0", ["werkzeug<2"])
    index.add("b", "1.0", ["werkzeug>=2"])

    resolution = run(index, project_of("a==1.0", "b==1.0"))

    assert pins(resolution) == ["a==1.0", "b==1.0", "werkzeug==1.0.1"]
    assert conflicts(resolution) == [("werkzeug", ["a: <2", "b: >=2"], "1.0.1")]


def test_two_lines_that_exclude_each_other(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of("werkzeug>=2", "werkzeug==1.0.1"))

    assert pins(resolution) == ["werkzeug==1.0.1"]
    assert conflicts(resolution) == [
        ("werkzeug", ["requirements.txt:1: >=2", "requirements.txt:2: ==1.0.1"], "1.0.1")
    ]


def test_a_constraint_against_a_pin(index: MemoryCatalogue) -> None:
    resolution = run(index, project_of("werkzeug==1.0.1", constraints=["werkzeug==2.0"]))

    assert conflicts(resolution) == [
        ("werkzeug", ["requirements.txt:1: ==1.0.1", "constraints.txt:1: ==2.0"], "1.0.1")
    ]


def test_floating_packages_that_can_not_be_reconciled() -> None:
    index = MemoryCatalogue()
    index.add("a", "1.0", ["lib<2"])
    index.add("a", "0.9", ["lib<2"])
    index.add("b", "1.0", ["lib>=2"])
    index.add("b", "0.9", ["lib>=2"])
    index.add("lib", "1.0")
    index.add("lib", "2.0")

    resolution = run(index, project_of("a", "b"))

    assert [pin.partition("=")[0] for pin in pins(resolution)] == ["a", "b", "lib"]
    assert [conflict.package for conflict in resolution.conflicts] == ["lib"]
    assert len(resolution.conflicts[0].asks) == 2


# --------------------------------------------------------------------------------------------------- gaps


def test_an_index_that_fails_is_a_gap_and_the_rest_goes_on(index: MemoryCatalogue) -> None:
    index.unreachable = {"werkzeug", "asgiref"}

    resolution = run(index, project_of("flask[async]", "asgiref"))

    assert pins(resolution) == ["flask==2.0", "jinja2==3.1", "markupsafe==2.0"]
    assert [(gap.subject, str(gap.location)) for gap in resolution.gaps] == [
        ("asgiref", "requirements.txt:2"),
        ("werkzeug", "requirements.txt:1"),
    ]


def test_metadata_that_can_not_be_fetched_is_a_gap(index: MemoryCatalogue) -> None:
    index.unreachable = {"flask-2.0-py3-none-any.whl"}

    resolution = run(index, project_of("flask"))

    assert pins(resolution) == ["flask==2.0"]
    assert [gap.subject for gap in resolution.gaps] == ["flask"]
    assert resolution.packages[0].metadata is None


@pytest.mark.parametrize("line, expected", [("lib", "lib==1.0"), ("lib==2.0", "lib==2.0")])
@pytest.mark.parametrize("fault", [{"readable": False}, {"metadata_name": "another"}])
def test_a_release_that_can_not_be_read_is_passed_over_unless_pinned(
    line: str, expected: str, fault: dict[str, bool | str]
) -> None:
    index = MemoryCatalogue()
    index.add("lib", "2.0", **fault)  # type: ignore[arg-type]
    index.add("lib", "1.0")

    resolution = run(index, project_of(line))

    assert pins(resolution) == [expected]
    assert [gap.subject for gap in resolution.gaps] == ["lib"]


def test_of_a_malformed_requirement_the_name_counts() -> None:
    index = MemoryCatalogue()
    index.add("celery", "4.2.1", ["pytz (>dev)", 'nothing (>dev) ; extra == "x"', "kombu>=4"])
    index.add("celery", "4.0", ["kombu>=4"])
    index.add("pytz", "2026.1")
    index.add("kombu", "5.0")

    pinned = run(index, project_of("celery==4.2.1"))

    assert pins(pinned) == ["celery==4.2.1", "kombu==5.0", "pytz==2026.1"]
    assert pinned.by_name[canonicalize_name("celery")].refused_requirement == "pytz (>dev)"
    assert pinned.gaps == ()
    assert pins(run(index, project_of("celery"))) == ["celery==4.0", "kombu==5.0"]
    assert pins(run(index, project_of("celery"), python="3.7"))[0] == "celery==4.2.1"


@pytest.mark.parametrize("line", ["torch>=1.9.*", "torch (>=1.9.*)", "torch>=1<2", "torch==", "torch ~=1"])
def test_a_requirement_behind_an_extra_counts_for_pip_too(line: str) -> None:
    index = MemoryCatalogue()
    index.add("lib", "1.0", extras={"gpu": []})
    index.add("lib", "2.0", [f'{line}; extra == "gpu"'])

    assert pins(run(index, project_of("lib"))) == ["lib==1.0"]


def test_an_sdist_that_can_not_be_read_is_taken_as_pip_would(index: MemoryCatalogue) -> None:
    index.add("lib", "2.0", tags=[], sdist=True, readable=False)
    index.add("lib", "1.0")

    resolution = run(index, project_of("lib"))

    assert pins(resolution) == ["lib==2.0"]
    assert [gap.is_package for gap in resolution.gaps] == [True]


def test_a_search_without_end_ends_in_a_gap() -> None:
    index = MemoryCatalogue()
    for number in range(60):
        index.add("a", f"{number}", [f"b=={number}"])
        index.add("b", f"{number}", [f"c=={number}"])
        index.add("c", f"{number}", [f"a=={number + 1}"])
    limits = ResolveLimits(rounds=50, candidates=100)

    resolution = run(index, project_of("a", "b"), options=ResolveOptions(limits=limits))

    assert "no set that fits was found" in resolution.gaps[-1].reason
    assert "a" in [package.name for package in resolution.packages]


def test_many_releases_that_can_not_be_read_end_in_a_gap() -> None:
    index = MemoryCatalogue()
    for number in range(50):
        index.add("lib", f"{number}", readable=False)

    resolution = run(index, project_of("lib"), options=ResolveOptions(limits=ResolveLimits(candidates=10)))

    assert len(index.metadata_asked) < 20
    assert "the metadata of 10 releases was read" in resolution.gaps[-1].reason
