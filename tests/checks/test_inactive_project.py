"""`inactive-project` names projects whose index or whose own metadata says that they have ended."""

import pytest

from driftcheck.checks.inactive_project import CHECK, find
from driftcheck.model.finding import Confidence, Evidence, Severity
from driftcheck.model.location import Location
from driftcheck.model.release import ProjectStatus
from tests.checks.snapshots import INDEX_URL, Index, lines, metadata, resolved, snapshot_of

INACTIVE = ["Development Status :: 7 - Inactive"]


def test_an_archived_project() -> None:
    index, project = Index(), lines("nose==1.3.7")
    release = index.add("nose", "1.3.7")
    index.project("nose", status=ProjectStatus.ARCHIVED, reason="use pytest")

    assert list(find(snapshot_of(index, project, [resolved(index, project, "nose", "1.3.7")]))) == [
        CHECK.finding(
            package=release.name,
            version="1.3.7",
            severity=Severity.WARNING,
            message=("nose 1.3.7 is archived: its maintainers expect no further release (use pytest)"),
            location=Location(path="requirements.txt", line=1),
            evidence=(
                Evidence(file=INDEX_URL, line=None, text="project-status: archived, reason: use pytest"),
            ),
            subject="archived",
        )
    ]


@pytest.mark.parametrize(
    "status,message",
    [
        (ProjectStatus.DEPRECATED, "nose 1.3.7 is deprecated: its maintainers advise against using it"),
        (ProjectStatus.QUARANTINED, "nose 1.3.7 is quarantined by the index: it may be malware"),
    ],
)
def test_other_statuses(status: ProjectStatus, message: str) -> None:
    index, project = Index(), lines("nose==1.3.7")
    index.add("nose", "1.3.7")
    index.project("nose", status=status)
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "nose", "1.3.7")]))

    assert finding.message == message


def test_the_classifier_is_a_note() -> None:
    index, project = Index(), lines("nose==1.3.7")
    index.add("nose", "1.3.7")
    core = metadata("nose", "1.3.7", classifiers=INACTIVE)
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "nose", "1.3.7", core=core)]))

    assert finding.message == "nose 1.3.7 says of itself that it is inactive"
    assert (finding.severity, finding.confidence) == (Severity.NOTE, Confidence.MEDIUM)
    assert finding.evidence == (
        Evidence(
            file="nose 1.3.7 METADATA", line=None, text="Classifier: Development Status :: 7 - Inactive"
        ),
    )


def test_the_status_of_the_index_outweighs_the_classifier() -> None:
    index, project = Index(), lines("nose==1.3.7")
    index.add("nose", "1.3.7")
    index.project("nose", status=ProjectStatus.ARCHIVED)
    core = metadata("nose", "1.3.7", classifiers=INACTIVE)
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "nose", "1.3.7", core=core)]))

    assert finding.severity is Severity.WARNING


def test_silent_for_an_active_project() -> None:
    index, project = Index(), lines("nose==1.3.7")
    index.add("nose", "1.3.7")
    core = metadata("nose", "1.3.7", classifiers=["Development Status :: 5 - Production/Stable"])

    assert (
        list(find(snapshot_of(index, project, [resolved(index, project, "nose", "1.3.7", core=core)]))) == []
    )
