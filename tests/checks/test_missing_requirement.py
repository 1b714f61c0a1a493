"""`missing-requirement` names what a set lacks that claims to be complete."""

import pytest

from driftcheck.checks.missing_requirement import CHECK, find
from driftcheck.model.finding import Confidence, Evidence, Finding, Fix, Severity
from driftcheck.model.gap import Gap
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration
from driftcheck.model.requirement_source import FromFolder
from driftcheck.model.snapshot import Snapshot
from tests.checks.snapshots import (
    Index,
    declaration,
    digest_of,
    metadata,
    metadata_ask,
    project_of,
    resolved,
    snapshot_of,
)

DIGEST = digest_of("jinja2-3.1.4-py3-none-any.whl")
JINJA2 = declaration("jinja2==3.1.4", 3, hashes=[DIGEST])


def hashed(*others: Declaration, wish: str = "MarkupSafe>=2.0", version: str = "2.1.5") -> Snapshot:
    """Returns a snapshot of jinja2 with a hash, of which the resolver took along what it asks for."""
    index, project = Index(), project_of(JINJA2, *others, claims_complete=True)
    index.add("jinja2", "3.1.4")
    ask = metadata_ask(wish, "jinja2", "3.1.4", 3)
    index.add(ask.package, version)
    packages = [
        resolved(index, project, "jinja2", "3.1.4"),
        resolved(index, project, ask.package, version, ask),
    ]
    return snapshot_of(index, project, packages)


def without_dependencies(
    *requires: str, text: str = "jinja2==3.1.4", extras: tuple[str, ...] = ()
) -> Snapshot:
    """Returns a snapshot of jinja2 alone, under `--no-deps`."""
    index = Index()
    project = project_of(declaration(text), claims_complete=True, installs_dependencies=False)
    index.add("jinja2", "3.1.4")
    core = metadata("jinja2", "3.1.4", *requires)
    package = resolved(index, project, "jinja2", "3.1.4", core=core, extras=extras)
    return snapshot_of(index, project, [package])


def test_pip_refuses_what_has_no_hash() -> None:
    snapshot = hashed()
    markupsafe = snapshot.resolution.packages[1]

    assert list(find(snapshot)) == [
        CHECK.finding(
            package=markupsafe.name,
            severity=Severity.ERROR,
            message=(
                "no line provides markupsafe, which jinja2 3.1.4 requires (>=2.0); "
                "pip would take markupsafe 2.1.5 and refuse it because it has no hash"
            ),
            location=Location(path="requirements.txt", line=3),
            evidence=(
                Evidence(file="jinja2 3.1.4 METADATA", line=None, text="Requires-Dist: MarkupSafe>=2.0"),
            ),
            fixes=(Fix(package=markupsafe.name, specifier="==2.1.5"),),
        )
    ]


def test_without_dependencies_it_will_be_absent() -> None:
    (finding,) = find(without_dependencies("MarkupSafe>=2.0"))

    assert isinstance(finding, Finding)
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "no line provides markupsafe, which jinja2 3.1.4 requires (>=2.0), so it will be absent"
    )


@pytest.mark.parametrize(
    "requirement,extras,fires",
    [
        ("MarkupSafe ; python_version < '3'", (), False),
        ("MarkupSafe ; python_version >= '3'", (), True),
        ("Babel>=2.7 ; extra == 'i18n'", (), False),
        ("Babel>=2.7 ; extra == 'i18n'", ("i18n",), True),
        ("Babel>=2.7 ; extra == 'i18n'", ("other",), False),
        ("jinja2[i18n]", (), False),
    ],
)
def test_markers_and_extras_count(requirement: str, extras: tuple[str, ...], fires: bool) -> None:
    assert bool(list(find(without_dependencies(requirement, extras=extras)))) is fires


def test_several_that_need_the_same() -> None:
    index, project = Index(), project_of(claims_complete=True, installs_dependencies=False)
    packages = []
    for name in ("aiohttp", "flask", "quart", "wtforms"):
        index.add(name, "1.0")
        core = metadata(name, "1.0", "MarkupSafe")
        packages.append(resolved(index, project, name, "1.0", core=core))
    index.add("markupsafe", "2.1.5")
    (finding,) = find(snapshot_of(index, project, packages))

    assert isinstance(finding, Finding)
    assert finding.message == (
        "no line provides markupsafe, which aiohttp 1.0, flask 1.0 and 2 others require, "
        "so it will be absent; markupsafe 2.1.5 would fit"
    )


@pytest.mark.parametrize("name", ["pip", "setuptools", "wheel"])
def test_what_an_environment_often_has_is_a_warning(name: str) -> None:
    (finding,) = find(hashed(wish=name))

    assert isinstance(finding, Finding)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.MEDIUM)
    assert finding.message == (
        f"no line provides {name}, which jinja2 3.1.4 requires; it must be in the environment already"
    )


def test_a_folder_may_provide_it() -> None:
    folder = declaration("-e .", 4, name=None, source=FromFolder(path=".", is_editable=True))
    (finding,) = find(hashed(folder))

    assert isinstance(finding, Finding)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.MEDIUM)


@pytest.mark.parametrize(
    "requirement", ["?!", "x ; python_version ~~ '3'", "x" * 9000 + " ?", "x ; foo == 'a'"]
)
def test_metadata_that_can_not_be_understood_is_a_gap(requirement: str) -> None:
    (gap,) = find(without_dependencies(requirement))

    assert isinstance(gap, Gap)
    assert gap.reason.startswith(f"Requires-Dist: {requirement[:200]} ")


def test_silent_where_a_line_provides_it() -> None:
    assert list(find(hashed(declaration("markupsafe==2.1.5", 4, hashes=[DIGEST])))) == []


def test_silent_where_a_constraint_with_a_hash_provides_it() -> None:
    constraint = declaration("markupsafe==2.1.5", hashes=[DIGEST], is_constraint=True)

    assert list(find(hashed(constraint))) == []


def test_a_constraint_without_a_hash_does_not() -> None:
    assert len(list(find(hashed(declaration("markupsafe==2.1.5", is_constraint=True))))) == 1


def test_silent_where_the_input_does_not_claim_to_be_complete() -> None:
    index, project = Index(), project_of(declaration("jinja2==3.1.4"))
    index.add("jinja2", "3.1.4")
    index.add("markupsafe", "2.1.5")
    packages = [
        resolved(index, project, "jinja2", "3.1.4"),
        resolved(index, project, "markupsafe", "2.1.5", metadata_ask("MarkupSafe", "jinja2", "3.1.4")),
    ]

    assert list(find(snapshot_of(index, project, packages))) == []
