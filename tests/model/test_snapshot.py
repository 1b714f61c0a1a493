"""Who pulls a package in, and at which line."""

from packaging.utils import canonicalize_name

from driftcheck.model.location import Location
from driftcheck.model.snapshot import Snapshot
from tests.checks.snapshots import Index, lines, metadata_ask, resolved, snapshot_of


def chain() -> Snapshot:
    """Returns a (direct) → b → c, and c → b, a circle."""
    index, project = Index(), lines("x", "a==1")
    for name in "abcd":
        index.add(name, "1")
    packages = [
        resolved(index, project, "a", "1"),
        resolved(index, project, "b", "1", metadata_ask("b", "a", "1", 2), metadata_ask("b", "c", "1", 2)),
        resolved(index, project, "c", "1", metadata_ask("c", "b", "1", 2)),
        resolved(index, project, "d", "1", metadata_ask("d", "lost", "1", 2)),
    ]
    return snapshot_of(index, project, packages)


def test_the_route_to_a_transitive_package() -> None:
    snapshot = chain()
    package = snapshot.resolution.by_name[canonicalize_name("c")]

    assert [step.name for step in snapshot.route_to(package.name)] == ["a", "b", "c"]
    assert snapshot.title_of(package) == "c 1 (pulled in by a → b)"
    assert snapshot.place_of(package) == Location(path="requirements.txt", line=2)


def test_a_direct_package_is_its_own_route() -> None:
    snapshot = chain()
    package = snapshot.resolution.by_name[canonicalize_name("a")]

    assert [step.name for step in snapshot.route_to(package.name)] == ["a"]
    assert snapshot.title_of(package) == "a 1"


def test_a_package_that_nothing_resolved_leads_to() -> None:
    snapshot = chain()
    package = snapshot.resolution.by_name[canonicalize_name("d")]

    assert snapshot.title_of(package) == "d 1"
    assert snapshot.place_of(package) is None
    assert snapshot.route_to(canonicalize_name("absent")) == ()
