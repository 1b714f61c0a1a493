"""Turn a text into the lines that pip sees: joined, without comments, `${NAME}` expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
# Where `str.splitlines`, and so pip, ends a line and editors do not.
_SPLITS_FOR_PIP_ALONE = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")


class LogicalLine(NamedTuple):
    """One line as pip sees it, never empty."""

    number: int
    """1-based, of the first physical line, as editors count."""
    written: str
    """Joined, without comment and outer spaces."""
    expanded: str
    """`written` with the environment's variables in it; may hold secrets."""


def logical_lines(text: str, environment: Mapping[str, str]) -> Iterator[LogicalLine]:
    """Yield the lines of a requirements file that hold anything but comments."""
    for number, joined in _joined(_numbered(text)):
        written = without_comment(joined).strip()
        if written:
            yield LogicalLine(number, written, _expanded(written, environment))


def unexpanded(text: str, line: LogicalLine, environment: Mapping[str, str]) -> str:
    """Put the names of a line's variables back in place of their values, for a text that people will see."""
    if line.written == line.expanded:
        return text
    for name in _VARIABLE.findall(line.written):
        value = environment.get(name, "")
        if len(value) > 3:  # shorter ones are no secrets, and stand in any text
            text = text.replace(value, f"${{{name}}}")
    return text


def without_comment(line: str) -> str:
    r"""Cut a line at its comment: a `#` at the start or after white space (pip's `(^|\s+)#.*$`)."""
    at = line.find("#")
    while at != -1:
        if at == 0 or line[at - 1].isspace():
            return line[:at]
        at = line.find("#", at + 1)
    return line


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    if not _SPLITS_FOR_PIP_ALONE.search(text):
        yield from enumerate(text.splitlines(), start=1)
        return
    number = 1
    for line in text.splitlines(keepends=True):
        content = line.splitlines()[0]
        yield number, content
        number += line.endswith(("\n", "\r"))


def _joined(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join lines that end in a backslash as pip's `join_lines` does; a comment line ends the joining."""
    first = 0
    parts: list[str] = []
    for number, line in lines:
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            if not parts:
                first = number
            parts.append(line.strip("\\"))
        elif parts:
            # The space lets the comment be seen as one after joining.
            parts.append(f" {line}" if is_comment else line)
            yield first, "".join(parts)
            parts = []
        else:
            yield number, line
    if parts:
        yield first, "".join(parts)


def _expanded(line: str, environment: Mapping[str, str]) -> str:
    if "${" not in line:
        return line
    for name in dict.fromkeys(_VARIABLE.findall(line)):
        value = environment.get(name)
        if value:  # unset and empty variables stay as written
            line = line.replace(f"${{{name}}}", value)
    return line
