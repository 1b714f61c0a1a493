"""The report for machines, schema 1: `docs/output/json-v1.md` says what every field means."""

from __future__ import annotations

from driftcheck.model.finding import BrokenCommand, BrokenImportName, Finding, Severity
from driftcheck.model.report import PackageRow, Report
from driftcheck.model.reporter import Reporter
from driftcheck.reporters._json_parts import gap_entries, instant
from driftcheck.support.exact_json import JsonValue, written

SCHEMA = 1


def render(report: Report, *, width: int, colour: bool, is_verbose: bool = False) -> str:  # noqa: ARG001
    """Return one JSON object; width, colour and verbosity change nothing."""
    return written(
        {
            "schema": SCHEMA,
            "tool": {"name": "driftcheck", "version": report.version},
            "as_of": instant(report.as_of),
            "targets": [
                {"python_version": str(t.python_version), "platform": t.platform, "tags": t.platform_tag}
                for t in report.targets
            ],
            "inputs": [
                {"path": i.path, "format": i.format, "requirements": i.requirements} for i in report.inputs
            ],
            "coverage": {
                "packages": report.coverage.packages,
                "checked": report.coverage.checked,
                "gaps": gap_entries(report.coverage.gaps),
            },
            "packages": [_package(row) for row in sorted(report.packages, key=lambda r: (r.name, r.version))],
            "findings": [_finding(f) for f in sorted(report.findings, key=lambda f: f.sort_key)],
            "suppressed": [_finding(f) for f in sorted(report.suppressed, key=lambda f: f.sort_key)],
            "summary": {severity.value: report.count(severity) for severity in Severity},
        }
    )


def _package(row: PackageRow) -> dict[str, JsonValue]:
    return {
        "name": row.name,
        "version": row.version,
        "direct": row.direct,
        "pinned": row.pinned,
        "required_by": sorted(row.required_by),
        "latest": row.latest,
        "latest_compatible": row.latest_compatible,
        "released": instant(row.released) if row.released else None,
        "libyears": None if row.libyears is None else round(row.libyears, 1),
    }


def _finding(finding: Finding) -> dict[str, JsonValue]:
    location, other = finding.location, finding.conflicts_with
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "package": finding.package,
        "version": finding.version,
        "message": finding.message,
        "location": {"path": location.path, "line": location.line} if location else None,
        "evidence": [{"file": e.file, "line": e.line, "text": e.text} for e in finding.evidence],
        "conflicts_with": {"package": other.package, "version": other.version} if other else None,
        "breaks": [_broken(b) for b in sorted(finding.breaks, key=_break_order)],
        "fixes": [{"package": fix.package, "specifier": fix.specifier} for fix in finding.fixes],
        "targets": sorted(finding.targets),
        "fingerprint": finding.fingerprint,
    }


def _broken(broken: BrokenImportName | BrokenCommand) -> dict[str, str]:
    if isinstance(broken, BrokenCommand):
        return {"command": broken.command, "package": broken.package}
    return {"import": broken.import_name, "package": broken.package}


def _break_order(broken: BrokenImportName | BrokenCommand) -> tuple[bool, list[str]]:
    """Order imports before commands, then by name and package."""
    return (isinstance(broken, BrokenCommand), list(_broken(broken).values()))


REPORTER: Reporter[Report] = Reporter(name="json", summary="for machines, schema 1", render=render)
