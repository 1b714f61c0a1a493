"""Reports made by hand, as large as a case needs."""

from __future__ import annotations

from datetime import datetime, timezone

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from driftcheck.model.drift_report import DriftReport, DriftRow, DriftSection
from driftcheck.model.finding import (
    BrokenCommand,
    BrokenImportName,
    Confidence,
    Evidence,
    Finding,
    Fix,
    Other,
    Severity,
)
from driftcheck.model.gap import Gap, Step
from driftcheck.model.location import Location
from driftcheck.model.project import InputFile
from driftcheck.model.report import Coverage, PackageRow, Report
from driftcheck.model.target import Target

AS_OF = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)
HOSTILE = "x[bold red]y[/]\x1b[31mz\nnext\u202eline\udc80\x9b2J"
"""Markup of rich, a terminal escape, a newline, a bidi override, a lone surrogate and a C1 control."""


def name(text: str) -> NormalizedName:
    return canonicalize_name(text)


def target(python: str = "3.9.25", platform: str = "linux") -> Target:
    return Target(
        python_version=Version(python),
        platform=platform,
        platform_tag="manylinux_2_36_x86_64",
        tags=(),
        marker_environment={},
        tag_ranks={},
    )


def package(text: str, version: str, **more: object) -> PackageRow:
    facts: dict[str, object] = {
        "direct": True,
        "pinned": True,
        "required_by": (),
        "latest": None,
        "latest_compatible": None,
        "released": datetime(2020, 4, 3, 12, 30, 5, 999, tzinfo=timezone.utc),
        "libyears": None,
    }
    return PackageRow(name=name(text), version=version, **{**facts, **more})  # type: ignore[arg-type]


def line(number: int, path: str = "requirements.txt") -> Location:
    return Location(path=path, line=number)


def report(
    *,
    findings: tuple[Finding, ...] = (),
    packages: tuple[PackageRow, ...] = (),
    gaps: tuple[Gap, ...] = (),
    targets: tuple[Target, ...] = (),
    counted: tuple[int, int] = (42, 42),
    suppressed: tuple[Finding, ...] = (),
) -> Report:
    """Make a report; `counted` is (checked, packages)."""
    return Report(
        version="0.1.0",
        as_of=AS_OF,
        targets=targets or (target(),),
        inputs=(InputFile(path="requirements.txt", format="requirements.txt", requirements=9),),
        coverage=Coverage(packages=counted[1], checked=counted[0], gaps=gaps),
        packages=packages,
        findings=tuple(sorted(findings, key=lambda f: f.sort_key)),
        suppressed=suppressed,
        elapsed_s=0.42,
    )


def flask_finding(**more: object) -> Finding:
    facts: dict[str, object] = {
        "check": "unresolved-import",
        "severity": Severity.ERROR,
        "confidence": Confidence.HIGH,
        "package": name("flask"),
        "version": "1.1.2",
        "message": "import flask fails: jinja2 3.1.4 has no 'escape'",
        "location": line(1),
        "evidence": (Evidence(file="flask/__init__.py", line=14, text="from jinja2 import escape"),),
        "conflicts_with": Other(package=name("jinja2"), version="3.1.4"),
        "breaks": (
            BrokenImportName(import_name="flask", package=name("flask")),
            BrokenImportName(import_name="flask_cors", package=name("flask-cors")),
            BrokenCommand(command="flask", package=name("flask")),
        ),
        "fixes": (
            Fix(package=name("jinja2"), specifier="<3.1"),
            Fix(package=name("flask"), specifier=">=2.0"),
        ),
        "targets": (0,),
        "subject": "jinja2.escape",
    }
    return Finding(**{**facts, **more})  # type: ignore[arg-type]


def note(text: str, version: str, message: str, *, check: str = "outdated-release", at: int = 2) -> Finding:
    return Finding(
        check=check,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        package=name(text),
        version=version,
        message=message,
        location=line(at),
        targets=(0,),
    )


_BEHIND = (
    ("click", "7.1.2", "8.3.1", 5.6),
    ("flask", "1.1.2", "3.1.3", 5.9),
    ("gunicorn", "20.0.4", "25.1.0", 6.2),
    ("itsdangerous", "1.1.0", "2.2.0", 5.5),
    ("jinja2", "3.1.4", "3.1.6", 0.9),
    ("keras", "2.8.0", "3.12.0", 4.6),
    ("markupsafe", "2.0.1", "3.0.3", 4.3),
    ("numpy", "1.21.6", "2.4.0", 4.6),
    ("pandas", "1.3.5", "3.0.0", 4.9),
    ("requests", "2.25.1", "2.33.0", 5.9),
    ("werkzeug", "2.0.3", "3.1.5", 4.8),
)


