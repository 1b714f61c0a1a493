"""Say in words for which Pythons and platforms a release has wheels."""

from __future__ import annotations

import re
from collections.abc import Iterable

from packaging.tags import Tag

from driftcheck.model.installable import allows_python, tags_of
from driftcheck.model.release import DistributionFile, Release
from driftcheck.model.target import Target

_FAMILIES = (
    ("manylinux", "Linux"),
    ("linux", "Linux"),
    ("musllinux", "musl Linux"),
    ("macosx", "macOS"),
    ("win", "Windows"),
    ("android", "Android"),
    ("ios", "iOS"),
    ("emscripten", "Emscripten"),
    ("pyodide", "Pyodide"),
)
_INTERPRETER = re.compile(r"(?P<kind>[a-z]+)(?P<major>\d)(?P<minor>\d{0,3})\Z")


def reach(release: Release, target: Target) -> str:
    """Return a clause such as `its wheels for linux are for Python 3.6–3.9`.

    The most telling reason comes first: no wheel at all, other platforms only, other Pythons only,
    Requires-Python.
    """
    wheels = [file for file in release.files if file.is_wheel]
    if not wheels:
        return "the release has no wheel at all"
    tags = [tag for wheel in wheels for tag in tags_of(wheel)]
    platforms = {tag.platform for tag in target.tags}
    here = [tag for tag in tags if tag.platform in platforms]
    if not tags:
        return "its wheels have no tags that could be read"
    if not here:
        return f"its wheels are for {platform_names(tags, target)} only"
    fitting = [w for w in wheels if any(tag in target.tag_ranks for tag in tags_of(w))]
    if fitting:
        if any(wheel.yanked is not None and allows_python(wheel, target) for wheel in fitting):
            return "its wheel that would fit was yanked"
        bounds = sorted({w.requires_python for w in fitting if w.requires_python is not None})
        return f"its wheels that would fit say Requires-Python {' or '.join(bounds)}"
    return f"its wheels for {target.platform} are for {python_names(here)}"


def distance(file: DistributionFile, target: Target) -> int:
    """Return how far a file is from a target: 0 for a wheel of its platform, 1 of its system, 2 otherwise."""
    platforms = {tag.platform for tag in tags_of(file)}
    if not platforms.isdisjoint(tag.platform for tag in target.tags):
        return 0
    return 1 if _family(target.platform_tag) in map(_family, platforms) else 2


def python_names(tags: Iterable[Tag]) -> str:
    """Return e.g. `Python 3.6–3.9 and PyPy 3.7`, sorted, runs joined."""
    pythons: set[tuple[int, int]] = set()
    others: set[str] = set()
    for tag in tags:
        match = _INTERPRETER.match(tag.interpreter)
        if match is None:
            others.add(tag.interpreter)
            continue
        major, minor = int(match["major"]), match["minor"]
        if match["kind"] == "pp" and minor:
            others.add(f"PyPy {major}.{minor}")
        elif match["kind"] not in {"cp", "py"}:
            others.add(tag.interpreter)
        elif tag.abi == "abi3":
            others.add(f"Python {major}.{minor} and later")
        elif tag.abi.endswith("t"):
            others.add(f"free-threaded Python {major}.{minor}")
        elif minor:
            pythons.add((major, int(minor)))
        else:
            others.add(f"Python {major}")
    texts = [f"Python {_runs(pythons)}"] if pythons else []
    return _listed([*texts, *sorted(others)])


def platform_names(tags: Iterable[Tag], target: Target) -> str:
    """Return e.g. `Windows and macOS`; platform tags as written where the family is the target's own."""
    family = _family(target.platform_tag)
    found = {_family(tag.platform): tag.platform for tag in tags}
    same = sorted({tag.platform for tag in tags if _family(tag.platform) == family})
    names = sorted(name for name in found if name != family)
    return _listed([*same[:4], *names])


def _family(platform: str) -> str:
    for prefix, name in _FAMILIES:
        if platform.startswith(prefix):
            return name
    return platform


def _runs(pythons: set[tuple[int, int]]) -> str:
    runs: list[list[tuple[int, int]]] = []
    for major, minor in sorted(pythons):
        if runs and runs[-1][-1] == (major, minor - 1):
            runs[-1].append((major, minor))
        else:
            runs.append([(major, minor)])
    texts = [
        f"{run[0][0]}.{run[0][1]}" + (f"–{run[-1][0]}.{run[-1][1]}" if len(run) > 1 else "") for run in runs
    ]
    return _listed(texts)


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}" if texts else "nothing"
