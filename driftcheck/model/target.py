"""The Python and platform for which a question is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A Python on a platform: everything that markers, wheel tags and Requires-Python are evaluated for."""

    python_version: Version
    """Always with a patch release, e.g. 3.9.25."""
    platform: str
    """As the user named it (uv's names), e.g. `linux`, `x86_64-manylinux_2_28`; or the running machine's."""
    platform_tag: str
    """The most specific wheel platform tag, e.g. `manylinux_2_36_x86_64`."""
    tags: tuple[Tag, ...] = field(repr=False)
    """Every wheel tag that installs there, best first, as `packaging.tags` orders them."""
    marker_environment: Mapping[str, str] = field(repr=False, hash=False)
    """PEP 508 variables without `extra`."""
    tag_ranks: Mapping[Tag, int] = field(repr=False, hash=False, compare=False)
    """{tag: position in `tags`}."""
    tag_set_ranks: dict[str, int | None] = field(
        default_factory=dict, repr=False, hash=False, compare=False, init=False
    )
    """What `installable.wheel_rank` found so far, {compressed tag set: best position or `None`}."""

    def __str__(self) -> str:
        return f"Python {self.python_version} on {self.platform}"

    @property
    def kind(self) -> str:
        """What a finding may depend on, e.g. `3.9 linux`: no patch release, so that fingerprints last."""
        return f"{self.python_version.major}.{self.python_version.minor} {self.platform}"

    def supports_python(self, requires_python: SpecifierSet | None) -> bool:
        """Whether a Requires-Python allows this Python; a missing one allows all."""
        return requires_python is None or requires_python.contains(self.python_version, prereleases=True)


def name_targets(targets: Iterable[Target]) -> str:
    """Name several targets for people, e.g. `Python 3.9.25, 3.12.4 on linux, windows`; in the order given."""
    pythons: dict[str, list[str]] = {}
    for target in targets:
        pythons.setdefault(target.platform, []).append(str(target.python_version))
    platforms: dict[tuple[str, ...], list[str]] = {}
    for platform, versions in pythons.items():
        platforms.setdefault(tuple(dict.fromkeys(versions)), []).append(platform)
    return "; ".join(f"Python {', '.join(v)} on {', '.join(p)}" for v, p in platforms.items())
