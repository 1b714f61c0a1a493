"""`yanked-release` names what was withdrawn and the nearest release that was not."""

from driftcheck.checks.yanked_release import CHECK, find
from driftcheck.model.finding import Evidence, Fix
from driftcheck.model.location import Location
from tests.checks.snapshots import (
    Index,
    lines,
    metadata_ask,
    resolved,
    sdist,
    snapshot_of,
    wheel,
)


def test_a_yanked_pin() -> None:
    index, project = Index(), lines("flask==3.0.3", "jinja2==3.1.0")
    index.add("jinja2", "3.0.3")
    release = index.add("jinja2", "3.1.0", wheel(yanked="broken build"))
    index.add("jinja2", "3.1.1", wheel(yanked="broken too"))
    index.add("jinja2", "3.1.2")

    assert list(find(snapshot_of(index, project, [resolved(index, project, "jinja2", "3.1.0")]))) == [
        CHECK.finding(
            package=release.name,
            version="3.1.0",
            message=(
                "jinja2 3.1.0 was yanked (broken build); "
                "the nearest release that is not yanked and fits is 3.1.2"
            ),
            location=Location(path="requirements.txt", line=2),
            evidence=(
                Evidence(file="jinja2-3.1.0-py3-none-any.whl", line=None, text="yanked: broken build"),
            ),
            fixes=(Fix(package=release.name, specifier="==3.1.2"),),
        )
    ]


def test_the_nearest_release_respects_what_others_ask() -> None:
    index, project = Index(), lines("flask==1.1.2", "jinja2==3.1.0")
    index.add("jinja2", "3.0.3")
    index.add("jinja2", "3.1.0", wheel(yanked=""))
    index.add("jinja2", "3.1.2")
    jinja2 = resolved(index, project, "jinja2", "3.1.0", metadata_ask("jinja2!=3.1.2", "flask", "1.1.2"))
    (finding,) = find(snapshot_of(index, project, [jinja2]))

    assert finding.message == (
        "jinja2 3.1.0 was yanked, without a reason; the nearest release that is not yanked and fits is 3.0.3"
    )


def test_a_transitive_package_is_placed_at_the_line_that_pulls_it_in() -> None:
    index, project = Index(), lines("celery==5", "flask==1.1.2")
    index.add("flask", "1.1.2")
    index.add("jinja2", "3.1.0", wheel(yanked="bad"))
    packages = [
        resolved(index, project, "flask", "1.1.2"),
        resolved(index, project, "jinja2", "3.1.0", metadata_ask("jinja2==3.1.0", "flask", "1.1.2", 2)),
    ]
    (finding,) = find(snapshot_of(index, project, packages))

    assert finding.message == "jinja2 3.1.0 (pulled in by flask) was yanked (bad)"
    assert finding.location == Location(path="requirements.txt", line=2)
    assert finding.fixes == ()


def test_only_the_file_for_this_target_is_yanked() -> None:
    index, project = Index(), lines("flask==1.1.2")
    index.add("flask", "1.1.2", wheel(yanked="wrong tag"), wheel("cp39-cp39-win_amd64"))
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))

    assert finding.message == (
        "flask-1.1.2-py3-none-any.whl, the file of flask 1.1.2 for this target, was yanked (wrong tag)"
    )


def test_a_yanked_wheel_leaves_an_sdist_to_build() -> None:
    index, project = Index(), lines("flask==1.1.2")
    index.add("flask", "1.1.2", wheel(yanked="wrong tag"), sdist())
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))

    assert finding.message == (
        "flask-1.1.2-py3-none-any.whl, the wheel of flask 1.1.2 for this target, was yanked (wrong tag), "
        "so pip would build flask-1.1.2.tar.gz"
    )


def test_silent_where_the_yanked_file_is_for_another_target() -> None:
    index, project = Index(), lines("flask==1.1.2")
    index.add("flask", "1.1.2", wheel(), wheel("cp39-cp39-win_amd64", yanked="wrong tag"))

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))) == []


def test_silent_where_nothing_is_yanked() -> None:
    index, project = Index(), lines("flask==1.1.2")
    index.add("flask", "1.1.2")

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")]))) == []
