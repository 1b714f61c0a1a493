"""The drift report for people: what changed without a commit, then what stands still and how far behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.text import Text

from driftcheck.model.drift_report import DriftReport, DriftRow, DriftSection
from driftcheck.model.reporter import Reporter
from driftcheck.support.page import Page, counted
from driftcheck.support.plain_text import printable

_NONE = "–"
_NAMES_SHOWN = 3

_Cell = Callable[[DriftRow], str]


def render(report: DriftReport, *, width: int, colour: bool, is_verbose: bool = False) -> str:
    """Return the report as lines of at most `width` columns."""
    page = Page(width=width)
    for section in report.sections:
        _write_section(page, section, is_verbose=is_verbose)
    if report.elapsed_s is not None:
        page.write(Text(f"{report.elapsed_s:.1f}s", "dim"))
    return page.as_text(colour=colour)


def _write_section(page: Page, section: DriftSection, *, is_verbose: bool) -> None:
    page.write_blank()
    page.write(Text.assemble((printable(section.project), "bold"), (f"  {section.target}", "dim")))
    page.write(Text(f"then: {section.since:%Y-%m-%d}").append(f", {printable(section.since_reason)}", "dim"))
    page.write_blank()
    floated = sorted(section.floated, key=_order)
    if floated:
        heading = Text.assemble(("changed without a commit", "bold yellow"))
        page.write(heading.append(f"  {len(floated)} of {counted(len(section.rows), 'package')}", "dim"))
        _write_table(page, floated, {"pinned": _pinned, "then": _then, "today": _today, "newest": _newest})
    else:
        page.write(Text("nothing changed", "green"))
    _write_still(page, section, is_verbose=is_verbose)
    _write_gaps(page, section)
    page.write_blank()
    unknown = sum(row.libyears is None for row in section.rows)
    total = Text.assemble((f"{section.libyears:.1f} libyears behind in all", "bold"))
    if unknown:
        total.append(f", not counting {counted(unknown, 'package')} without known dates", "dim")
    page.write(total)


def _write_still(page: Page, section: DriftSection, *, is_verbose: bool) -> None:
    """Write what did not change: what is behind as a table, what is newest as a number, or names if asked."""
    still = [row for row in section.rows if not row.floated]
    behind = sorted((row for row in still if row.newest not in (None, row.today)), key=_order)
    if behind:
        page.write_blank()
        page.write(Text.assemble(("unchanged but behind", "bold"), (f"  {len(behind)}", "dim")))
        _write_table(page, behind, {"pinned": _pinned, "today": _today, "newest": _newest})
    fresh = sorted(row.name for row in still if row.newest == row.today)
    if fresh:
        page.write_blank()
        names = f": {', '.join(printable(name) for name in fresh)}" if is_verbose else ""
        page.write(Text.assemble(("unchanged and newest", "bold"), (f"  {len(fresh)}{names}", "dim")))


def _write_table(page: Page, rows: Iterable[DriftRow], columns: dict[str, _Cell]) -> None:
    """Write one line per package, or on a narrow page one paragraph."""
    rows = list(rows)
    columns = {title: cell for title, cell in columns.items() if any(cell(row) != _NONE for row in rows)}
    if page.is_narrow:
        for row in rows:
            text = Text.assemble((printable(row.name), "bold"))
            text.append(
                f"  {', '.join(f'{t} {cell(row)}' for t, cell in columns.items() if cell(row) != _NONE)}"
            )
            years = f", {_years(row)} libyears" if row.libyears else ""
            page.write(text.append(years, "dim"), indent=2)
        return
    table = [["", *columns], *[[printable(r.name), *(cell(r) for cell in columns.values())] for r in rows]]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for number, line in enumerate(table):
        cells = [text.ljust(width) for text, width in zip(line, widths, strict=True)]
        if number == 0:
            page.write_row(Text("  ".join([*cells, "libyears"]), "dim"), indent=2)
        else:
            row = rows[number - 1]
            text = Text("  ".join(cells)).append(f"  {_years(row):>8}").append(f"  {_why(row)}", "dim")
            page.write_row(text, indent=2)


def _write_gaps(page: Page, section: DriftSection) -> None:
    if not section.gaps:
        return
    page.write_blank()
    page.write_row(Text("not known", "bold yellow"))
    for gap in section.gaps:
        text = Text(printable(gap.subject)).append(f": {printable(gap.reason)}", "dim")
        page.write(text, indent=2, column=2, label=Text("- "))


def _order(row: DriftRow) -> tuple[bool, float, str]:
    """Put the user's own packages first, the farthest behind before the others."""
    return (not row.direct, -(row.libyears or 0.0), row.name)


def _pinned(row: DriftRow) -> str:
    return printable(row.pinned or _NONE)


def _then(row: DriftRow) -> str:
    return printable(row.then or _NONE)


def _today(row: DriftRow) -> str:
    return printable(row.today or _NONE)


def _newest(row: DriftRow) -> str:
    return printable(row.newest or _NONE)


def _years(row: DriftRow) -> str:
    return _NONE if row.libyears is None else f"{row.libyears:.1f}"


def _why(row: DriftRow) -> str:
    """Say what brought a package in, or that it came or went."""
    if row.then is None:
        event = "new "
    elif row.today is None:
        event = "gone "
    else:
        event = ""
    if row.direct or not row.required_by:
        return event.strip()
    shown = ", ".join(printable(name) for name in row.required_by[:_NAMES_SHOWN])
    rest = len(row.required_by) - _NAMES_SHOWN
    return f"{event}← {shown}" + (f" and {rest} more" if rest > 0 else "")


REPORTER: Reporter[DriftReport] = Reporter(name="drift-terminal", summary="for people", render=render)
