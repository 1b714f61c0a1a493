"""What the readers understood of one set of inputs: declarations, index settings, faults and gaps."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from driftcheck.model.gap import Gap
from driftcheck.model.location import Location
from driftcheck.model.requirement_source import FromIndex, RequirementSource


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Hash:
    """A hash that a file must have (`--hash=sha256:…`)."""

    algorithm: str
    digest: str
    """Lower-case hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One requirement or constraint as the user wrote it."""

    name: NormalizedName | None
    """`None` if only the archive, repository or folder knows (`-e .`, a URL without `#egg=`)."""
    display_name: str
    """The name as written, or the URL (without password) or path where there is none."""
    specifier: SpecifierSet
    extras: tuple[NormalizedName, ...]
    """Sorted, without duplicates."""
    marker: Marker | None
    source: RequirementSource
    hashes: tuple[Hash, ...]
    """Sorted; empty if the line has none."""
    location: Location
    text: str
    """The logical line as written, continuation lines joined, at most 500 characters."""
    via: tuple[Location, ...] = ()
    """The `-r` and `-c` lines that led here, outermost first."""
    is_constraint: bool = False
    group: str | None = None
    """The extra or dependency group that holds it; `None` for the file's main list."""

    @property
    def is_from_index(self) -> bool:
        """Whether an index is to provide it."""
        return isinstance(self.source, FromIndex)

    @property
    def pin(self) -> Version | None:
        """The one version that `==` (without `*`) or `===` allows; `None` if not pinned."""
        return pinned_version(self.specifier)

    def applies(self, environment: dict[str, str]) -> bool:
        """Whether the marker holds in a target's marker environment (PEP 508; no extra is active)."""
        return self.marker is None or self.marker.evaluate({**environment, "extra": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatControl:
    """pip's `--only-binary` and `--no-binary`: names, or `:all:`; the later option wins, as in pip."""

    only_binary: frozenset[str] = frozenset()
    no_binary: frozenset[str] = frozenset()

    def allows_wheels(self, name: NormalizedName) -> bool:
        """Whether a wheel of this package may be used."""
        if name in self.only_binary:
            return True
        return not (name in self.no_binary or ":all:" in self.no_binary)

    def allows_sdists(self, name: NormalizedName) -> bool:
        """Whether an sdist of this package may be used."""
        if name in self.no_binary:
            return True
        return not (name in self.only_binary or ":all:" in self.only_binary)

    def with_only_binary(self, value: str) -> FormatControl:
        """Return the control after one more `--only-binary VALUE`: names by commas, `:all:`, `:none:`."""
        only, none = _exclude_each_other(value, target=self.only_binary, other=self.no_binary)
        return FormatControl(only_binary=only, no_binary=none)

    def with_no_binary(self, value: str) -> FormatControl:
        """Return the control after one more `--no-binary VALUE`."""
        none, only = _exclude_each_other(value, target=self.no_binary, other=self.only_binary)
        return FormatControl(only_binary=only, no_binary=none)


def _exclude_each_other(
    value: str, *, target: frozenset[str], other: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return (target, other) after one more option, as pip's `FormatControl.handle_mutual_excludes` does."""
    wanted, unwanted = set(target), set(other)
    words = value.split(",")
    if ":all:" in words:
        last = len(words) - 1 - words[::-1].index(":all:")
        wanted, unwanted, words = {":all:"}, set(), words[last + 1 :]
        if ":none:" not in words:  # `:all:` covers whatever follows it
            return frozenset(wanted), frozenset()
    for word in words:
        if word == ":none:":
            wanted.clear()
        else:
            name = canonicalize_name(word)
            unwanted.discard(name)
            wanted.add(name)
    return frozenset(wanted), frozenset(unwanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexOptions:
    """What a file, the command line or pip's and uv's configuration say about where packages come from."""

    index_url: str | None = None
    """`None` if not said here: the next source of settings decides."""
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    """Folders or URLs of pages; relative folders already made absolute against the file that names them."""
    no_index: bool = False
    trusted_hosts: tuple[str, ...] = ()
    format_control: FormatControl = FormatControl()
    prefer_binary: bool = False
    pre: bool = False
    require_hashes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One file that was read."""

    path: str
    format: str
    """The reader's name, e.g. `requirements.txt`."""
    requirements: int
    """How many declarations stand in this file itself, constraints included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A line that could not be understood; reported as an `invalid-requirement` finding, the rest goes on."""

    location: Location
    text: str
    """The offending text, at most 200 characters."""
    message: str
    """What was expected and found, one sentence without a full stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One environment to be: everything that is installed together."""

    name: str
    """What the user pointed at, for headings."""
    inputs: tuple[InputFile, ...]
    declarations: tuple[Declaration, ...]
    """In the order pip meets them; constraints among them."""
    index_options: IndexOptions = IndexOptions()
    requires_python: SpecifierSet | None = None
    python_pin: str | None = None
    """The Python that the project's `.python-version` names, e.g. `3.11` or `3.11.4`; `None` if none."""
    claims_complete: bool = False
    """Whether the input says that it lists everything that gets installed (hashes, `--no-deps`, a lock)."""
    requires_hashes: bool = False
    """Whether pip would ask a hash of everything: a line has `--hash`, or `--require-hashes` is given."""
    installs_dependencies: bool = True
    """False for `--no-deps`: what the pins themselves require is not installed."""
    faults: tuple[Fault, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def requirements(self) -> tuple[Declaration, ...]:
        """The declarations that get installed (no constraints)."""
        return tuple(d for d in self.declarations if not d.is_constraint)

    @property
    def constraints(self) -> tuple[Declaration, ...]:
        """The declarations that only bound what gets installed."""
        return tuple(d for d in self.declarations if d.is_constraint)


def pinned_version(specifier: SpecifierSet) -> Version | None:
    """Return the version that a specifier set allows alone, or `None` if it is not a pin (PEP 440)."""
    for clause in specifier:
        if clause.operator in ("==", "===") and not clause.version.endswith(".*"):
            try:
                return Version(clause.version)
            except InvalidVersion:  # `===` takes any text
                return None
    return None
