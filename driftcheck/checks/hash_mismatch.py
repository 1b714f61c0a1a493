"""A line's hashes fit no file that pip could install, or a line lacks the hash that the others have.

## What it looks for

- Lines with `--hash` of which no hash belongs to a file of the release that the index lists.
- Lines whose hashes belong to files of the release, but to none that installs on this target: a lock made on
  another platform or for another Python.
- Lines without a hash in a set where others have one.

## Why it matters

pip refuses in all three cases: "THESE PACKAGES DO NOT MATCH THE HASHES", or "Hashes are required in
--require-hashes mode, but they are missing". A hash that fits nothing may also mean that somebody tampered
with the file.

## Example

    numpy==1.26.4 --hash=sha256:… (of the macOS wheel only)

installed on Linux.

## How to fix

Compile the set again with hashes for every platform it is used on (`uv pip compile --universal
--generate-hashes`, `pip-compile --generate-hashes`). If the release is unchanged and its files are not, find
out why before you trust them.

## When it can be wrong

Where the file comes from an index that driftcheck was not told about. An index that reports no hash for a
file leaves a gap, not a finding.

## Sources

- pip's secure installs, https://pip.pypa.io/en/stable/topics/secure-installs/
- pip's `filter_unallowed_hashes` in `_internal/index/package_finder.py`: files without a known hash are kept
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.model import evidence
from driftcheck.model.check import Check, Need
from driftcheck.model.finding import Finding, Severity
from driftcheck.model.gap import Gap, Step
from driftcheck.model.project import Declaration
from driftcheck.model.release import DistributionFile
from driftcheck.model.requirement_source import FromArchive, FromIndex
from driftcheck.model.resolution import ResolvedPackage
from driftcheck.model.snapshot import Snapshot


def find(snapshot: Snapshot) -> Iterator[Finding | Gap]:
    """Yield a finding for each line whose hashes pip would refuse."""
    hashed = [line for line in _lines(snapshot) if line.hashes]
    for line in hashed:
        resolved = snapshot.resolution.by_name.get(line.name) if line.name else None
        if resolved is not None and line.is_from_index and resolved.release.files:
            yield from _mismatch(snapshot, line, resolved)
    if snapshot.project.requires_hashes:
        covered = {line.name for line in hashed if line.name is not None}
        for line in snapshot.requirements:
            if not line.hashes and line.name not in covered:
                yield _unhashed(line)


def _lines(snapshot: Snapshot) -> Iterator[Declaration]:
    yield from snapshot.requirements
    environment = dict(snapshot.target.marker_environment)
    yield from (line for line in snapshot.project.constraints if line.applies(environment))


def _mismatch(snapshot: Snapshot, line: Declaration, package: ResolvedPackage) -> Iterator[Finding | Gap]:
    files = package.release.files
    usable = [file for file in files if snapshot.installable(file)]
    fits = [file for file in files if _fits(line, file)]
    if any(file in fits for file in usable):
        return
    unknown = [file for file in (usable or files) if not _is_comparable(line, file)]
    if unknown:
        yield Gap(
            subject=package.name,
            step=Step.CHECK,
            reason=f"the index reports no hash for {unknown[0].filename} to compare the line's with",
            location=line.location,
        )
    elif fits and usable:
        yield _finding(
            line,
            package,
            f"the hashes of {package.name} {package.version} belong to files that do not install on "
            f"{snapshot.target} (e.g. {fits[0].filename}); pip would take {usable[0].filename} and refuse it",
            fits,
            f"other target {snapshot.target.kind}",
        )
    elif not fits:
        yield _finding(
            line,
            package,
            f"no file of {package.name} {package.version} on the index has a hash that this line lists, "
            "so pip refuses it",
            usable or list(files),
            "no file",
        )


def _finding(
    line: Declaration, package: ResolvedPackage, text: str, shown: list[DistributionFile], subject: str
) -> Finding:
    return CHECK.finding(
        package=package.name,
        version=str(package.version),
        message=text,
        location=line.location,
        evidence=(
            evidence.of_declaration(line),
            *(evidence.of_file(file, _hashes_text(file)) for file in shown[:3]),
        ),
        subject=subject,
    )


def _unhashed(line: Declaration) -> Finding:
    can_have = isinstance(line.source, FromIndex | FromArchive)
    lacks = "has no hash" if can_have else "is not an archive, so it can't have a hash"
    return CHECK.finding(
        package=line.name,
        version=str(line.pin) if line.pin else None,
        message=f"{line.display_name} {lacks}, and pip asks it of every line once one has it",
        location=line.location,
        evidence=(evidence.of_declaration(line),),
        subject="no hash",
    )


def _fits(line: Declaration, file: DistributionFile) -> bool:
    return any(file.hashes.get(hash_.algorithm) == hash_.digest for hash_ in line.hashes)


def _is_comparable(line: Declaration, file: DistributionFile) -> bool:
    return any(hash_.algorithm in file.hashes for hash_ in line.hashes)


def _hashes_text(file: DistributionFile) -> str:
    return ", ".join(f"{algorithm}:{digest}" for algorithm, digest in sorted(file.hashes.items()))


CHECK = Check(
    name="hash-mismatch",
    summary="a line's hashes fit no file that pip could install",
    severity=Severity.ERROR,
    needs=frozenset({Need.INDEX}),
    find=find,
)