def full_report() -> Report:
    """A report with some of everything, for two targets."""
    tensorflow = Finding(
        check="missing-release",
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        package=name("tensorflow-cpu"),
        version="2.8.0",
        message="tensorflow-cpu 2.8.0 has no file for Python 3.12.4: the newest Python it supports is 3.10, "
        "and no source distribution was uploaded that could be built instead",
        location=line(4),
        evidence=tuple(
            Evidence(file=f"tensorflow_cpu-2.8.0-cp{n}-manylinux2010_x86_64.whl", line=None, text="")
            for n in (37, 38, 39, 310)
        ),
        fixes=(Fix(package=name("tensorflow-cpu"), specifier=">=2.16"),),
        targets=(1,),
    )
    protobuf = Finding(
        check="yanked-release",
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        package=name("protobuf"),
        version="4.21.0",
        message="protobuf 4.21.0 was yanked: “Required python version not configured correctly”",
        targets=(0, 1),
    )
    archived = flask_finding(
        check="inactive-project",
        severity=Severity.WARNING,
        message="flask is archived: no further releases",
        evidence=(),
        conflicts_with=None,
        breaks=(),
        fixes=(),
        location=line(7, "constraints.txt"),
        targets=(0, 1),
    )
    behind = [note(n, v, f"{n} {v} is {y} libyears behind {w}") for n, v, w, y in _BEHIND]
    loose = note("six", "1.17.0", "six is not pinned", check="unpinned-requirement", at=9)
    rows = [package(n, v, latest=w, libyears=y) for n, v, w, y in _BEHIND]
    pulled = package(
        "protobuf", "4.21.0", direct=False, required_by=(name("tensorboard"), name("tensorflow-cpu"))
    )
    return report(
        findings=(flask_finding(targets=(0, 1)), tensorflow, protobuf, archived, loose, *behind),
        packages=tuple(sorted((*rows, pulled), key=lambda row: row.name)),
        gaps=(
            Gap(
                subject="mylib", step=Step.READ, reason="a git repository can't be checked", location=line(12)
            ),
            Gap(subject="scipy", step=Step.RESOLVE, reason="its metadata could not be read", is_package=True),
        ),
        targets=(target(), target("3.12.4")),
        counted=(41, 42),
        suppressed=(loose,),
    )


def drift_row(
    text: str,
    versions: tuple[str | None, str | None, str | None],
    *,
    pinned: str | None = None,
    libyears: float | None = None,
    required_by: tuple[str, ...] = (),
) -> DriftRow:
    """Make a row; `versions` are then, today and newest; it is direct if nothing requires it."""
    then, today, newest = versions
    return DriftRow(
        name=name(text),
        direct=not required_by,
        pinned=pinned,
        then=then,
        today=today,
        newest=newest,
        libyears=libyears,
        required_by=tuple(name(other) for other in required_by),
    )


def drift_report(*rows: DriftRow, gaps: tuple[Gap, ...] = ()) -> DriftReport:
    section = DriftSection(
        project="requirements.txt",
        target=target(),
        since=datetime(2020, 4, 3, 23, 59, 59, tzinfo=timezone.utc),
        since_reason="the day flask 1.1.2 was released, the newest direct pin",
        rows=tuple(sorted(rows, key=lambda row: row.name)),
        gaps=gaps,
    )
    return DriftReport(
        version="0.1.0",
        as_of=AS_OF,
        inputs=(InputFile(path="requirements.txt", format="requirements.txt", requirements=9),),
        sections=(section,),
        elapsed_s=1.26,
    )


def full_drift_report() -> DriftReport:
    """A drift report with some of everything."""
    many = ("aiohttp", "httpx", "niquests", "requests", "spider")
    return drift_report(
        drift_row("flask", ("1.1.2", "1.1.2", "3.1.3"), pinned="1.1.2", libyears=5.94),
        drift_row("requests", ("2.23.0", "2.33.0", "2.33.0"), libyears=0.0),
        drift_row("jinja2", ("2.11.1", "3.1.6", "3.1.6"), required_by=("flask",), libyears=0.0),
        drift_row("werkzeug", ("1.0.1", "3.1.5", "3.1.6"), required_by=("flask",), libyears=0.1),
        drift_row("chardet", ("3.0.4", None, "6.0.0"), required_by=("requests",)),
        drift_row("charset-normalizer", (None, "3.4.4", "3.4.4"), required_by=many, libyears=0.0),
        drift_row("six", ("1.14.0", "1.14.0", "1.14.0"), pinned="1.14.0", libyears=0.0),
        gaps=(
            Gap(subject="mylib", step=Step.READ, reason="a repository can't be checked", location=line(12)),
        ),
    )
