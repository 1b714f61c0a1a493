"""Compare the requirements.txt reader with real pip, line by line, on a corpus of requirements files.

    python benchmarks/corpus_parity.py CORPUS [--pip WHEEL]

CORPUS holds an `INDEX.json`: `{"files": [{"path", "format", "pip": VERDICT, "pip_new": VERDICT}]}`. Files of
the format `requirements` are read by driftcheck and by pip's own parser (the one of this environment, or the
one in WHEEL), with CORPUS as working directory. A file is equal if both take the same lines with one name,
specifier, extras, marker, kind of source and place, and refuse the same lines. Where pip stops at a line,
driftcheck must have a fault there and agree on all lines before it. The counts stored in `INDEX.json` are
compared too, if they are of that pip. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from driftcheck.model.errors import InputError, NothingToCheckError
from driftcheck.model.project import Declaration, Fault, Project
from driftcheck.model.requirement_source import FromFolder, FromIndex, FromVcs
from driftcheck.model.settings import InputWish
from driftcheck.readers import read_project

Place = tuple[str, int]
Facts = tuple[str | None, str, tuple[str, ...], str, str, bool]
"""Name, specifier, extras, marker, kind of source, is it a constraint."""


@dataclass(slots=True)
class Verdict:
    """What one reader says of one file and all that it includes."""

    taken: dict[Place, Facts] = field(default_factory=dict)
    refused: dict[Place, str] = field(default_factory=dict)
    stopped: str | None = None
    """Why pip read no further."""


def main() -> int:
    """Print every difference and the share of equal files; 1 if any difference has no listed reason."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path)
    parser.add_argument(
        "--pip", type=Path, help="a wheel of pip to compare with, instead of the installed one"
    )
    arguments = parser.parse_args()
    if arguments.pip:
        sys.path.insert(0, str(arguments.pip.resolve()))
    import pip  # noqa: PLC0415 - after the path was set

    warnings.simplefilter("ignore")  # pip's deprecations
    logging.disable()
    os.chdir(arguments.corpus)
    entries = json.loads(Path("INDEX.json").read_text("utf-8"))["files"]
    entries = [entry for entry in entries if entry["format"] == "requirements"]
    equal = explained = 0
    for entry in entries:
        differences = list(compare(entry, pip.__version__))
        unexplained = [text for text, reason in differences if reason is None]
        equal += not differences
        explained += bool(differences) and not unexplained
        for text, reason in differences:
            print(f"{entry['path']}: {text}{f'  [{reason}]' if reason else ''}")
    total = len(entries)
    print()
    print(f"pip {pip.__version__}, {total} files: {equal} equal ({equal / total:.1%}), ", end="")
    print(f"{explained} different for a listed reason, {total - equal - explained} otherwise")
    return 0 if equal + explained == total else 1


def compare(entry: dict[str, Any], version: str) -> Iterator[tuple[str, str | None]]:
    """Yield each difference on one file with its listed reason, `None` if there is none."""
    path = entry["path"]
    theirs = verdict_of_pip(path)
    project = read(path)
    ours = verdict_of_driftcheck(project)
    yield from stored_differences(entry, theirs, version)
    if theirs.stopped is not None and not any(is_the_same_stop(theirs.stopped, f) for f in project.faults):
        yield f"pip stops, driftcheck does not: {theirs.stopped[:120]!r}", reason_of_stop(theirs.stopped)
    for place, facts in theirs.taken.items():
        if place not in ours.taken:
            yield (
                f"line {place[1]}: only pip takes {facts}: {ours.refused.get(place)}",
                newer_refusal(entry, place, ours),
            )
        elif ours.taken[place] != facts:
            yield f"line {place[1]}: pip {facts}, driftcheck {ours.taken[place]}", None
    for place, error in theirs.refused.items():
        if place not in ours.refused:
            yield f"line {place[1]}: only pip refuses: {error[:100]}", reason_of_refusal(place, project)
    if theirs.stopped is None:
        for place in ours.taken.keys() - theirs.taken.keys() - theirs.refused.keys():
            yield f"line {place[1]}: only driftcheck takes {ours.taken[place]}", None
        for place in ours.refused.keys() - theirs.refused.keys() - theirs.taken.keys():
            yield f"line {place[1]}: only driftcheck refuses: {ours.refused[place]}", None


def stored_differences(
    entry: dict[str, Any], theirs: Verdict, version: str
) -> Iterator[tuple[str, str | None]]:
    """Check that pip says here what the index says it said."""
    for stored in (entry["pip"], entry["pip_new"]):
        if stored["version"] == version and "valid" in stored:
            found = (len(theirs.taken), len(theirs.refused))
            if found != (stored["valid"], stored.get("invalid_count", 0)):
                yield f"pip takes and refuses {found} lines here, not as in INDEX.json", "lines read twice"


