"""`hash-mismatch` names the lines that pip refuses for their hashes, and says where it can't tell."""

from driftcheck.checks.hash_mismatch import CHECK, find
from driftcheck.model.finding import Evidence, Finding
from driftcheck.model.gap import Gap, Step
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration
from driftcheck.model.requirement_source import FromArchive, FromVcs
from driftcheck.model.snapshot import Snapshot
from tests.checks.snapshots import (
    TARGET,
    File,
    Index,
    declaration,
    digest_of,
    project_of,
    resolved,
    snapshot_of,
    wheel,
)

PURE = "flask-1.1.2-py3-none-any.whl"
WINDOWS = "flask-1.1.2-cp39-cp39-win_amd64.whl"


def flask(*files: File, lines: tuple[Declaration, ...]) -> Snapshot:
    index, project = Index(), project_of(*lines)
    index.add("flask", "1.1.2", *files)
    return snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")])


def test_a_hash_that_no_file_has() -> None:
    line = declaration("flask==1.1.2", hashes=["0" * 64])
    snapshot = flask(wheel(), lines=(line,))

    assert list(find(snapshot)) == [
        CHECK.finding(
            package=line.name,
            version="1.1.2",
            message=(
                "no file of flask 1.1.2 on the index has a hash that this line lists, so pip refuses it"
            ),
            location=Location(path="requirements.txt", line=1),
            evidence=(
                Evidence(file="requirements.txt", line=1, text="flask==1.1.2"),
                Evidence(file=PURE, line=None, text=f"sha256:{digest_of(PURE)}"),
            ),
            subject="no file",
        )
    ]


def test_hashes_of_files_for_another_target() -> None:
    line = declaration("flask==1.1.2", hashes=[digest_of(WINDOWS)])
    (finding,) = find(flask(wheel("cp39-cp39-win_amd64"), wheel(), lines=(line,)))

    assert isinstance(finding, Finding)
    assert finding.message == (
        "the hashes of flask 1.1.2 belong to files that do not install on "
        f"Python 3.9.18 on x86_64-manylinux_2_28 (e.g. {WINDOWS}); pip would take {PURE} and refuse it"
    )
    assert finding.subject == f"other target {TARGET.kind}"


def test_one_fitting_hash_of_several_is_enough() -> None:
    line = declaration("flask==1.1.2", hashes=["0" * 64, digest_of(PURE)])

    assert list(find(flask(wheel("cp39-cp39-win_amd64"), wheel(), lines=(line,)))) == []


def test_an_index_without_hashes_leaves_a_gap() -> None:
    line = declaration("flask==1.1.2", hashes=["0" * 64])

    assert list(find(flask(wheel(hashes={}), lines=(line,)))) == [
        Gap(
            subject="flask",
            step=Step.CHECK,
            reason=f"the index reports no hash for {PURE} to compare the line's with",
            location=Location(path="requirements.txt", line=1),
        )
    ]


def test_a_hash_of_another_kind_leaves_a_gap() -> None:
    line = declaration("flask==1.1.2", hashes=["0" * 64])
    (gap,) = find(flask(wheel(hashes={"sha512": "1" * 128}), lines=(line,)))

    assert isinstance(gap, Gap)


def test_what_installs_nowhere_here_is_for_another_check() -> None:
    line = declaration("flask==1.1.2", hashes=[digest_of(WINDOWS)])

    assert list(find(flask(wheel("cp39-cp39-win_amd64"), lines=(line,)))) == []


def test_the_hashes_of_a_constraint_are_looked_at_too() -> None:
    constraint = declaration("flask==1.1.2", hashes=["0" * 64], is_constraint=True)
    (finding,) = find(flask(wheel(), lines=(declaration("flask"), constraint)))

    assert finding.location == Location(path="constraints.txt", line=1)


def test_a_line_without_a_hash_among_others_with_one() -> None:
    hashed = declaration("flask==1.1.2", hashes=[digest_of(PURE)])
    (finding,) = find(flask(wheel(), lines=(hashed, declaration("jinja2==3.1.4", 2))))

    assert isinstance(finding, Finding)
    assert finding.message == ("jinja2 has no hash, and pip asks it of every line once one has it")
    assert (finding.version, finding.location) == ("3.1.4", Location(path="requirements.txt", line=2))


def test_a_repository_among_lines_with_hashes() -> None:
    hashed = declaration("flask==1.1.2", hashes=[digest_of(PURE)])
    repository = declaration("jinja2", 2, source=FromVcs(url="git+https://git.example/jinja2"))
    (finding,) = find(flask(wheel(), lines=(hashed, repository)))

    assert isinstance(finding, Finding)
    assert finding.message == (
        "jinja2 is not an archive, so it can't have a hash, and pip asks it of every line once one has it"
    )


def test_an_archive_without_a_hash_among_lines_with_hashes() -> None:
    hashed = declaration("flask==1.1.2", hashes=[digest_of(PURE)])
    archive = declaration("x-1.zip", 2, name=None, source=FromArchive(url="https://files.example/x-1.zip"))
    (finding,) = find(flask(wheel(), lines=(hashed, archive)))

    assert isinstance(finding, Finding)
    assert finding.message == "x-1.zip has no hash, and pip asks it of every line once one has it"


def test_require_hashes_asks_it_of_every_line() -> None:
    project = project_of(declaration("flask==1.1.2"), requires_hashes=True)

    assert len(list(find(snapshot_of(Index(), project)))) == 1


def test_silent_where_missing_hashes_are_accepted() -> None:
    hashed = declaration("flask==1.1.2", hashes=["0" * 64])
    project = project_of(hashed, declaration("jinja2==3.1.4", 2), requires_hashes=False)

    assert list(find(snapshot_of(Index(), project))) == []


def test_silent_where_a_constraint_brings_the_hash() -> None:
    hashed = declaration("jinja2==3.1.4", hashes=["0" * 64])
    constraint = declaration("flask==1.1.2", hashes=[digest_of(PURE)], is_constraint=True)

    assert list(find(flask(wheel(), lines=(hashed, declaration("flask", 2), constraint)))) == []


def test_silent_without_hashes() -> None:
    assert list(find(flask(wheel(), lines=(declaration("flask==1.1.2"),)))) == []
