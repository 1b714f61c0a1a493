"""A line of the input can't be understood.

## What it looks for

Lines that are neither a requirement, an option nor a comment as pip reads them: a malformed version, a lost
quote, an unknown option.

## Why it matters

pip stops at the first such line and installs nothing. A tool that skips it checks something else than what
will be installed.

## Example

    flask = 1.1.2

`flask = 1.1.2` has one equals sign where PEP 440 has two.

## How to fix

Write the line as the message says was expected, e.g. `flask==1.1.2`.

## When it can be wrong

Where a file is written for another tool than pip, which knows lines that pip does not.

## Sources

- PEP 508, names and specifiers of dependencies
- PEP 440, versions and specifiers
- pip's requirements file format, https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Evidence, Finding, Severity
from driftcheck.model.snapshot import Snapshot


def find(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding for each line that the readers could not understand."""
    for fault in snapshot.project.faults:
        yield CHECK.finding(
            message=f"this line can't be used: {fault.message}",
            location=fault.location,
            evidence=(Evidence(file=fault.location.path, line=fault.location.line, text=fault.text),),
            subject=fault.text,
        )


CHECK = Check(
    name="invalid-requirement",
    summary="a line of the input can't be understood",
    severity=Severity.ERROR,
    needs=frozenset({Need.INPUT}),
    find=find,
)
