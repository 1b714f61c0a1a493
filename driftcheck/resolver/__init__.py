"""What pip would install on a target: requirements and an index become a set, or the reasons why not.

The user's lines are read first (`request`), then everything they bring is walked through (`closure`),
which mostly is the answer already; else pip's own search decides (`provider`). What contradicts is set
aside and told (`outcome`), so that a run always ends with a set.
"""

from __future__ import annotations

from dataclasses import replace

from driftcheck.model.catalogue import Catalogue
from driftcheck.model.gap import Gap, Step
from driftcheck.model.progress import Progress
from driftcheck.model.project import Project
from driftcheck.model.resolution import Resolution
from driftcheck.model.target import Target
from driftcheck.resolver.certainty import is_the_answer
from driftcheck.resolver.closure import Walk, settle_certain_contradictions, walk
from driftcheck.resolver.contradiction import set_aside
from driftcheck.resolver.library import Library, OutOfBoundsError
from driftcheck.resolver.options import ResolveLimits, ResolveOptions
from driftcheck.resolver.outcome import FoundSet, Outcome
from driftcheck.resolver.request import Request, check_lines, read_lines

__all__ = ["ResolveLimits", "ResolveOptions", "resolve"]


def resolve(
    project: Project, target: Target, catalogue: Catalogue, options: ResolveOptions, progress: Progress
) -> Resolution:
    """Return what pip would install for a project on a target.

    What can't be satisfied never ends the run: a wish without any release becomes a `Miss`,
    contradictory wishes become a `Conflict` and the user's pins stand, and what could not be looked at
    becomes a `Gap`. Only faults of the program itself are raised.

    Args:
        project: whose declarations are resolved.
        target: the Python and platform.
        catalogue: the indexes.
        options: pip's format options, `--pre`, and the day.
        progress: hears how many packages are known.
    """
    library = Library(
        target=target,
        options=options,
        catalogue=catalogue,
        progress=progress,
        installs_dependencies=project.installs_dependencies,
    )
    request = read_lines(project, library)
    walks = [Walk()]
    gave_up: Gap | None = None
    try:
        check_lines(request, library)
        _walk_until_settled(walks, request, library)
        chosen = _decide(walks[-1], request, library)
    except OutOfBoundsError as error:
        chosen = walks[-1].chosen
        gave_up = Gap(
            subject=project.name,
            step=Step.RESOLVE,
            reason=f"no set that fits was found before {error}; the newest release of each package was taken",
        )
    resolution = Outcome(request=request, library=library, chosen=chosen).tell()
    if gave_up is None:
        return resolution
    gaps = sorted([*resolution.gaps, gave_up], key=lambda gap: gap.sort_key)
    return replace(resolution, gaps=tuple(gaps))


def _walk_until_settled(walks: list[Walk], request: Request, library: Library) -> None:
    """Walk, and walk again after every round of settling; the last of `walks` is the one that counts."""
    walk(walks[-1], request, library)
    for _ in range(library.options.limits.attempts):
        if not settle_certain_contradictions(walks[-1], request, library):
            break
        walks.append(Walk())
        walk(walks[-1], request, library)


def _decide(walked: Walk, request: Request, library: Library) -> FoundSet:
    if is_the_answer(walked, request, library):
        return walked.chosen
    from driftcheck.resolver.provider import NoSetError, find_set  # noqa: PLC0415 - most runs do without

    for _ in range(library.options.limits.attempts):
        try:
            return find_set(request, library)
        except NoSetError as error:
            if not set_aside(error.causes, request, library):
                break
    message = f"{library.options.limits.attempts} contradictions were set aside"
    raise OutOfBoundsError(message)
