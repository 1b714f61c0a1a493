"""Turn what a finding rests on into the lines a reader can look up: input lines, metadata, index pages."""

from __future__ import annotations

from driftcheck.model.finding import Evidence
from driftcheck.model.project import Declaration
from driftcheck.model.release import DistributionFile, Release
from driftcheck.model.resolution import Ask
from driftcheck.model.snapshot import Snapshot


def of_declaration(declaration: Declaration) -> Evidence:
    """Show a line of the user's."""
    return Evidence(file=declaration.location.path, line=declaration.location.line, text=declaration.text)


def of_ask(snapshot: Snapshot, ask: Ask) -> Evidence:
    """Show the line or the metadata in which a wish stands."""
    declaration = snapshot.declaration_of(ask)
    if declaration is not None:
        return of_declaration(declaration)
    wish = str(ask.requirement) if ask.requirement is not None else f"{ask.package}{ask.specifier}"
    if ask.asked_by is None:
        path, line = (ask.location.path, ask.location.line) if ask.location else ("input", None)
        return Evidence(file=path, line=line, text=wish)
    return Evidence(
        file=f"{ask.asked_by} {ask.asked_by_version} METADATA", line=None, text=f"Requires-Dist: {wish}"
    )


def of_file(file: DistributionFile, text: str) -> Evidence:
    """Show what an index page says of a file."""
    return Evidence(file=file.filename, line=None, text=text)


def of_release(release: Release, *, limit: int = 4) -> tuple[Evidence, ...]:
    """Show the first files that an index lists for a release, and what Requires-Python they have."""
    return tuple(
        of_file(file, f"Requires-Python: {file.requires_python}" if file.requires_python else listed(file))
        for file in release.files[:limit]
    )


def listed(file: DistributionFile) -> str:
    """Say that an index lists a file, and since when if it tells."""
    return f"uploaded {file.uploaded:%Y-%m-%d}" if file.uploaded else "listed"
