"""The report for people: findings by package, worst first, and one line that says how much was checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.text import Text

from driftcheck.model.finding import BrokenImportName, Confidence, Evidence, Finding, Severity
from driftcheck.model.gap import Gap
from driftcheck.model.report import Report
from driftcheck.model.reporter import Reporter
from driftcheck.model.target import name_targets
from driftcheck.support.page import Page, counted
from driftcheck.support.plain_text import printable

_NOTES_SHOWN = 8
_EVIDENCE_SHOWN = 3
_NAMES_SHOWN = 4
_BAR = "│ "

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold blue"}


def render(report: Report, *, width: int, colour: bool, is_verbose: bool = False) -> str:
    """Return the report as lines of at most `width` columns."""
    page = Page(width=width)
    grouped = [f for f in report.findings if is_verbose or f.severity is not Severity.NOTE]
    for findings in _by_package(grouped):
        _write_group(page, report, findings, is_verbose=is_verbose)
    if not is_verbose:
        _write_notes(page, report)
    _write_gaps(page, report, is_verbose=is_verbose)
    _write_summary(page, report)
    return page.as_text(colour=colour)


def _by_package(findings: Iterable[Finding]) -> Iterator[tuple[Finding, ...]]:
    """Yield the findings of each package together, the package with the worst finding first."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: f.sort_key):
        key = finding.package or (f" {finding.location.path}" if finding.location else "")
        groups.setdefault(key, []).append(finding)
    yield from (tuple(group) for group in groups.values())


def _write_group(page: Page, report: Report, findings: tuple[Finding, ...], *, is_verbose: bool) -> None:
    page.write_blank()
    first = findings[0]
    places = list(dict.fromkeys(str(f.location) for f in findings if f.location))
    heading = Text()
    if first.package is None:
        heading.append(printable(first.location.path) if first.location else "the inputs", "bold")
    else:
        versions = dict.fromkeys(f.version for f in findings if f.version)
        heading.append(printable(" ".join([first.package, ", ".join(versions)]).rstrip()), "bold")
        if len(places) == 1:
            heading.append(f"  {printable(places[0])}", "dim")
        if asked := _asked_by(report, first):
            heading.append(f"  {asked}", "dim")
    page.write(heading)
    for finding in findings:
        shows_place = first.package is None or len(places) > 1
        _write_finding(page, report, finding, shows_place=shows_place, is_verbose=is_verbose)


def _asked_by(report: Report, finding: Finding) -> str:
    """Say which packages pull a package in, empty if none does."""
    rows = [row for row in report.packages if row.name == finding.package]
    names = sorted({name for row in rows for name in row.required_by})
    if not names:
        return ""
    also = "also " if any(row.direct for row in rows) else ""
    return f"{also}required by {_listed(names, limit=_NAMES_SHOWN)}"


def _write_finding(
    page: Page, report: Report, finding: Finding, *, shows_place: bool, is_verbose: bool
) -> None:
    severity = finding.severity
    label = Text(severity.value, _STYLES[severity])
    message = Text(printable(finding.message))
    message.append(f"  [{finding.check}]", "dim")
    if finding.confidence is not Confidence.HIGH:
        message.append(f" {finding.confidence.value} confidence", "dim")
    if page.is_narrow:
        page.write(Text.assemble(label, " ", message), indent=2)
    else:
        page.write(message, label=label, indent=2, column=9)
    indent = 4 if page.is_narrow else 11
    if shows_place and finding.location:
        page.write(Text(printable(str(finding.location)), "dim"), indent=indent)
    _write_evidence(page, finding.evidence, indent=indent, is_verbose=is_verbose)
    for line in _consequences(report, finding, is_verbose=is_verbose):
        page.write(line, indent=indent)


