"""`invalid-requirement` names each line that can't be understood."""

from dataclasses import replace

from driftcheck.checks.invalid_requirement import CHECK, find
from driftcheck.model.finding import Evidence, Severity
from driftcheck.model.location import Location
from driftcheck.model.project import Fault
from tests.checks.snapshots import Index, lines, snapshot_of

FAULT = Fault(
    location=Location(path="requirements.txt", line=3),
    text="flask = 1.1.2",
    message="expected a version specifier such as ==1.1.2, found '='",
)


def test_a_line_that_can_not_be_understood() -> None:
    project = replace(lines(), faults=(FAULT,))

    assert list(find(snapshot_of(Index(), project))) == [
        CHECK.finding(
            severity=Severity.ERROR,
            message="this line can't be used: expected a version specifier such as ==1.1.2, found '='",
            location=FAULT.location,
            evidence=(Evidence(file="requirements.txt", line=3, text="flask = 1.1.2"),),
            subject="flask = 1.1.2",
        )
    ]


def test_two_faults_differ_by_their_text_and_not_by_their_line() -> None:
    moved = replace(FAULT, location=Location(path="requirements.txt", line=9))
    other = replace(FAULT, text="flask = 1.1.3")
    faults = (FAULT, moved, other)
    project = replace(lines(), faults=faults)
    first, second, third = (finding.fingerprint for finding in find(snapshot_of(Index(), project)))

    assert first == second != third


def test_silent_where_every_line_is_understood() -> None:
    assert list(find(snapshot_of(Index(), lines("flask==1.1.2")))) == []
