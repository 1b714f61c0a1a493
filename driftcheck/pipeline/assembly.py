"""Put what was found on every unit into one report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from packaging.utils import canonicalize_name

from driftcheck.checks import CheckOutcome
from driftcheck.model.finding import Finding
from driftcheck.model.gap import Gap
from driftcheck.model.report import Coverage, PackageRow, Report
from driftcheck.model.resolution import ResolvedPackage
from driftcheck.model.settings import Settings
from driftcheck.model.snapshot import Snapshot
from driftcheck.model.target import Target, name_targets


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedUnit:
    """A snapshot and what the checks said of it."""

    snapshot: Snapshot
    outcome: CheckOutcome


def assemble(
    checked: tuple[CheckedUnit, ...],
    *,
    index_gaps: Iterable[Gap],
    settings: Settings,
    as_of: datetime,
    version: str,
) -> Report:
    """Merge units into a report; a finding that holds on several targets is one finding."""
    targets = tuple(dict.fromkeys(unit.snapshot.target for unit in checked))
    found = merged_findings(checked, targets)
    found = [f for f in found if f.confidence.rank <= settings.min_confidence.rank]
    suppressed = tuple(f for f in found if is_ignored(f, settings.ignore))
    projects = {id(unit.snapshot.project): unit.snapshot.project for unit in checked}
    not_run: dict[str, str] = {}
    for unit in checked:
        not_run.update(unit.outcome.not_run)
    ran = {name for unit in checked for name in unit.outcome.ran}
    return Report(
        version=version,
        as_of=as_of,
        targets=targets,
        inputs=tuple(entry for project in projects.values() for entry in project.inputs),
        coverage=coverage(checked, index_gaps),
        packages=package_rows(checked),
        findings=tuple(f for f in found if not is_ignored(f, settings.ignore)),
        suppressed=suppressed,
        checks_run=tuple(sorted(ran)),
        checks_not_run=dict(sorted(not_run.items())),
    )


def merged_findings(checked: Iterable[CheckedUnit], targets: tuple[Target, ...]) -> list[Finding]:
    """Join what is the same finding on several targets, sorted worst first; no fingerprint comes twice.

    A fingerprint is what a baseline knows a finding by, so one cause is one finding, also where its words
    differ from target to target. Where the target is part of the cause, it is in the fingerprint.
    """
    positions = {target: position for position, target in enumerate(targets)}
    grouped: dict[str, dict[str, Finding]] = {}
    for unit in checked:
        position = positions[unit.snapshot.target]
        for finding in unit.outcome.findings:
            group = grouped.setdefault(finding.fingerprint, {})
            known = group.get(finding.message, finding)
            group[finding.message] = replace(known, targets=tuple(sorted({*known.targets, position})))
    joined = (_joined(tuple(group.values()), targets) for group in grouped.values())
    return sorted(joined, key=lambda finding: finding.sort_key)


def _joined(found: tuple[Finding, ...], targets: tuple[Target, ...]) -> Finding:
    """Make one finding of several with one fingerprint: what all say, then what is said of each target."""
    if len(found) == 1:
        return found[0]
    found = tuple(sorted(found, key=lambda finding: (finding.targets, finding.message)))
    clauses = [finding.message.split("; ") for finding in found]
    same = 0
    while all(len(each) > same and each[same] == clauses[0][same] for each in clauses):
        same += 1
    rest = ["; ".join(each[same:]) for each in clauses]
    if len({finding.targets for finding in found}) > 1:
        names = [name_targets(targets[position] for position in finding.targets) for finding in found]
        rest = [f"on {name}: {text}" if text else "" for name, text in zip(names, rest, strict=True)]
    worst = min(found, key=lambda finding: finding.severity.rank)
    return replace(
        worst,
        message="; ".join([*clauses[0][:same], *filter(None, rest)]),
        confidence=min((finding.confidence for finding in found), key=lambda confidence: confidence.rank),
        evidence=tuple(dict.fromkeys(piece for finding in found for piece in finding.evidence)),
        fixes=tuple(fix for fix in found[0].fixes if all(fix in finding.fixes for finding in found)),
        targets=tuple(sorted({position for finding in found for position in finding.targets})),
    )


def is_ignored(finding: Finding, ignore: tuple[str, ...]) -> bool:
    """Whether `--ignore CHECK` or `--ignore CHECK:package` names the finding."""
    for entry in ignore:
        check, _, package = entry.partition(":")
        if check == finding.check and (not package or canonicalize_name(package) == finding.package):
            return True
    return False


def coverage(checked: Iterable[CheckedUnit], index_gaps: Iterable[Gap]) -> Coverage:
    """Count the packages that the inputs bring, and those of them with a gap."""
    packages: set[tuple[str, str]] = set()
    unchecked: set[tuple[str, str]] = set()
    gaps: set[Gap] = set(index_gaps)
    for unit in checked:
        project, resolution = unit.snapshot.project, unit.snapshot.resolution
        own = {*project.gaps, *unit.snapshot.gaps, *unit.outcome.gaps}
        lost = {(project.name, gap.subject) for gap in own if gap.is_package}
        packages |= {(project.name, package.name) for package in resolution.packages}
        packages |= {(project.name, miss.ask.package) for miss in resolution.misses}
        packages |= lost
        unchecked |= lost
        gaps |= own
    return Coverage(
        packages=len(packages),
        checked=len(packages) - len(unchecked),
        gaps=tuple(sorted(gaps, key=lambda gap: gap.sort_key)),
    )


def package_rows(checked: Iterable[CheckedUnit]) -> tuple[PackageRow, ...]:
    """List every resolved package once per version, sorted by name, then version."""
    rows: dict[tuple[str, str], PackageRow] = {}
    for unit in checked:
        for package in unit.snapshot.resolution.packages:
            row = package_row(package, unit.snapshot)
            known = rows.get((row.name, row.version))
            rows[row.name, row.version] = row if known is None else joined_rows(known, row)
    return tuple(rows[key] for key in sorted(rows))


def package_row(package: ResolvedPackage, snapshot: Snapshot) -> PackageRow:
    """Say of one package what every reporter lists."""
    drift = snapshot.drift.get(package.name)
    latest = drift.latest if drift else None
    compatible = drift.latest_compatible if drift else None
    return PackageRow(
        name=package.name,
        version=str(package.version),
        direct=package.is_direct,
        pinned=package.pin_declaration is not None,
        required_by=package.required_by,
        latest=str(latest.version) if latest else None,
        latest_compatible=str(compatible.version) if compatible else None,
        released=package.release.uploaded,
        libyears=round(drift.libyears, 1) if drift and drift.libyears is not None else None,
    )


def joined_rows(one: PackageRow, other: PackageRow) -> PackageRow:
    """Join the rows of one release on two units: direct or pinned anywhere, required by all together."""
    return replace(
        one,
        direct=one.direct or other.direct,
        pinned=one.pinned or other.pinned,
        required_by=tuple(sorted({*one.required_by, *other.required_by})),
    )
