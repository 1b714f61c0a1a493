"""How several environments and targets become one report."""

from dataclasses import replace

from packaging.utils import canonicalize_name

from driftcheck.checks import CheckOutcome
from driftcheck.model.finding import Confidence, Finding, Fix, Severity
from driftcheck.model.gap import Gap, Step
from driftcheck.model.location import Location
from driftcheck.model.report import Report
from driftcheck.model.settings import Settings
from driftcheck.pipeline.assembly import CheckedUnit, assemble
from driftcheck.resolver.target import make_target
from tests.checks.snapshots import AS_OF, TARGET, Index, lines, resolved, snapshot_of

OTHER_TARGET = make_target("3.12", "macos")


def finding(
    message: str, *, check: str = "yanked-release", confidence: Confidence = Confidence.HIGH
) -> Finding:
    return Finding(
        check=check,
        severity=Severity.WARNING,
        confidence=confidence,
        package=lines("flask==1.1.2").declarations[0].name,
        version="1.1.2",
        message=message,
        location=Location(path="requirements.txt", line=1),
    )


def unit(*findings: Finding, gaps: tuple[Gap, ...] = (), on_other_target: bool = False) -> CheckedUnit:
    index = Index()
    index.add("flask", "1.1.2")
    project = lines("flask==1.1.2")
    snapshot = snapshot_of(index, project, [resolved(index, project, "flask", "1.1.2")])
    if on_other_target:
        resolution = replace(snapshot.resolution, target=OTHER_TARGET)
        snapshot = replace(snapshot, target=OTHER_TARGET, resolution=resolution)
    return CheckedUnit(
        snapshot=snapshot, outcome=CheckOutcome(findings=findings, gaps=gaps, ran=("yanked-release",))
    )


def report(*units: CheckedUnit, settings: Settings | None = None) -> Report:
    return assemble(units, index_gaps=(), settings=settings or Settings(inputs=()), as_of=AS_OF, version="0")


def test_one_finding_on_two_targets_is_one_finding() -> None:
    made = report(unit(finding("yanked")), unit(finding("yanked"), on_other_target=True))
    assert made.targets == (TARGET, OTHER_TARGET)
    assert [f.targets for f in made.findings] == [(0, 1)]


def test_one_cause_is_one_finding_whatever_is_said_on_each_target() -> None:
    made = report(
        unit(finding("it is yanked; take 2")), unit(finding("it is yanked; take 3"), on_other_target=True)
    )
    assert [(f.message, f.targets) for f in made.findings] == [
        (f"it is yanked; on {TARGET}: take 2; on {OTHER_TARGET}: take 3", (0, 1))
    ]


def test_only_fixes_that_hold_on_every_target_are_proposed() -> None:
    fixes = [Fix(package=canonicalize_name("flask"), specifier=f"=={number}") for number in (1, 2, 3)]
    first = replace(finding("a"), fixes=(fixes[0], fixes[1]))
    second = replace(finding("b"), fixes=(fixes[1], fixes[2]))
    made = report(unit(first), unit(second, on_other_target=True))
    assert [f.fixes for f in made.findings] == [(fixes[1],)]


def test_a_package_is_listed_once_for_all_targets() -> None:
    made = report(unit(), unit(on_other_target=True))
    assert [(row.name, row.version, row.direct, row.pinned) for row in made.packages] == [
        ("flask", "1.1.2", True, True)
    ]


def test_ignored_findings_are_kept_as_suppressed() -> None:
    found = (finding("a"), finding("b", check="missing-wheel"))
    for ignore in ("yanked-release", "yanked-release:Flask"):
        made = report(unit(*found), settings=Settings(inputs=(), ignore=(ignore,)))
        assert [f.check for f in made.findings] == ["missing-wheel"]
        assert [f.check for f in made.suppressed] == ["yanked-release"]
    made = report(unit(*found), settings=Settings(inputs=(), ignore=("yanked-release:django",)))
    assert len(made.findings) == 2


def test_less_sure_findings_are_left_out_on_request() -> None:
    found = (finding("a"), finding("b", check="missing-wheel", confidence=Confidence.LOW))
    made = report(unit(*found), settings=Settings(inputs=(), min_confidence=Confidence.MEDIUM))
    assert [f.message for f in made.findings] == ["a"]


def test_a_package_with_a_gap_is_not_counted_as_checked() -> None:
    gap = Gap(subject="flask", step=Step.RESOLVE, reason="its metadata can't be read", is_package=True)
    index_gap = Gap(subject="https://index.example/simple/", step=Step.RESOLVE, reason="it did not answer")
    made = assemble(
        (unit(gaps=(gap,)),),
        index_gaps=(index_gap, index_gap),
        settings=Settings(inputs=()),
        as_of=AS_OF,
        version="0",
    )
    assert (made.coverage.packages, made.coverage.checked) == (1, 0)
    assert made.coverage.gaps == (gap, index_gap)
