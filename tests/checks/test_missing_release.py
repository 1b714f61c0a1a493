"""`missing-release` names what the index does not have, and what it has instead."""

from datetime import datetime, timezone

import pytest

from driftcheck.checks.missing_release import CHECK, find
from driftcheck.model.finding import Evidence, Fix
from driftcheck.model.location import Location
from driftcheck.model.release import ProjectStatus
from driftcheck.model.resolution import Miss, MissReason
from tests.checks.snapshots import (
    INDEX_URL,
    Index,
    line_ask,
    lines,
    metadata_ask,
    resolved,
    snapshot_of,
    wheel,
)


def missed(
    index: Index, text: str, reason: MissReason = MissReason.UNKNOWN_VERSION, *, as_of: str = "2026-11-23"
) -> str:
    """Returns the message for one line that nothing fulfils."""
    project = lines(text)
    miss = Miss(ask=line_ask(project.declarations[0]), reason=reason)
    date = datetime.fromisoformat(as_of).replace(tzinfo=timezone.utc)
    (finding,) = find(snapshot_of(index, project, misses=[miss], as_of=date))
    return finding.message


def test_a_version_that_does_not_exist() -> None:
    index, project = Index(), lines("flask==1.1.5")
    index.add("flask", "1.0")
    release = index.add("flask", "1.1.4")
    index.add("flask", "2.0.0")
    miss = Miss(ask=line_ask(project.declarations[0]), reason=MissReason.UNKNOWN_VERSION)

    assert list(find(snapshot_of(index, project, misses=[miss]))) == [
        CHECK.finding(
            package=release.name,
            version="1.1.5",
            message="flask 1.1.5 is not on the index; the nearest releases are 1.1.4 and 2.0.0",
            location=Location(path="requirements.txt", line=1),
            evidence=(
                Evidence(file="requirements.txt", line=1, text="flask==1.1.5"),
                Evidence(file=INDEX_URL, line=None, text="releases listed there: 2.0.0, 1.1.4, 1.0"),
            ),
            fixes=(Fix(package=release.name, specifier="==1.1.4"),),
            subject=" ==1.1.5",
        )
    ]


@pytest.mark.parametrize(
    "text,message",
    [
        ("flask==0.9", "flask 0.9 is not on the index; the oldest release is 1.0"),
        ("flask==3.0", "flask 3.0 is not on the index; the newest release is 2.0"),
        ("flask>=3", "no release of flask is in >=3; the newest release is 2.0"),
        ("flask>1.0,<2", "no release of flask is in <2,>1.0; the newest release is 1.0"),
        ("flask==1.5.*", "no release of flask is in ==1.5.*; the nearest releases are 1.0 and 2.0"),
        ("flask===today", "no release of flask is in ===today; the newest release is 2.0"),
    ],
)
def test_the_nearest_releases(text: str, message: str) -> None:
    index = Index()
    index.add("flask", "1.0")
    index.add("flask", "2.0")

    assert missed(index, text) == message


def test_pre_releases_and_yanked_releases_are_not_offered() -> None:
    index = Index()
    index.add("flask", "1.0")
    index.add("flask", "1.1.4", wheel(yanked="bad"))
    index.add("flask", "2.0rc1")
    index.add("flask", "3.0")

    assert missed(index, "flask==1.1.5") == (
        "flask 1.1.5 is not on the index; the nearest releases are 1.0 and 3.0"
    )


def test_pre_releases_are_offered_where_there_is_nothing_else() -> None:
    index = Index()
    index.add("black", "19.3b0")

    assert missed(index, "black==19.4") == "black 19.4 is not on the index; the newest release is 19.3b0"


def test_a_build_that_another_index_has() -> None:
    index = Index()
    index.add("torch", "1.13.1")

    assert missed(index, "torch==1.13.1+cu117") == (
        "torch 1.13.1+cu117 is not on the index; the newest release is 1.13.1; "
        "builds such as +cu117 are on an index of their own, for --extra-index-url"
    )


