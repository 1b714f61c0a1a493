"""A page of styled text that fits a terminal: paragraphs wrap as they come, nothing is read as markup."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.text import Text

_WIDEST = 110
"""Longer lines are hard to read, however wide the screen."""
_NARROWEST = 20
_NARROW = 60


class Page:
    """Lines of styled text, wrapped as they come."""

    def __init__(self, *, width: int) -> None:
        self.width = max(_NARROWEST, min(width, _WIDEST))
        self.is_narrow = self.width < _NARROW
        """Whether there is no room for a column of labels."""
        self._lines: list[Text] = []
        self._console = Console(
            file=StringIO(), width=self.width, color_system=None, legacy_windows=False, _environ={}
        )

    def write(
        self, text: Text, *, label: Text | None = None, indent: int = 0, column: int = 0, bar: str = ""
    ) -> None:
        """Add a paragraph.

        Args:
            text: what to wrap, from `indent + column` on.
            label: what stands before its first line; needs `column`.
            indent: empty columns on the left.
            column: columns for the label.
            bar: what stands before every line, for quotations.
        """
        start = indent + column
        for number, line in enumerate(text.wrap(self._console, max(10, self.width - start - len(bar)))):
            lead = Text(" " * indent)
            if number == 0 and label is not None:
                lead.append_text(label)
            lead.pad_right(start - lead.cell_len)
            line.rstrip()
            self._lines.append(lead.append(bar, "dim").append_text(line))

    def write_row(self, text: Text, *, indent: int = 0) -> None:
        """Add one line, cut off with `…` where it is too long."""
        text.truncate(self.width - indent, overflow="ellipsis")
        self._lines.append(Text(" " * indent).append_text(text))

    def write_blank(self) -> None:
        """Add an empty line, except at the top."""
        if self._lines:
            self._lines.append(Text())

    def as_text(self, *, colour: bool) -> str:
        """Return everything written, with ANSI colours or without any."""
        if not colour:
            return "".join(f"{line.plain.rstrip()}\n" for line in self._lines)
        out = StringIO()
        console = Console(
            file=out,
            width=self.width,
            color_system="standard",
            force_terminal=True,
            legacy_windows=False,
            _environ={},
        )
        for line in self._lines:
            console.print(line, highlight=False, soft_wrap=True)
        return out.getvalue()


def counted(number: int, noun: str) -> str:
    """Return `1 package`, `2 packages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
