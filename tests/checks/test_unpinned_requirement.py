"""`unpinned-requirement` names each direct requirement that floats."""

import pytest

from driftcheck.checks.unpinned_requirement import CHECK, find
from driftcheck.model.finding import Evidence, Fix
from driftcheck.model.location import Location
from driftcheck.model.requirement_source import FromFolder
from tests.checks.snapshots import Index, declaration, lines, project_of, resolved, snapshot_of


def test_a_range() -> None:
    index, project = Index(), lines("jinja2==3.1.4", "Flask>=1.1")
    release = index.add("flask", "3.1.2")

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "3.1.2")]))) == [
        CHECK.finding(
            package=release.name,
            message="flask>=1.1 allows more than one version; today it is 3.1.2",
            location=Location(path="requirements.txt", line=2),
            evidence=(Evidence(file="requirements.txt", line=2, text="Flask>=1.1"),),
            fixes=(Fix(package=release.name, specifier="==3.1.2"),),
            subject=">=1.1",
        )
    ]


def test_the_fingerprint_stays_when_a_new_release_appears() -> None:
    index, project = Index(), lines("flask")
    index.add("flask", "3.1.2")
    index.add("flask", "3.1.3")
    today, tomorrow = (
        next(iter(find(snapshot_of(index, project, [resolved(index, project, "flask", version)]))))
        for version in ("3.1.2", "3.1.3")
    )

    assert today.message != tomorrow.message
    assert today.fingerprint == tomorrow.fingerprint


def test_an_unresolved_range_is_named_without_a_fix() -> None:
    (finding,) = find(snapshot_of(Index(), lines("flask>=9")))

    assert (finding.message, finding.fixes) == ("flask>=9 allows more than one version", ())


@pytest.mark.parametrize("text", ["flask==1.1.2", "flask===1.1.2", "flask==1.1.2,>=1"])
def test_silent_for_a_pin(text: str) -> None:
    assert list(find(snapshot_of(Index(), lines(text)))) == []


@pytest.mark.parametrize("text", ["flask==1.1.*", "flask~=1.1.2", "flask<2,>=1"])
def test_what_looks_like_a_pin_and_is_none(text: str) -> None:
    assert len(list(find(snapshot_of(Index(), lines(text))))) == 1


def test_silent_where_a_constraint_pins() -> None:
    project = project_of(declaration("flask"), declaration("flask==1.1.2", is_constraint=True))

    assert list(find(snapshot_of(Index(), project))) == []


def test_a_constraint_for_another_python_does_not_pin() -> None:
    constraint = declaration("flask==1.1.2 ; python_version < '3.8'", is_constraint=True)
    project = project_of(declaration("flask"), constraint)

    assert len(list(find(snapshot_of(Index(), project)))) == 1


def test_silent_where_another_line_pins() -> None:
    index, project = Index(), lines("flask", "flask==1.1.2")
    index.add("flask", "1.1.2")

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))) == []


def test_silent_for_a_folder_and_for_a_line_of_another_python() -> None:
    folder = declaration("-e .", name=None, source=FromFolder(path=".", is_editable=True))
    elsewhere = declaration("flask ; python_version < '3'", 2)
    project = project_of(folder, elsewhere)

    assert list(find(snapshot_of(Index(), project, unneeded=[elsewhere]))) == []
