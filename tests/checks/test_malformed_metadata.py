"""`malformed-metadata` names releases that today's pip refuses for a requirement in their metadata."""

from dataclasses import replace

from driftcheck.checks.malformed_metadata import CHECK, find
from driftcheck.model.finding import Evidence
from driftcheck.model.location import Location
from tests.checks.snapshots import Index, lines, resolved, snapshot_of


def test_a_pin_with_a_requirement_that_pip_refuses() -> None:
    index, project = Index(), lines("pytorch-lightning==1.7.7")
    release = index.add("pytorch-lightning", "1.7.7")
    package = replace(
        resolved(index, project, "pytorch-lightning", "1.7.7"), refused_requirement="torch (>=1.9.*)"
    )

    assert list(find(snapshot_of(index, project, [package]))) == [
        CHECK.finding(
            package=release.name,
            version="1.7.7",
            message=(
                "pytorch-lightning 1.7.7 requires 'torch (>=1.9.*)', which is no valid requirement: "
                "pip 24.1 and later refuse to install it"
            ),
            location=Location(path="requirements.txt", line=1),
            evidence=(
                Evidence(
                    file="pytorch-lightning 1.7.7 METADATA", line=None, text="Requires-Dist: torch (>=1.9.*)"
                ),
            ),
        )
    ]


def test_valid_metadata_is_left_alone() -> None:
    index, project = Index(), lines("flask==1.0")
    index.add("flask", "1.0")
    assert list(find(snapshot_of(index, project, [resolved(index, project, "flask", "1.0")]))) == []
