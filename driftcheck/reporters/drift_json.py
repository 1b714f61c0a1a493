"""The drift report for machines, schema 1: `docs/output/drift-json-v1.md` says what every field means."""

from __future__ import annotations

from driftcheck.model.drift_report import DriftReport, DriftRow, DriftSection
from driftcheck.model.reporter import Reporter
from driftcheck.reporters._json_parts import gap_entries, instant
from driftcheck.support.exact_json import JsonValue, written

SCHEMA = 1


def render(report: DriftReport, *, width: int, colour: bool, is_verbose: bool = False) -> str:  # noqa: ARG001
    """Return one JSON object; width, colour and verbosity change nothing."""
    return written(
        {
            "schema": SCHEMA,
            "tool": {"name": "driftcheck", "version": report.version},
            "as_of": instant(report.as_of),
            "inputs": [
                {"path": i.path, "format": i.format, "requirements": i.requirements} for i in report.inputs
            ],
            "environments": [_section(section) for section in report.sections],
        }
    )


def _section(section: DriftSection) -> dict[str, JsonValue]:
    target = section.target
    return {
        "project": section.project,
        "target": {
            "python_version": str(target.python_version),
            "platform": target.platform,
            "tags": target.platform_tag,
        },
        "since": instant(section.since),
        "since_reason": section.since_reason,
        "libyears": round(section.libyears, 1),
        "packages": [_row(row) for row in sorted(section.rows, key=lambda row: row.name)],
        "gaps": gap_entries(section.gaps),
    }


def _row(row: DriftRow) -> dict[str, JsonValue]:
    return {
        "name": row.name,
        "direct": row.direct,
        "required_by": sorted(row.required_by),
        "pinned": row.pinned,
        "then": row.then,
        "today": row.today,
        "newest": row.newest,
        "floated": row.floated,
        "libyears": None if row.libyears is None else round(row.libyears, 1),
    }


REPORTER: Reporter[DriftReport] = Reporter(name="drift-json", summary="for machines, schema 1", render=render)