def test_only_yanked_releases_are_in_a_range() -> None:
    index = Index()
    index.add("flask", "1.0")
    index.add("flask", "2.0", wheel(yanked="bad"))

    assert missed(index, "flask>=2") == (
        "every release of flask in >=2 was yanked, and pip takes one only for an exact pin; "
        "the newest release is 1.0"
    )


def test_what_was_uploaded_after_the_date_of_the_run() -> None:
    index = Index()
    index.add("flask", "2.0.0", wheel(uploaded="2021-05-11"))
    index.add("flask", "3.1.0", wheel(uploaded="2024-11-13"))

    assert missed(index, "flask==3.1.0", MissReason.AFTER_AS_OF, as_of="2022-01-01") == (
        "flask 3.1.0 was not on the index before 2024-11-13, and the date of this run is 2022-01-01; "
        "the newest release is 2.0.0"
    )


def test_a_project_that_does_not_exist() -> None:
    assert missed(Index(), "tensorflwo", MissReason.UNKNOWN_PROJECT) == (
        "no index has a project named tensorflwo"
    )


def test_a_name_like_another_of_this_input() -> None:
    project = lines("tensorflow", "tensorflwo==2.0")
    miss = Miss(ask=line_ask(project.declarations[1]), reason=MissReason.UNKNOWN_PROJECT)
    (finding,) = find(snapshot_of(Index(), project, misses=[miss]))

    assert finding.message == (
        "no index has a project named tensorflwo; did you mean tensorflow, which this input also names?"
    )
    assert finding.fixes == ()


def test_a_quarantined_project() -> None:
    index = Index()
    index.project("evil", status=ProjectStatus.QUARANTINED, reason="malware")

    assert missed(index, "evil==1.0") == ("evil 1.0 can't be had: the index has quarantined evil (malware)")


def test_a_project_without_files() -> None:
    index = Index()
    index.project("empty")

    assert missed(index, "empty==1.0") == "the index lists no files of empty"


@pytest.mark.parametrize(
    "reason,message",
    [
        (
            MissReason.UNKNOWN_VERSION,
            "no release of jinja2 is in >=99, which flask 1.1.2 requires; the newest release is 3.1",
        ),
        (MissReason.UNKNOWN_PROJECT, "no index has a project named lost, which flask 1.1.2 requires"),
    ],
)
def test_what_a_dependency_asks_for(reason: MissReason, message: str) -> None:
    index, project = Index(), lines("click", "flask==1.1.2")
    index.add("flask", "1.1.2")
    index.add("jinja2", "3.1")
    text = "jinja2>=99" if reason is MissReason.UNKNOWN_VERSION else "lost"
    miss = Miss(ask=metadata_ask(text, "flask", "1.1.2", 2), reason=reason)
    packages = [resolved(index, project, "flask", "1.1.2")]
    (finding,) = find(snapshot_of(index, project, packages, misses=[miss]))

    assert finding.message == message
    assert (finding.version, finding.fixes) == (None, ())
    assert finding.location == Location(path="requirements.txt", line=2)
    assert finding.evidence[0].file == "flask 1.1.2 METADATA"


def test_the_fix_respects_what_others_ask() -> None:
    index, project = Index(), lines("flask==1.1.5", "admin==1")
    index.add("admin", "1")
    index.add("flask", "1.1.4")
    index.add("flask", "2.0.0")
    misses = [
        Miss(ask=line_ask(project.declarations[0]), reason=MissReason.UNKNOWN_VERSION),
        Miss(ask=metadata_ask("flask>=2", "admin", "1", 2), reason=MissReason.NO_INSTALLABLE_FILE),
    ]
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "admin", "1")], misses=misses))

    assert [fix.specifier for fix in finding.fixes] == ["==2.0.0"]


def test_silent_for_what_only_this_target_can_not_install() -> None:
    index, project = Index(), lines("flask==1.1.2")
    miss = Miss(ask=line_ask(project.declarations[0]), reason=MissReason.NO_INSTALLABLE_FILE)

    assert list(find(snapshot_of(index, project, misses=[miss]))) == []


def test_silent_where_everything_exists() -> None:
    index, project = Index(), lines("flask==1.1.2")
    index.add("flask", "1.1.2")

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))) == []