def newer_refusal(entry: dict[str, Any], place: Place, ours: Verdict) -> str | None:
    """Return why driftcheck refuses what this pip takes: a newer one refuses it."""
    if ours.refused.get(place, "").startswith("#egg= must be"):
        return "newer pips refuse it too (InvalidEggFragment)"
    newer = entry["pip_new"]
    refused = {f"(line {place[1]})" in refusal["line"] for refusal in newer.get("invalid", ())}
    return f"pip {newer['version']} refuses it too" if True in refused else None


def reason_of_refusal(place: Place, project: Project) -> str | None:
    """Return why driftcheck takes what pip refuses."""
    for declaration in project.declarations:
        if (declaration.location.path, declaration.location.line) == place:
            source = declaration.source
            if isinstance(source, FromFolder) and not Path(source.path).exists():
                return "a folder that is missing here: named as a gap, it may exist where pip runs"
    return None


def reason_of_stop(stopped: str) -> str | None:
    """Return why driftcheck passes over what stops pip."""
    if "no such option: --global-option" in stopped:
        return "--global-option is let pass: older pips take it, and it does not choose a package"
    return None


def is_the_same_stop(stopped: str, fault: Fault) -> bool:
    """Whether a fault is about what stopped pip: the line's text, or the file that is missing."""
    missing = re.search(r"No such file or directory: '(.*)'", stopped)
    if missing:
        return os.path.relpath(missing[1]) in fault.message
    line = re.search(r"Invalid requirement: (.*)", stopped)
    return line is not None and fault.text[:60] == line[1][: len(fault.text[:60])]


def read(path: str) -> Project:
    """Read a file as `driftcheck check` does."""
    try:
        return read_project(
            InputWish(requirements=(path,)),
            environment=dict(os.environ),
            folder=Path.cwd(),
            no_deps=False,
            stdin=lambda: b"",
        )
    except (InputError, NothingToCheckError):
        return Project(name=path, inputs=(), declarations=())


def verdict_of_driftcheck(project: Project) -> Verdict:
    """Reduce a project to what can be compared."""
    verdict = Verdict()
    for fault in project.faults:
        verdict.refused[fault.location.path, fault.location.line or 0] = fault.message
    for declaration in project.declarations:
        location = declaration.location
        verdict.taken[location.path, location.line or 0] = facts_of(declaration)
    return verdict


def facts_of(declaration: Declaration) -> Facts:
    """Return what is compared of a declaration."""
    source = declaration.source
    is_index, is_vcs = isinstance(source, FromIndex), isinstance(source, FromVcs)
    return (
        declaration.name,
        str(declaration.specifier),
        tuple(declaration.extras),
        str(declaration.marker or ""),
        "index" if is_index else "vcs" if is_vcs else "direct",
        declaration.is_constraint,
    )


def verdict_of_pip(path: str) -> Verdict:
    """Run pip's own parser over a file."""
    from pip._internal.exceptions import InstallationError, PipError  # noqa: PLC0415
    from pip._internal.network.session import PipSession  # noqa: PLC0415
    from pip._internal.req.constructors import install_req_from_parsed_requirement  # noqa: PLC0415
    from pip._internal.req.req_file import parse_requirements  # noqa: PLC0415

    verdict = Verdict()
    try:
        for parsed in parse_requirements(path, session=PipSession()):
            came = re.fullmatch(r"-[rc] (.*) \(line (\d+)\)", parsed.comes_from)
            assert came is not None  # noqa: S101
            place = (os.path.relpath(came[1]), int(came[2]))
            try:
                requirement = install_req_from_parsed_requirement(parsed)
            except (PipError, ValueError) as error:
                verdict.refused[place] = f"{type(error).__name__}: {error}"
            else:
                verdict.taken[place] = facts_of_pip(requirement)
    except (InstallationError, PipError) as error:
        verdict.stopped = str(error)
    return verdict


def facts_of_pip(requirement: Any) -> Facts:  # noqa: ANN401 - pip has no public types
    """Return the same facts of pip's `InstallRequirement`, through the packaging of this environment."""
    specifier = str(requirement.req.specifier) if requirement.req else ""
    try:
        specifier = str(SpecifierSet(specifier))
    except InvalidSpecifier:  # pip's own, older packaging takes it
        specifier = f"invalid: {specifier}"
    kind = "index" if not requirement.link else "vcs" if requirement.link.is_vcs else "direct"
    return (
        canonicalize_name(requirement.name) if requirement.name else None,
        specifier,
        tuple(sorted(canonicalize_name(extra) for extra in requirement.extras)),
        str(Marker(str(requirement.markers))) if requirement.markers else "",
        kind,
        requirement.constraint,
    )


if __name__ == "__main__":
    sys.exit(main())
