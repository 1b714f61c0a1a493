"""Which release would do instead."""

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.model.project import FormatControl
from driftcheck.model.release import Release
from driftcheck.model.release_search import neighbours, newest, newest_agreeable, pin_to, proposal
from tests.checks.snapshots import Index, lines, resolved, sdist, snapshot_of, wheel

FLASK = canonicalize_name("flask")


def anything(_release: Release) -> bool:
    return True


@pytest.mark.parametrize(
    "version,closest",
    [
        ("1.1.5", "1.1.4"),
        ("1.9.9", "1.1.4"),
        ("2.0.1", "2.0.0"),
        ("0.1", "1.0"),
        ("9", "2.0.0"),
        ("2.0.0", "1.1.4"),
    ],
)
def test_the_closest_shares_most_leading_numbers(version: str, closest: str) -> None:
    index = Index()
    for text in ("1.0", "1.1.4", "2.0.0"):
        index.add("flask", text)
    found = neighbours(index.pages[FLASK], Version(version), anything).closest(Version(version))

    assert found is not None
    assert str(found.version) == closest


def test_beside_a_pre_release_pre_releases_are_offered() -> None:
    index = Index()
    for text in ("1.0", "2.0a1", "2.0"):
        index.add("flask", text)
    found = neighbours(index.pages[FLASK], Version("2.0a2"), anything)

    assert found.below is not None
    assert str(found.below.version) == "2.0a1"


def test_rows_are_read_only_as_far_as_needed() -> None:
    index, asked = Index(), []
    for number in range(100):
        index.add("flask", f"1.{number}")

    def accept(release: Release) -> bool:
        asked.append(str(release.version))
        return True

    newest(index.pages[FLASK], accept)

    assert asked == ["1.99"]


def test_nothing_is_proposed_without_a_page() -> None:
    snapshot = snapshot_of(Index(), lines("flask==1.0"))

    assert proposal(snapshot, FLASK, Version("1.0"), instead_of=None) is None
    assert newest_agreeable(snapshot, FLASK, instead_of=None) is None
    assert pin_to(None) == ()


def test_who_builds_on_purpose_is_offered_sdists() -> None:
    formats = FormatControl(no_binary=frozenset({"flask"}))
    index, project = Index(), lines("flask==1.0")
    index.add("flask", "1.0", sdist(yanked="bad"))
    index.add("flask", "1.1", wheel(), sdist())
    package = resolved(index, project, "flask", "1.0", formats=formats)
    snapshot = snapshot_of(index, project, [package], formats=formats)
    found = proposal(snapshot, FLASK, Version("1.0"), instead_of=package.location)

    assert found is not None
    assert str(found.version) == "1.1"


def test_what_was_uploaded_later_is_not_proposed() -> None:
    index, project = Index(), lines("flask==1.0")
    index.add("flask", "1.0", wheel(yanked="bad"))
    index.add("flask", "1.1", wheel(uploaded="2027-01-01"))
    package = resolved(index, project, "flask", "1.0")

    assert proposal(snapshot_of(index, project, [package]), FLASK, Version("1.0"), instead_of=None) is None
