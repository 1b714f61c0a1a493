"""What the JSON reports share: how they write a time and a gap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from driftcheck.model.gap import Gap
from driftcheck.support.exact_json import JsonValue


def instant(moment: datetime) -> str:
    """Return e.g. `2026-11-23T10:00:00Z`."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def gap_entries(gaps: Iterable[Gap]) -> list[JsonValue]:
    """Return one object for each gap, sorted.

    A gap that is no package has nobody to name under `package`, so its reason begins with what it is.
    """
    return [
        {
            "package": gap.subject if gap.is_package else None,
            "step": gap.step.value,
            "reason": gap.reason if gap.is_package else f"{gap.subject}: {gap.reason}",
        }
        for gap in sorted(gaps, key=lambda gap: gap.sort_key)
    ]
