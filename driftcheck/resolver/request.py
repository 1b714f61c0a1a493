"""What the user's lines ask for on a target, and what can be said of them before anything else is looked at.

A line whose wish nothing fulfils does not end the run: it becomes a `Miss`, and lines that contradict
each other are settled in favour of the pin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from packaging.utils import NormalizedName

from driftcheck.model.gap import Gap, Step
from driftcheck.model.project import Declaration, Project
from driftcheck.model.requirement_source import FromArchive
from driftcheck.model.resolution import MissReason
from driftcheck.resolver.archive import archive_candidate
from driftcheck.resolver.library import Library
from driftcheck.resolver.wish import ANY_VERSION, Candidate, Wish, make_wish
from driftcheck.support.redaction import redacted


@dataclass(slots=True, kw_only=True)
class Request:
    """The user's wishes, by name."""

    roots: dict[NormalizedName, list[Wish]] = field(default_factory=dict)
    """{name: the wishes of the requirement lines}, all sorted: the order of lines means nothing."""
    lines: dict[NormalizedName, list[Declaration]] = field(default_factory=dict)
    """{name: the requirement and constraint lines that apply on the target, in the inputs' order}"""
    unneeded: list[Declaration] = field(default_factory=list)
    unmet: list[tuple[Wish, MissReason]] = field(default_factory=list)
    """The wishes that no release fulfils."""
    gaps: list[Gap] = field(default_factory=list)

    def own_wishes(self, name: NormalizedName, library: Library) -> list[Wish]:
        """Return what requirement lines and constraints ask of a name."""
        return [*self.roots.get(name, ()), *library.bounds.get(name, ())]


def read_lines(project: Project, library: Library) -> Request:
    """Sort the project's lines by name; nothing is looked up."""
    request = Request()
    environment = dict(library.target.marker_environment)
    for declaration in project.declarations:
        if not declaration.applies(environment):
            if not declaration.is_constraint:
                request.unneeded.append(declaration)
        else:
            _take(declaration, request, library)
    request.roots = {name: sorted(wishes, key=_text_of) for name, wishes in sorted(request.roots.items())}
    library.bounds = {name: tuple(sorted(wishes, key=_text_of)) for name, wishes in library.bounds.items()}
    return request


def _text_of(wish: Wish) -> tuple[str, list[str]]:
    return (str(wish.specifier), sorted(wish.extras))


def check_lines(request: Request, library: Library) -> None:
    """Find the lines that nothing fulfils, and settle what can be settled from one name alone.

    Raises:
        OutOfBoundsError: a limit was reached.
    """
    names = [name for name in request.roots if name not in library.settled]
    library.prefetch_pages(names)
    _prefetch_pins(names, request, library)
    for name in names:
        _check_name(name, request, library)


def _take(declaration: Declaration, request: Request, library: Library) -> None:
    name = declaration.name
    if not declaration.is_from_index:
        name = _take_source(declaration, request, library)
    if name is None:
        return
    request.lines.setdefault(name, []).append(declaration)
    specifier = declaration.specifier if declaration.is_from_index else ANY_VERSION
    extras = () if declaration.is_constraint else declaration.extras
    wish = make_wish(name, specifier, extras=extras, declaration=declaration)
    if wish.pin is not None:
        library.kept_as_written.add(name)
    if declaration.is_constraint:
        library.bounds[name] = (*library.bounds.get(name, ()), wish)
    else:
        request.roots.setdefault(name, []).append(wish)


def _take_source(declaration: Declaration, request: Request, library: Library) -> NormalizedName | None:
    """Note what does not come from an index, and return its name, `None` if that is not known."""
    source = declaration.source
    candidate: Candidate | None = None
    if isinstance(source, FromArchive):
        candidate = archive_candidate(declaration, source.url)
        if candidate is None:
            reason = f"the file name of {redacted(source.url)} does not say which release it is"
            request.gaps.append(
                Gap(
                    subject=declaration.name or declaration.display_name,
                    step=Step.RESOLVE,
                    reason=reason,
                    location=declaration.location,
                    is_package=True,
                )
            )
    if candidate is not None:
        library.exclusive.setdefault(candidate.name, candidate)
        return candidate.name
    if declaration.name is not None:
        unknown = Candidate(name=declaration.name, version=None, release=None)
        library.settled.setdefault(declaration.name, unknown)
    return declaration.name


def _prefetch_pins(names: Iterable[NormalizedName], request: Request, library: Library) -> None:
    """Ask for the metadata of what is pinned, or else for the newest, before anything is waited for."""
    likely = []
    for name in names:
        wishes = request.own_wishes(name, library)
        candidate = next(library.matching(name, wishes), None)
        if candidate is not None:
            likely.append(candidate)
            if len(likely) >= _BATCH:
                library.prefetch(likely)
                likely = []
    library.prefetch(likely)


_BATCH = 8
"""How many pages are read before metadata is asked for: little enough that both are fetched at once."""


def _check_name(name: NormalizedName, request: Request, library: Library) -> None:
    wishes = request.own_wishes(name, library)
    best = library.best(name, wishes, within_bounds=False)
    if name in library.unreachable:
        library.absent.add(name)
        return
    if best is not None:
        if library.facts(best).excludes_python:
            pin = next((wish for wish in wishes if wish.pin is not None), wishes[0])
            request.unmet.append((pin, MissReason.NO_INSTALLABLE_FILE))
        return
    if name in library.exclusive:
        library.settled[name] = library.exclusive[name]
        return
    unmet = [wish for wish in wishes if library.best(name, [wish], within_bounds=False) is None]
    request.unmet.extend((wish, why_unmet(wish, library)) for wish in unmet)
    if unmet:
        kept = next((one for wish in unmet if (one := _as_written(wish, library)) is not None), None)
        if kept is None:
            library.absent.add(name)
        else:
            library.settled[name] = kept
        return
    settle(name, sorted(wishes, key=lambda wish: wish.pin is None), library)


def settle(name: NormalizedName, wishes: Sequence[Wish], library: Library) -> bool:
    """Settle a name on the best candidate for as many wishes as go together, earlier ones first.

    Constraints count only if they are among the wishes.

    Returns:
        Whether there is a candidate for any of them.
    """
    together: list[Wish] = []
    best: Candidate | None = None
    for wish in wishes:
        candidate = library.best(name, [*together, wish], within_bounds=False)
        if candidate is not None:
            together.append(wish)
            best = candidate
    if best is not None:
        library.settled[name] = best.base or best
    return best is not None


def why_unmet(wish: Wish, library: Library) -> MissReason:
    """Say why no release fulfils a wish, constraints aside."""
    shelf = library.shelf(wish.name)
    if shelf is None:
        return MissReason.UNKNOWN_PROJECT
    versions = [version for version in shelf.page.versions if wish.allows(version)]
    if not versions:
        return MissReason.UNKNOWN_VERSION
    if all(shelf.release(version) is None for version in versions):
        return MissReason.AFTER_AS_OF
    return MissReason.NO_INSTALLABLE_FILE


def _as_written(wish: Wish, library: Library) -> Candidate | None:
    """Return a pinned release that installs nowhere on the target, with nothing to install."""
    shelf = library.shelf(wish.name)
    release = shelf.release(wish.pin) if shelf is not None and wish.pin is not None else None
    if release is None:
        return None
    return Candidate(name=wish.name, version=release.version, release=release)
