"""How to resolve: the format options of pip, the day to resolve for, and how much work may be spent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from driftcheck.model.project import FormatControl


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveLimits:
    """Where resolving gives up and reports what it knows with a gap, so that no input can hang a run."""

    rounds: int = 20_000
    """Steps of resolvelib for one attempt; pip allows 200 000, and no set of `benchmarks/` needs 2 000."""
    candidates: int = 1_500
    """Releases whose metadata may be read."""
    wall_s: float = 120.0
    attempts: int = 60
    """How often resolving is begun anew after a contradiction was set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveOptions:
    """What a user may say about resolving."""

    format_control: FormatControl = field(default_factory=FormatControl)
    prefer_binary: bool = False
    """A release with a wheel is taken before a newer one without (pip's `--prefer-binary`)."""
    pre: bool = False
    """Pre-releases of every package are taken (pip's `--pre`)."""
    as_of: datetime | None = None
    """Aware UTC; files uploaded later do not exist. `None`: now."""
    limits: ResolveLimits = field(default_factory=ResolveLimits)
