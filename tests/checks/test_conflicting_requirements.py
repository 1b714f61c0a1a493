"""`conflicting-requirements` names who asks for what, and the one change that would do."""

from driftcheck.checks.conflicting_requirements import CHECK, find
from driftcheck.model.conflict_text import explain
from driftcheck.model.finding import Confidence, Evidence, Finding, Fix, Other, Severity
from driftcheck.model.gap import Gap
from driftcheck.model.location import Location
from driftcheck.model.project import Project
from driftcheck.model.resolution import Ask, Conflict
from driftcheck.model.snapshot import Snapshot
from tests.checks.snapshots import (
    Index,
    declaration,
    line_ask,
    lines,
    metadata,
    metadata_ask,
    project_of,
    resolved,
    snapshot_of,
)

FLASK_ASKS = metadata_ask("Werkzeug<2.1,>=2.0", "flask", "2.0.1")


def conflict_of(project: Project, *asks: Ask, line: int = 2, is_certain: bool = True) -> Snapshot:
    """Returns a snapshot in which a line for werkzeug, kept at 1.0.1, contradicts these wishes."""
    index = Index()
    flask = index.add("flask", "2.0.1")
    for version in ("1.0.1", "2.0.0", "2.0.3", "2.1.0"):
        index.add("werkzeug", version)
    own = tuple(line_ask(d) for d in project.declarations if d.name == "werkzeug")
    werkzeug = resolved(index, project, "werkzeug", "1.0.1")
    conflict = Conflict(package=werkzeug.name, asks=(*own, *asks), kept=werkzeug.version)
    core = metadata("flask", str(flask.version), is_certain=is_certain)
    packages = [resolved(index, project, "flask", "2.0.1", core=core), werkzeug]
    return snapshot_of(index, project, packages, conflicts=[conflict])


def found_in(snapshot: Snapshot) -> list[Finding]:
    return [found for found in find(snapshot) if isinstance(found, Finding)]


def test_a_pin_that_contradicts_a_dependency() -> None:
    project = lines("flask==2.0.1", "werkzeug==1.0.1")
    snapshot = conflict_of(project, FLASK_ASKS)
    (conflict,) = snapshot.resolution.conflicts

    assert list(find(snapshot)) == [
        CHECK.finding(
            package=conflict.package,
            version="1.0.1",
            message=explain(conflict),
            location=Location(path="requirements.txt", line=2),
            evidence=(
                Evidence(file="requirements.txt", line=2, text="werkzeug==1.0.1"),
                Evidence(file="flask 2.0.1 METADATA", line=None, text="Requires-Dist: Werkzeug<2.1,>=2.0"),
            ),
            conflicts_with=Other(package=project.requirements[0].name or conflict.package, version="2.0.1"),
            fixes=(Fix(package=conflict.package, specifier="==2.0.0"),),
            subject="==1.0.1 flask<2.1,>=2.0",
        )
    ]


def test_the_text_names_both_parties() -> None:
    snapshot = conflict_of(lines("flask==2.0.1", "werkzeug==1.0.1"), FLASK_ASKS)
    (finding,) = found_in(snapshot)

    for part in ("werkzeug", "requirements.txt:2", "==1.0.1", "flask 2.0.1", "<2.1,>=2.0"):
        assert part in finding.message


def test_no_fix_where_the_others_disagree_among_themselves() -> None:
    project = lines("flask==2.0.1", "werkzeug==1.0.1")
    (finding,) = found_in(conflict_of(project, FLASK_ASKS, metadata_ask("werkzeug>=2.1", "dash", "2")))

    assert finding.fixes == ()


def test_no_fix_where_two_lines_contradict_each_other() -> None:
    project = project_of(
        declaration("flask==2.0.1"),
        declaration("werkzeug==1.0.1", 2),
        declaration("werkzeug>=2", is_constraint=True),
    )
    (finding,) = found_in(conflict_of(project))

    assert (finding.fixes, finding.conflicts_with) == ((), None)


def test_a_range_moves_to_the_nearest_release_that_suits_the_others() -> None:
    (finding,) = found_in(conflict_of(lines("flask==2.0.1", "werkzeug<2"), FLASK_ASKS))

    assert [fix.specifier for fix in finding.fixes] == ["==2.0.0"]
    assert finding.version is None


def test_without_dependencies_it_is_a_warning() -> None:
    project = project_of(
        declaration("flask==2.0.1"), declaration("werkzeug==1.0.1", 2), installs_dependencies=False
    )
    (finding,) = found_in(conflict_of(project, FLASK_ASKS))

    assert finding.severity is Severity.WARNING


def test_two_lines_contradict_each_other_even_without_dependencies() -> None:
    project = project_of(
        declaration("flask==2.0.1"),
        declaration("werkzeug==1.0.1", 2),
        declaration("werkzeug==2.0.0", 3),
        installs_dependencies=False,
    )
    (finding,) = found_in(conflict_of(project))

    assert finding.severity is Severity.ERROR


def test_what_an_sdist_says_is_less_certain() -> None:
    project = lines("flask==2.0.1", "werkzeug==1.0.1")
    (finding,) = found_in(conflict_of(project, FLASK_ASKS, is_certain=False))

    assert finding.confidence is Confidence.MEDIUM


def test_the_fingerprint_stays_when_lines_move() -> None:
    here = lines("flask==2.0.1", "werkzeug==1.0.1")
    moved = project_of(declaration("flask==2.0.1", 7), declaration("werkzeug==1.0.1", 9))
    (one,) = found_in(conflict_of(here, FLASK_ASKS))
    (other,) = found_in(conflict_of(moved, FLASK_ASKS))

    assert one.fingerprint == other.fingerprint


def test_silent_where_everything_fits() -> None:
    index, project = Index(), lines("flask==2.0.1")
    index.add("flask", "2.0.1")

    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "2.0.1")]))) == []


def unheeded(*requires: str, installs_dependencies: bool = False) -> Snapshot:
    """Returns a snapshot of flask beside werkzeug 1.0.1, which the resolver did not compare."""
    index = Index()
    project = project_of(
        declaration("flask==2.0.1"),
        declaration("werkzeug==1.0.1", 2),
        installs_dependencies=installs_dependencies,
    )
    for name, version in (
        ("flask", "2.0.1"),
        ("werkzeug", "1.0.1"),
        ("werkzeug", "1.0.2"),
        ("werkzeug", "2.0.3"),
    ):
        index.add(name, version)
    core = metadata("flask", "2.0.1", *requires)
    packages = [
        resolved(index, project, "flask", "2.0.1", core=core),
        resolved(index, project, "werkzeug", "1.0.1"),
    ]
    return snapshot_of(index, project, packages)


def test_what_metadata_asks_for_in_vain_without_dependencies() -> None:
    (finding,) = find(unheeded("Werkzeug>=2.0"))

    assert isinstance(finding, Finding)
    assert finding.severity is Severity.WARNING
    assert finding.location == Location(path="requirements.txt", line=2)
    assert [shown.text for shown in finding.evidence] == ["werkzeug==1.0.1", "Requires-Dist: Werkzeug>=2.0"]
    assert [fix.specifier for fix in finding.fixes] == ["==2.0.3"]


def test_malformed_metadata_is_a_gap_without_dependencies() -> None:
    (gap,) = find(unheeded("?!"))

    assert isinstance(gap, Gap)


def test_silent_where_metadata_is_content_or_the_resolver_has_looked() -> None:
    assert list(find(unheeded("Werkzeug>=1.0", "absent>=1"))) == []
    assert list(find(unheeded("Werkzeug>=2.0", installs_dependencies=True))) == []
