"""Running the rules: what lacks its facts is named, what raises does not silence the others."""

from collections.abc import Iterator
from dataclasses import replace

from driftcheck.checks import all_checks, check_names, explain_text, load_check, run_checks
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Finding, Severity
from driftcheck.model.gap import Gap, Step
from driftcheck.model.project import Fault
from driftcheck.model.resolution import Miss, MissReason
from driftcheck.model.snapshot import Snapshot
from tests.checks.snapshots import Index, line_ask, lines, resolved, snapshot_of

NAMES = (
    "conflicting-requirements",
    "hash-mismatch",
    "inactive-project",
    "invalid-requirement",
    "malformed-metadata",
    "missing-release",
    "missing-requirement",
    "missing-wheel",
    "outdated-release",
    "unpinned-requirement",
    "unsupported-python",
    "yanked-release",
)


def outdated() -> Snapshot:
    """Returns a snapshot on which one check has something to say."""
    index, project = Index(), lines("flask==1.1.2", "click==8")
    for name, version in (("flask", "1.1.2"), ("flask", "3.0"), ("click", "8"), ("click", "9")):
        index.add(name, version)
    packages = [resolved(index, project, "flask", "1.1.2"), resolved(index, project, "click", "8")]
    return snapshot_of(index, project, packages)


def test_every_rule_is_found_by_its_name() -> None:
    assert tuple(all_checks()) == check_names() == NAMES
    assert load_check("yanked-release") is all_checks()["yanked-release"]


def test_findings_are_sorted_and_the_same_every_time() -> None:
    first, second = (run_checks(outdated(), all_checks()) for _ in range(2))

    assert first == second
    assert [finding.package for finding in first.findings] == ["click", "flask"]
    assert first.ran == NAMES
    assert (first.gaps, first.not_run, first.crashed) == ((), {}, ())


def test_only_the_chosen_checks_run() -> None:
    outcome = run_checks(outdated(), {"yanked-release": load_check("yanked-release")})

    assert (outcome.findings, outcome.ran) == ((), ("yanked-release",))


def test_a_check_that_raises_is_a_gap_and_the_others_still_speak() -> None:
    def find(_snapshot: Snapshot) -> Iterator[Finding]:
        yield broken.finding(message="said before it broke")
        raise ZeroDivisionError("oh")

    broken = Check(
        name="broken", summary="breaks", severity=Severity.NOTE, needs=frozenset({Need.INPUT}), find=find
    )
    outcome = run_checks(outdated(), {"broken": broken, **all_checks()})

    assert [finding.check for finding in outcome.findings] == ["outdated-release", "outdated-release"]
    assert outcome.gaps == (
        Gap(
            subject="broken",
            step=Step.CHECK,
            reason="the check itself failed (ZeroDivisionError: oh); this is a bug in driftcheck",
        ),
    )
    ((name, text),) = outcome.crashed
    assert name == "broken"
    assert text.startswith("Traceback")
    assert "broken" not in outcome.ran


def test_without_any_answer_of_an_index_only_the_input_is_judged() -> None:
    fault = Fault(location=lines("x").declarations[0].location, text="?", message="expected a name")
    project = replace(lines("flask"), faults=(fault,))
    outcome = run_checks(snapshot_of(Index(), project), all_checks())

    assert outcome.ran == ("invalid-requirement", "unpinned-requirement")
    assert [finding.check for finding in outcome.findings] == ["invalid-requirement", "unpinned-requirement"]
    assert outcome.not_run["missing-release"] == "no index answered for any package"


def test_an_index_that_knows_nothing_has_answered() -> None:
    project = lines("flsk")
    miss = Miss(ask=line_ask(project.declarations[0]), reason=MissReason.UNKNOWN_PROJECT)
    outcome = run_checks(snapshot_of(Index(), project, misses=[miss]), all_checks())

    assert outcome.not_run == {}


def test_without_any_metadata_its_checks_are_not_run() -> None:
    snapshot = outdated()
    blind = tuple(replace(package, metadata=None) for package in snapshot.resolution.packages)
    resolution = replace(snapshot.resolution, packages=blind, by_name={p.name: p for p in blind})
    outcome = run_checks(replace(snapshot, resolution=resolution), all_checks())

    blind_checks = ("malformed-metadata", "missing-requirement")
    assert outcome.not_run == dict.fromkeys(blind_checks, "no package's metadata could be read")


def test_an_explanation_is_the_page_in_plain_text() -> None:
    text = explain_text(load_check("yanked-release"))

    assert text.startswith("yanked-release (warning)\n========================\n\nA release")
    assert "\nWhat it looks for\n-----------------\n" in text
    assert "##" not in text
