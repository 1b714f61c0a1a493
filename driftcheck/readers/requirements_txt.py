"""Read requirements and constraints files as pip does, with all the files that they include."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from driftcheck.model.errors import InputError
from driftcheck.model.gap import Gap, Step
from driftcheck.model.location import Location
from driftcheck.model.project import Declaration, Fault, Hash, IndexOptions, InputFile
from driftcheck.model.reader import Document, Reader, Reading, Surroundings
from driftcheck.model.requirement_source import FromFolder, FromVcs
from driftcheck.readers.pip_lines.decoding import decode
from driftcheck.readers.pip_lines.included_files import (
    Budget,
    included_document,
    included_file,
    is_fetched,
    shown_path,
)
from driftcheck.readers.pip_lines.index_options import (
    unread_release_options,
    with_format_control,
    with_option_line,
)
from driftcheck.readers.pip_lines.line_error import LineError
from driftcheck.readers.pip_lines.links import is_folder
from driftcheck.readers.pip_lines.logical_lines import LogicalLine, logical_lines, unexpanded
from driftcheck.readers.pip_lines.options import NO_OPTIONS, LineOptions, Option, split_line
from driftcheck.readers.pip_lines.pep508 import ParsedRequirement
from driftcheck.readers.pip_lines.requirement import parse_editable, parse_requirement
from driftcheck.support.redaction import redacted

_MAX_LINE = (
    1_000_000  # characters of a joined line; a package with every hash of its files has some ten thousand
)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """What was read so far, of all files together."""

    surroundings: Surroundings
    options: IndexOptions
    budget: Budget
    read_before: set[tuple[Path, bool]] = field(default_factory=set)
    inputs: list[InputFile] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    has_hashes: bool = False
    accepts_missing_hashes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The file being read, and the files and lines that led to it."""

    document: Document
    folder: Path
    """The file's own, where its relative includes start."""
    ancestors: tuple[Path, ...] = ()
    via: tuple[Location, ...] = ()


def _matches(path: Path) -> bool:
    return path.suffix.lower() in {".txt", ".in", ".pip"}


def _read(document: Document, surroundings: Surroundings, options: IndexOptions) -> Reading:
    walk = _Walk(surroundings=surroundings, options=options, budget=Budget())
    folder = document.file.parent if document.file else surroundings.folder
    ancestors = (document.file,) if document.file else ()
    _read_file(_Place(document=document, folder=folder, ancestors=ancestors), walk)
    return Reading(
        inputs=tuple(walk.inputs),
        declarations=tuple(walk.declarations),
        index_options=walk.options,
        has_hashes=walk.has_hashes,
        accepts_missing_hashes=walk.accepts_missing_hashes,
        faults=tuple(walk.faults),
        gaps=tuple(walk.gaps),
    )


def _read_file(place: _Place, walk: _Walk) -> None:
    path = place.document.path
    text, decoding_faults = decode(place.document.data, path)
    for fault in decoding_faults:
        location = Location(path=path, line=fault.line)
        walk.faults.append(Fault(location=location, text="", message=fault.message))
    position = len(walk.inputs)
    walk.inputs.append(InputFile(path=path, format=READER.name, requirements=0))
    own = 0
    for line in logical_lines(text, walk.surroundings.environment):
        walk.budget.spend_line(path)
        try:
            own += _read_line(line, place, walk)
        except LineError as error:
            walk.faults.append(_fault(line, place, walk, str(error)))
    walk.inputs[position] = replace(walk.inputs[position], requirements=own)


def _read_line(line: LogicalLine, place: _Place, walk: _Walk) -> int:
    """Take in one line and return how many requirements it holds: 0 or 1."""
    if len(line.expanded) > _MAX_LINE:
        raise LineError(f"a line of {len(line.expanded):,} characters; at most {_MAX_LINE:,} are read")
    text, options = split_line(line.expanded)
    if options is not NO_OPTIONS:
        walk.options = with_format_control(walk.options, options)
        if not text and options.has(Option.EDITABLE) and options.passed_over[:1] == ("@",):
            raise LineError('-e needs quotes around what holds spaces: write `-e "name @ URL"`')
        _note_unread(line, options, place, walk)
    if text:
        _declare(parse_requirement(text, walk.surroundings.folder), line, options, place, walk)
        return 1
    if editables := options.values(Option.EDITABLE):
        if place.document.is_constraint:
            raise LineError("pip takes no -e in a constraints file")
        parsed = parse_editable(editables[0], walk.surroundings.folder)
        _declare(parsed, line, NO_OPTIONS, place, walk)
        return 1
    if included := options.values(Option.REQUIREMENT):
        _include(included[0], line, place, walk, is_constraint=False)
    elif included := options.values(Option.CONSTRAINT):
        _include(included[0], line, place, walk, is_constraint=True)
    else:
        walk.accepts_missing_hashes |= options.has(Option.NO_REQUIRE_HASHES)
        folder = walk.surroundings.folder
        walk.options = with_option_line(walk.options, options, file_folder=place.folder, folder=folder)
    return 0


