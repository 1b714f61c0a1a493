"""`outdated-release` says how far behind a package is, what fits, and who holds it back."""

import pytest

from driftcheck.checks.outdated_release import CHECK, find
from driftcheck.model.finding import Evidence, Fix
from driftcheck.model.location import Location
from driftcheck.model.requirement_source import FromArchive
from tests.checks.snapshots import (
    Index,
    declaration,
    lines,
    metadata_ask,
    project_of,
    resolved,
    sdist,
    snapshot_of,
    wheel,
)


def test_a_pin_that_is_behind() -> None:
    index, project = Index(), lines("flask==1.1.2")
    release = index.add("flask", "1.1.2", wheel(uploaded="2020-04-03"))
    index.add("flask", "2.0.0", wheel(uploaded="2021-05-11"))
    index.add("flask", "3.0.0", wheel(uploaded="2023-09-30"))
    index.add("flask", "3.1.0", wheel(requires_python=">=3.10", uploaded="2024-11-13"))
    index.add("flask", "3.2.0rc1", wheel(uploaded="2025-01-01"))

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))) == [
        CHECK.finding(
            package=release.name,
            version="1.1.2",
            message=(
                "flask 1.1.2 is 3 releases and 4.6 years behind 3.1.0 (major version 1 → 3); "
                "the newest that installs on Python 3.9.18 is 3.0.0"
            ),
            location=Location(path="requirements.txt", line=1),
            evidence=(Evidence(file="requirements.txt", line=1, text="flask==1.1.2"),),
            fixes=(Fix(package=release.name, specifier="==3.0.0"),),
        )
    ]


def test_the_fingerprint_stays_when_a_new_release_appears() -> None:
    index, project = Index(), lines("flask==1.1.2")
    index.add("flask", "1.1.2")
    index.add("flask", "2.0.0")
    (today,) = find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))
    index.add("flask", "3.0.0")
    (tomorrow,) = find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))

    assert today.message != tomorrow.message
    assert today.fingerprint == tomorrow.fingerprint


def test_what_holds_it_back() -> None:
    index, project = Index(), lines("celery==5", "click==7.0")
    index.add("click", "7.0")
    index.add("click", "7.1")
    index.add("click", "8.0")
    click = resolved(index, project, "click", "7.0", metadata_ask("click<8,>=7", "celery", "5"))
    (finding,) = find(snapshot_of(index, project, [click]))

    assert finding.message == (
        "click 7.0 is 2 releases behind 8.0 (major version 7 → 8); "
        "held back by celery 5, which asks for <8,>=7"
    )
    assert finding.evidence[-1] == Evidence(
        file="celery 5 METADATA", line=None, text="Requires-Dist: click<8,>=7"
    )
    assert [fix.specifier for fix in finding.fixes] == ["==7.1"]


def test_a_transitive_package_that_is_held_back() -> None:
    index, project = Index(), lines("celery==5")
    index.add("celery", "5")
    index.add("click", "7.1")
    index.add("click", "8.0")
    packages = [
        resolved(index, project, "celery", "5"),
        resolved(index, project, "click", "7.1", metadata_ask("click<8", "celery", "5")),
    ]
    (finding,) = find(snapshot_of(index, project, packages))

    assert finding.message == (
        "click 7.1 (pulled in by celery) is 1 release behind 8.0 (major version 7 → 8); "
        "held back by celery 5, which asks for <8"
    )
    assert (finding.version, finding.location, finding.fixes) == (
        None,
        Location(path="requirements.txt", line=1),
        (),
    )


def test_silent_for_a_transitive_package_that_only_the_python_holds() -> None:
    index, project = Index(), lines("celery==5")
    index.add("celery", "5")
    index.add("click", "8.1")
    index.add("click", "8.2", wheel(requires_python=">=3.10"))
    packages = [
        resolved(index, project, "celery", "5"),
        resolved(index, project, "click", "8.1", metadata_ask("click", "celery", "5")),
    ]

    assert list(find(snapshot_of(index, project, packages))) == []


def test_a_transitive_package_pinned_by_a_constraint_counts_as_the_users() -> None:
    index = Index()
    project = project_of(declaration("celery==5"), declaration("click==8.1", is_constraint=True))
    index.add("click", "8.1")
    index.add("click", "8.2", wheel(requires_python=">=3.10"))
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "click", "8.1")]))

    assert finding.location == Location(path="constraints.txt", line=1)


def test_no_release_fits_this_python_any_more() -> None:
    index, project = Index(), lines("scipy==1.0")
    index.add("scipy", "1.0", wheel(requires_python="<3.9"))
    index.add("scipy", "1.1", wheel(requires_python=">=3.11"))
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "scipy", "1.0")]))

    assert finding.message == (
        "scipy 1.0 is 1 release behind 1.1; no final release installs on Python 3.9.18"
    )


def test_a_floating_package_that_this_python_holds() -> None:
    index, project = Index(), lines("requests>=2")
    index.add("requests", "2.32")
    index.add("requests", "2.33", wheel(requires_python=">=3.10"))
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "requests", "2.32")]))

    assert finding.message == (
        "requests 2.32 is 1 release behind 2.33; it is the newest that installs on Python 3.9.18"
    )
    assert finding.fixes == ()


def test_a_platform_for_which_there_are_no_wheels_any_more() -> None:
    index, project = Index(), lines("requests==2.31")
    index.add("requests", "2.31")
    index.add("requests", "2.32")
    index.add("requests", "2.33", wheel("cp39-cp39-win_amd64"))
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "requests", "2.31")]))

    assert finding.message == (
        "requests 2.31 is 2 releases behind 2.33; "
        "the newest that installs on Python 3.9.18 on x86_64-manylinux_2_28 is 2.32"
    )


def test_no_fix_where_a_better_release_would_have_to_be_built() -> None:
    index, project = Index(), lines("numpy==1.19")
    index.add("numpy", "1.19", sdist())
    index.add("numpy", "1.22", wheel("cp310-cp310-win_amd64"), sdist())
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "numpy", "1.19")]))

    assert finding.fixes == ()


def test_no_fix_for_a_line_that_names_an_archive() -> None:
    source = FromArchive(url="https://files.example/flask-1.1.2-py3-none-any.whl")
    index, project = Index(), project_of(declaration("flask", source=source))
    index.add("flask", "1.1.2")
    index.add("flask", "3.0")
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))

    assert finding.fixes == ()


@pytest.mark.parametrize(
    "old,new,majors",
    [
        ("1.0", "3.0", " (major version 1 → 3)"),
        ("2.0", "2.9", ""),
        ("2020.1", "2026.1", ""),
        ("99.1", "1!1.0", ""),
    ],
)
def test_when_a_change_of_the_major_version_is_named(old: str, new: str, majors: str) -> None:
    index, project = Index(), lines(f"certifi=={old}")
    index.add("certifi", old)
    index.add("certifi", new)
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "certifi", old)]))

    assert finding.message == f"certifi {old} is 1 release behind {new}{majors}"


@pytest.mark.parametrize("newer", ["1.2.0rc1", "1.1.2.dev0"])
def test_silent_at_the_newest_final_release(newer: str) -> None:
    index, project = Index(), lines("flask==1.1.2")
    index.add("flask", "1.1.2")
    index.add("flask", newer)

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))) == []


def test_silent_where_only_a_yanked_release_is_newer() -> None:
    index, project = Index(), lines("flask==1.1.2")
    index.add("flask", "1.1.2")
    index.add("flask", "1.1.3", wheel(yanked="bad"))

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))) == []
