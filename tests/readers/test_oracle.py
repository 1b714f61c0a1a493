"""On real files the reader agrees with pip-requirements-parser, wherever that still speaks for pip.

The files are not part of the project: `DRIFTCHECK_CORPUS` names a folder with a `requirements/` folder in it.
`benchmarks/corpus_parity.py` compares the same files with pip itself.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from driftcheck.model.errors import NothingToCheckError
from tests.house_rules.tree import ROOT
from tests.readers.reading import read

CORPUS = Path(os.environ.get("DRIFTCHECK_CORPUS", ROOT.parent / "shared" / "corpus"))
FILES = sorted(p.relative_to(CORPUS).as_posix() for p in (CORPUS / "requirements").rglob("*.txt"))

Facts = tuple[str | None, SpecifierSet, frozenset[str], frozenset[str]]
"""Name, specifier, extras, hashes."""


def ours(path: str) -> tuple[dict[int, Facts], set[int]]:
    try:
        project = read(CORPUS, path)
    except NothingToCheckError:
        return {}, set()
    lines: dict[int, Facts] = {}
    for d in project.declarations:
        # The oracle refuses index options behind a requirement; pip takes such lines.
        if d.location.path == path and d.is_from_index and " --no-binary" not in d.text:
            hashes = frozenset(f"{h.algorithm}:{h.digest}" for h in d.hashes)
            lines[d.location.line or 0] = (d.name, d.specifier, frozenset(d.extras), hashes)
    return lines, {fault.location.line or 0 for fault in project.faults}


def theirs(path: str) -> tuple[dict[int, Facts], set[int]]:
    """Gives what the parser takes, and the lines that it still takes though pip no longer does."""
    parser = pytest.importorskip("pip_requirements_parser")
    lines: dict[int, Facts] = {}
    outdated: set[int] = set()
    for requirement in parser.RequirementsFile.from_file(str(CORPUS / path)).requirements:
        if requirement.req is None or requirement.link is not None or requirement.is_editable:
            continue
        try:
            specifier = SpecifierSet(str(requirement.specifier or ""))
        except InvalidSpecifier:
            outdated.add(requirement.requirement_line.line_number)
            continue
        lines[requirement.requirement_line.line_number] = (
            canonicalize_name(requirement.name),
            specifier,
            frozenset(canonicalize_name(extra) for extra in requirement.extras),
            frozenset(requirement.hash_options),
        )
    return lines, outdated


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.skipif(not FILES, reason="no corpus here: DRIFTCHECK_CORPUS names none")
@pytest.mark.parametrize("path", FILES)
def test_the_same_lines_say_the_same(path: str) -> None:
    found, refused = ours(path)
    expected, outdated = theirs(path)
    assert {line: facts for line, facts in expected.items() if line not in refused} == found
    assert outdated <= refused