def _note_unread(line: LogicalLine, options: LineOptions, place: _Place, walk: _Walk) -> None:
    """Say what pip drops without a word, and what driftcheck does not take into account."""
    if options.passed_over:
        words = redacted(" ".join(options.passed_over))[:100]
        _add_gap(line, place, walk, f"pip passes over {words!r}, because it stands behind an option")
    for option, name in ((Option.EDITABLE, "-e"), (Option.REQUIREMENT, "-r"), (Option.CONSTRAINT, "-c")):
        if len(options.values(option)) > 1:
            _add_gap(line, place, walk, f"pip takes only the first {name} of a line")
    if names := unread_release_options(options):
        shown = ", ".join(names)[:100]
        _add_gap(line, place, walk, f"--all-releases and --only-final of {shown} are not taken into account")


def _declare(
    parsed: ParsedRequirement, line: LogicalLine, options: LineOptions, place: _Place, walk: _Walk
) -> None:
    hashes = parsed.hashes
    if options is not NO_OPTIONS and (given := options.values(Option.HASH)):
        walk.has_hashes = True
        hashes += tuple(Hash(algorithm=a, digest=d.lower()) for a, _, d in (h.partition(":") for h in given))
    is_constraint = place.document.is_constraint
    extras = parsed.extras
    if is_constraint and parsed.name is None:
        raise LineError("pip takes no constraint without a name; write `name @ URL`")
    if is_constraint and extras:
        # pip refuses the line; without its extras it still bounds the version, as uv takes it.
        walk.faults.append(_fault(line, place, walk, "pip takes no extras in a constraints file"))
        extras = ()
    declaration = Declaration(
        name=parsed.name,
        display_name=unexpanded(parsed.display_name, line, walk.surroundings.environment),
        specifier=parsed.specifier,
        extras=extras,
        marker=parsed.marker,
        source=parsed.source,
        hashes=tuple(sorted(set(hashes))) if hashes else (),
        location=Location(path=place.document.path, line=line.number),
        text=redacted(line.written)[:500] if "@" in line.written else line.written[:500],
        via=place.via,
        is_constraint=is_constraint,
    )
    walk.declarations.append(declaration)
    if not is_constraint and (reason := _why_unchecked(declaration)) is not None:
        _add_gap(line, place, walk, reason, package=parsed.name, is_package=True)


def _why_unchecked(declaration: Declaration) -> str | None:
    source = declaration.source
    if isinstance(source, FromVcs):
        return f"it comes from version control, {redacted(source.url)}, and not from an index"
    if isinstance(source, FromFolder):
        missing = "" if is_folder(source.path) else ", which does not exist here"
        return f"it comes from the folder {redacted(source.path)}{missing}, and not from an index"
    return None if declaration.name else "the URL does not tell the project's name; write `name @ URL`"


def _include(target: str, line: LogicalLine, place: _Place, walk: _Walk, *, is_constraint: bool) -> None:
    option = "-c" if is_constraint else "-r"
    if is_fetched(target):
        shown = redacted(target)
        reason = f"{option} {shown} is not read: driftcheck fetches no requirements files"
        _add_gap(line, place, walk, reason)
        return
    surroundings = walk.surroundings
    try:
        file = included_file(target, place.folder)
        if file in place.ancestors:  # pip 26 refuses it too; older ones ran out of stack
            raise LineError(f"{shown_path(file, surroundings.folder)} includes itself, by way of this line")
        if (file, is_constraint) in walk.read_before:
            return  # the same facts again, which pip counts twice
        document = included_document(
            file,
            surroundings=surroundings,
            is_constraint=is_constraint,
            budget=walk.budget,
            depth=len(place.via),
        )
        walk.read_before.add((file, is_constraint))
        via = (*place.via, Location(path=place.document.path, line=line.number))
        ancestors = (*place.ancestors, file)
        _read_file(_Place(document=document, folder=file.parent, ancestors=ancestors, via=via), walk)
    except InputError as error:
        raise LineError(f"{option}: {error}") from error


def _fault(line: LogicalLine, place: _Place, walk: _Walk, message: str) -> Fault:
    message = unexpanded(message, line, walk.surroundings.environment)
    location = Location(path=place.document.path, line=line.number)
    return Fault(location=location, text=redacted(line.written)[:200], message=message)


def _add_gap(
    line: LogicalLine,
    place: _Place,
    walk: _Walk,
    reason: str,
    *,
    package: str | None = None,
    is_package: bool = False,
) -> None:
    location = Location(path=place.document.path, line=line.number)
    subject = package or redacted(line.written)[:200]
    reason = unexpanded(reason, line, walk.surroundings.environment)
    walk.gaps.append(
        Gap(subject=subject, step=Step.READ, reason=reason, location=location, is_package=is_package)
    )


READER = Reader(name="requirements.txt", matches=_matches, read=_read)
