"""The rules: one file per rule, each a function from a snapshot to findings.

A check sees only the `Snapshot`: no network, no clock, no machine. `run_checks` runs them; one that lacks its
facts is named as not run, and one that raises becomes a gap while the others still speak.
"""

from __future__ import annotations

import inspect
import re
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field

from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Finding
from driftcheck.model.gap import Gap, Step
from driftcheck.model.resolution import MissReason
from driftcheck.model.snapshot import Snapshot
from driftcheck.support.registry import load_family, load_member, member_names


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What the checks said of one snapshot."""

    findings: tuple[Finding, ...]
    """Sorted by `Finding.sort_key`."""
    gaps: tuple[Gap, ...]
    """What the checks could not judge, sorted."""
    ran: tuple[str, ...]
    """The checks that ran to their end, sorted."""
    not_run: Mapping[str, str] = field(default_factory=dict, hash=False)
    """{check: why}: facts that it can't do without are missing."""
    crashed: tuple[tuple[str, str], ...] = ()
    """(check, traceback) of each that raised: a bug in driftcheck."""


def all_checks() -> Mapping[str, Check]:
    """Return {name: check} of every rule, sorted by name."""
    return load_family(__name__, "CHECK", Check)


def check_names() -> tuple[str, ...]:
    """Return the names of all rules, sorted, without importing any."""
    return member_names(__name__)


def load_check(name: str) -> Check:
    """Import one rule.

    Raises:
        KeyError: there is no rule of this name.
    """
    return load_member(__name__, "CHECK", name, Check)


def explain_text(check: Check) -> str:
    """Return a rule's page as plain text: its name and severity, then its module's docstring."""
    page = inspect.cleandoc(sys.modules[check.find.__module__].__doc__ or "")
    page = re.sub(
        r"^## (.+)$", lambda heading: f"{heading[1]}\n{'-' * len(heading[1])}", page, flags=re.MULTILINE
    )
    title = f"{check.name} ({check.severity.value})"
    return f"{title}\n{'=' * len(title)}\n\n{page}\n"


def run_checks(snapshot: Snapshot, checks: Mapping[str, Check]) -> CheckOutcome:
    """Run checks on a snapshot; same snapshot, same outcome."""
    findings: set[Finding] = set()
    gaps: set[Gap] = set()
    ran, crashed = [], []
    not_run: dict[str, str] = {}
    missing = _missing_needs(snapshot)
    for name, check in sorted(checks.items()):
        reasons = [reason for need, reason in missing.items() if need in check.needs]
        if reasons:
            not_run[name] = "; ".join(reasons)
            continue
        try:
            found = tuple(check.find(snapshot))
        except Exception as error:  # noqa: BLE001 - one broken rule must not silence the others
            crashed.append((name, "".join(traceback.format_exception(error))))
            gaps.add(Gap(subject=name, step=Step.CHECK, reason=_bug_text(error)))
            continue
        ran.append(name)
        findings.update(item for item in found if isinstance(item, Finding))
        gaps.update(item for item in found if isinstance(item, Gap))
    return CheckOutcome(
        findings=tuple(sorted(findings, key=lambda finding: finding.sort_key)),
        gaps=tuple(sorted(gaps, key=lambda gap: gap.sort_key)),
        ran=tuple(ran),
        not_run=not_run,
        crashed=tuple(crashed),
    )


def _missing_needs(snapshot: Snapshot) -> dict[Need, str]:
    """Return why a kind of fact is missing altogether; what is missing for one package is a gap already."""
    resolution = snapshot.resolution
    wanted = any(declaration.is_from_index for declaration in snapshot.requirements)
    answered = bool(snapshot.pages) or any(
        miss.reason is MissReason.UNKNOWN_PROJECT for miss in resolution.misses
    )
    missing = {}
    if wanted and not answered:
        missing[Need.INDEX] = "no index answered for any package"
    if resolution.packages and not any(package.metadata for package in resolution.packages):
        missing[Need.METADATA] = "no package's metadata could be read"
    return missing


def _bug_text(error: Exception) -> str:
    return f"the check itself failed ({type(error).__name__}: {error}); this is a bug in driftcheck"
