"""Which file of a release pip would take on a target, and why it takes none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from packaging.tags import Tag
from packaging.version import Version

from driftcheck.model.project import FormatControl
from driftcheck.model.release import DistributionFile, Release, parse_requires_python
from driftcheck.model.target import Target


@lru_cache(maxsize=4096)
def wheel_tags(tag_part: str) -> tuple[Tag, ...]:
    """Expand a compressed tag set such as `cp39.cp310-abi3-manylinux_2_17_x86_64` (PEP 425)."""
    interpreters, abis, platforms = tag_part.split("-")
    return tuple(
        Tag(interpreter, abi, platform)
        for interpreter in interpreters.split(".")
        for abi in abis.split(".")
        for platform in platforms.split(".")
    )


def tags_of(file: DistributionFile) -> tuple[Tag, ...]:
    """Return the tags of a wheel, none for an sdist or a name with too few parts."""
    tag_set = _tag_set_of(file)
    return () if tag_set is None else wheel_tags(tag_set)


def wheel_rank(file: DistributionFile, target: Target) -> int | None:
    """Return how well a wheel fits (0 is best), `None` if it does not install on the target."""
    tag_set = _tag_set_of(file)
    if tag_set is None:
        return None
    known = target.tag_set_ranks
    if tag_set not in known:  # 2,000 files of a run have 500 tag sets among them
        ranks = [rank for tag in wheel_tags(tag_set) if (rank := target.tag_ranks.get(tag)) is not None]
        known[tag_set] = min(ranks, default=None)
    return known[tag_set]


def _tag_set_of(file: DistributionFile) -> str | None:
    """Return the last three parts of a wheel's name, `None` for an sdist or a name with too few parts."""
    if not file.is_wheel:
        return None
    _, *parts = file.filename.removesuffix(".whl").rsplit("-", 3)
    return "-".join(parts) if len(parts) == 3 else None


def allows_python(file: DistributionFile, target: Target) -> bool:
    """Whether the file's Requires-Python allows the target's Python."""
    return file.requires_python is None or _supports(file.requires_python, target)


def is_installable(file: DistributionFile, *, target: Target, format_control: FormatControl) -> bool:
    """Whether pip would consider the file: tags, Requires-Python, format options; yanked or not."""
    if file.is_wheel:
        fits = format_control.allows_wheels(file.name) and wheel_rank(file, target) is not None
    else:
        fits = format_control.allows_sdists(file.name)
    return fits and allows_python(file, target)


def installable_files(
    release: Release, *, target: Target, format_control: FormatControl
) -> Iterator[DistributionFile]:
    """Yield the files of a release that pip would consider, the best first.

    Wheels come before sdists; among wheels the best tag, then the highest build number wins
    (pip's `CandidateEvaluator._sort_key`).
    """
    files = [f for f in release.files if is_installable(f, target=target, format_control=format_control)]

    def order(file: DistributionFile) -> tuple[bool, int, tuple[int, str]]:
        rank = wheel_rank(file, target)
        number, text = build_number(file)
        return (rank is None, rank or 0, (-number, text))

    yield from sorted(files, key=order)


def build_number(file: DistributionFile) -> tuple[int, str]:
    """Return a wheel's build tag as PEP 427 compares it: digits, then the rest; (0, "") if it has none."""
    parts = file.filename.removesuffix(".whl").split("-")
    if not file.is_wheel or len(parts) != 6:
        return (0, "")
    digits = len(parts[2]) - len(parts[2].lstrip("0123456789"))
    return (int(parts[2][:digits] or "0"), parts[2][digits:])


@lru_cache(maxsize=8192)
def _supports_version(requires_python: str, python_version: Version) -> bool:
    specifier = parse_requires_python(requires_python)
    return specifier is None or specifier.contains(python_version, prereleases=True)


def _supports(requires_python: str, target: Target) -> bool:
    return _supports_version(requires_python, target.python_version)