def _write_evidence(page: Page, given: tuple[Evidence, ...], *, indent: int, is_verbose: bool) -> None:
    """Write the lines that show a finding, the place before each or, where that gets too long, above."""
    shown = given if is_verbose else _most_telling(given)
    above = ""
    for evidence in shown:
        place = evidence.file if evidence.line is None else f"{evidence.file}:{evidence.line}"
        place, text = printable(place, limit=200), printable(evidence.text.strip(), limit=300)
        if not text or cell_len(place) + cell_len(text) + 4 <= page.width - indent:
            page.write(Text.assemble((place, "cyan"), "  ", text), indent=indent, bar=_BAR)
            above = ""
            continue
        if place != above and evidence.line is None and not is_verbose:
            page.write_row(Text.assemble((_BAR, "dim"), (place, "cyan")), indent=indent)
        elif place != above:
            page.write(Text(place, "cyan"), indent=indent, bar=_BAR)
        page.write(Text(text), indent=indent, bar=f"{_BAR}  ")
        above = place
    if len(shown) < len(given):
        page.write(Text(f"and {len(given) - len(shown)} more", "dim"), indent=indent, bar=_BAR)


def _most_telling(given: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Choose the first few lines of files, and one thing without lines, e.g. an entry of an index page."""
    lines = [evidence for evidence in given if evidence.line is not None][:_EVIDENCE_SHOWN]
    others = [evidence for evidence in given if evidence.line is None][:1]
    return tuple(evidence for evidence in given if evidence in lines or evidence in others)


def _consequences(report: Report, finding: Finding, *, is_verbose: bool) -> Iterator[Text]:
    """Yield what stands below the evidence: what breaks, on which targets, what to change."""
    if finding.breaks:
        names = [
            f"import {b.import_name}" if isinstance(b, BrokenImportName) else f"the command {b.command}"
            for b in finding.breaks
        ]
        yield Text(f"breaks {_listed(names, limit=len(names) if is_verbose else _NAMES_SHOWN)}")
    if 0 < len(finding.targets) < len(report.targets):
        yield Text(f"only on {name_targets(report.targets[i] for i in finding.targets)}", "magenta")
    if finding.fixes:
        fixes = Text.assemble(("fix: ", "green"))
        for number, fix in enumerate(finding.fixes):
            fixes.append("  or  " if number else "")
            fixes.append(printable(f"{fix.package}{fix.specifier}"), "bold green")
        yield fixes


def _write_notes(page: Page, report: Report) -> None:
    """Write the notes in one line each, only the first few of every check: they must not drown the errors."""
    notes = [f for f in report.findings if f.severity is Severity.NOTE]
    order: dict[str | None, tuple[bool, float]] = {
        row.name: (not row.direct, -(row.libyears or 0.0)) for row in report.packages
    }
    for check in sorted({f.check for f in notes}):
        found = [f for f in notes if f.check == check]
        found.sort(key=lambda f: (order.get(f.package, (False, 0.0)), f.sort_key))
        page.write_blank()
        heading = Text.assemble(("note", _STYLES[Severity.NOTE]), (f"  {check}", "bold"))
        page.write_row(heading.append(f"  {len(found)}", "dim"))
        rows = _note_rows(report, found)
        shown = rows if len(rows) <= _NOTES_SHOWN + 1 else rows[:_NOTES_SHOWN]
        column = 0 if page.is_narrow else max(len(title) for title, _ in shown) + 2
        for title, messages in shown:
            page.write_row(Text(_note_row(page, title, messages, column=column)), indent=2)
        if len(shown) < len(rows):
            page.write_row(Text(f"and {len(rows) - len(shown)} more: -v shows them all", "dim"), indent=2)


def _note_rows(report: Report, found: Iterable[Finding]) -> list[tuple[str, list[str]]]:
    """Return (title, messages): on several targets one thing is often said with another end for each."""
    rows: dict[tuple[str, str], list[str]] = {}
    for finding in found:
        message = printable(finding.message)
        rows.setdefault((_title(report, finding), message.split("; ")[0]), []).append(message)
    return [(title, list(dict.fromkeys(messages))) for (title, _), messages in rows.items()]


def _note_row(page: Page, title: str, messages: list[str], *, column: int) -> str:
    """Return one line; what follows the first semicolon goes if it does not fit or is not one thing."""
    head = title.ljust(column) if column else ""
    texts = [head + (m.removeprefix(title).lstrip(" :") if column else m) for m in messages]
    first, *more = texts[0].split("; ")
    is_whole = not more or (len(texts) == 1 and cell_len(texts[0]) <= page.width - 2)
    return texts[0] if is_whole else f"{first}; …"


def _title(report: Report, finding: Finding) -> str:
    """Name what a note is about, with its version where that is not said twice."""
    if finding.package is None:
        return printable(str(finding.location or ""))
    names = [f"{finding.package} {row.version}" for row in report.packages if row.name == finding.package]
    named = next((name for name in names if finding.message.startswith(f"{name} ")), None)
    return printable(named or f"{finding.package} {finding.version or ''}".rstrip())


def _write_gaps(page: Page, report: Report, *, is_verbose: bool) -> None:
    """Name everything that was not checked, each with its reason."""
    rows: list[tuple[str, str]] = [(_gap_subject(gap), gap.reason) for gap in report.coverage.gaps]
    rows += [(f"check {name}", why) for name, why in report.checks_not_run.items()]
    if not rows:
        return
    page.write_blank()
    page.write_row(Text("not checked", "bold yellow"))
    for reason, subjects in _by_reason(rows).items():
        shown = _listed(subjects, limit=len(subjects) if is_verbose else 6)
        page.write(Text(shown).append(f": {printable(reason)}", "dim"), indent=2, column=2, label=Text("- "))


def _gap_subject(gap: Gap) -> str:
    place = f" ({gap.location})" if gap.location and str(gap.location) != gap.subject else ""
    return f"{gap.subject}{place}"


def _by_reason(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Group what was missed for the same reason: one dead index is one line, not ninety."""
    groups: dict[str, list[str]] = {}
    for subject, reason in rows:
        groups.setdefault(reason, []).append(subject)
    return groups


def _write_summary(page: Page, report: Report) -> None:
    """Write how much was checked of what and for what, then how much was found."""
    page.write_blank()
    coverage = report.coverage
    is_whole = coverage.checked == coverage.packages and not coverage.gaps and not report.checks_not_run
    line = Text()
    if not report.findings and is_whole:
        line.append("nothing found: ", "bold green")
    line.append(
        f"{coverage.checked} of {counted(coverage.packages, 'package')} checked",
        "" if is_whole else "bold yellow",
    )
    rest = f" in {_listed([_input_name(i.path) for i in report.inputs], limit=3)}" if report.inputs else ""
    rest += f" for {name_targets(report.targets)}" if report.targets else ""
    rest += f" as of {_date(report)}" if report.is_as_of_given else ""
    rest += f", {report.elapsed_s:.1f}s" if report.elapsed_s is not None else ""
    page.write(line.append(rest, "dim"))
    if counts := _counts(report):
        page.write(counts)


def _input_name(path: str) -> str:
    return "standard input" if path == "-" else path


def _counts(report: Report) -> Text:
    """Say how many findings there are of each severity; empty if none at all."""
    parts = [
        Text(counted(count, severity.value), _STYLES[severity])
        for severity in Severity
        if (count := report.count(severity))
    ]
    if report.suppressed:
        parts.append(Text(f"{len(report.suppressed)} ignored", "dim"))
    return Text(", ").join(parts)


def _date(report: Report) -> str:
    midnight = (report.as_of.hour, report.as_of.minute, report.as_of.second)
    whole_day = midnight in {(0, 0, 0), (23, 59, 59)}
    return report.as_of.strftime("%Y-%m-%d" if whole_day else "%Y-%m-%d %H:%M:%S UTC")


def _listed(names: Iterable[str], *, limit: int) -> str:
    """Join names with commas, the rest beyond `limit` as a number."""
    shown = [printable(name, limit=200) for name in names]
    rest = f" and {len(shown) - limit} more" if len(shown) > limit else ""
    return ", ".join(shown[:limit]) + rest


REPORTER: Reporter[Report] = Reporter(name="terminal", summary="for people", render=render)
