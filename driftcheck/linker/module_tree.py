"""All modules of all wheels of a set in one tree of dotted names, as one site-packages folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from driftcheck.linker.archive import LinkedWheel, installed_paths
from driftcheck.model.errors import DriftcheckError

_EXTENSION = re.compile(r"^(?P<stem>[^.]+)\.(?:(?P<abi>(?:cpython-|cp|abi3|pypy)[\w-]*)\.)?so$")
_MAX_SEARCHED_BYTES = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a module comes from."""

    name: str
    """Dotted."""
    wheel: LinkedWheel | None
    """`None` for a namespace package: several wheels may share it."""
    path: str
    """Below site-packages."""
    member: str
    """In the archive."""
    is_package: bool
    is_binary: bool
    has_binary: bool = False
    """Whether an extension module of the same name lies beside the source, compiled from it or not."""


class ModuleTree:
    """The modules that are installed, `{dotted name: Place}`, and which files there are."""

    def __init__(self, wheels: Iterable[LinkedWheel], minor: int) -> None:
        self.wheels = {wheel.name: wheel for wheel in wheels}
        self.places: dict[str, Place] = {}
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.files_of: dict[str, dict[str, str]] = {}
        self._stems: dict[str, set[str]] = {}
        self._mentions: dict[tuple[str, str], bool] = {}
        self._binaries: dict[tuple[str, str], Place] = {}
        for wheel in sorted(self.wheels.values(), key=lambda w: w.name):
            paths = installed_paths(wheel.archive.names)
            self.files_of[wheel.name] = paths
            self.files.update(paths)
            for path, member in paths.items():
                self._add(wheel, path, member, minor)
        self._add_namespaces()

    def find(self, name: str) -> Place | None:
        """Return where `import name` finds a module, `None` if nowhere."""
        return self.places.get(name)

    def mentions(self, dist: str, word: str) -> bool:
        """Whether any source of a wheel has a word; true if that can't be told within bounds."""
        key = (dist, word)
        if key not in self._mentions:
            self._mentions[key] = self._search(dist, word)
        return self._mentions[key]

    def _search(self, dist: str, word: str) -> bool:
        wheel = next(w for name, w in self.wheels.items() if name == dist)
        pattern = re.compile(rb"\b" + re.escape(word.encode("utf-8", "replace")) + rb"\b")
        left = _MAX_SEARCHED_BYTES
        for path, member in self.files_of[dist].items():
            if not path.endswith(".py"):
                continue
            try:
                data = wheel.archive.read(member)
            except DriftcheckError:
                return True
            left -= len(data)
            if left < 0 or pattern.search(data):
                return True
        return False

    def binary_of(self, dist: str, stem: str) -> Place | None:
        """Return an extension module of that name in any folder of a wheel."""
        return self._binaries.get((dist, stem))

    def has_stem(self, dist: str, name: str) -> bool:
        """Whether any folder of a wheel has a module of that name, which a changed `sys.path` may reach."""
        return name in self._stems.get(dist, ())

    def top_level(self, dist: str) -> list[str]:
        """Return the names that `import` finds at the top of a wheel, sorted."""
        tops = set()
        for path in self.files_of.get(dist, {}):
            head, _, rest = path.partition("/")
            name = head if rest else _module_name(head)
            if (
                name
                and name.isidentifier()
                and name in self.places
                and (not rest or self._holds_modules(name, dist))
            ):
                tops.add(name)
        return sorted(tops)

    def _holds_modules(self, name: str, dist: str) -> bool:
        place = self.places[name]
        return place.wheel is not None and place.wheel.name == dist

    def _add(self, wheel: LinkedWheel, path: str, member: str, minor: int) -> None:
        folder, _, file = path.rpartition("/")
        stem, is_binary = _module_name(file), file.endswith(".so")
        if not stem or (is_binary and not _fits(file, minor)):
            return
        parts = folder.split("/") if folder else []
        self._stems.setdefault(wheel.name, set()).update((*parts, stem))
        if is_binary:
            self._binaries.setdefault(
                (wheel.name, stem), Place(stem, wheel, path, member, is_package=False, is_binary=True)
            )
        if not all(part.isidentifier() for part in parts):
            return
        is_package = stem == "__init__"
        name = ".".join(parts if is_package else [*parts, stem])
        if not name:
            return
        known = self.places.get(name)
        # A source beside the extension module that was compiled from it tells more.
        has_binary = known is not None and known.is_package == is_package and (known.is_binary or is_binary)
        if known is None or (known.is_package, not known.is_binary) < (is_package, not is_binary):
            self.places[name] = Place(name, wheel, path, member, is_package, is_binary, has_binary)
        elif has_binary and not known.has_binary:
            self.places[name] = replace(known, has_binary=True)
        for end in range(1, len(parts) + (not is_package)):
            self.folders.add(".".join(parts[:end]))

    def _add_namespaces(self) -> None:
        for name in self.folders:
            if name not in self.places:
                self.places[name] = Place(
                    name, None, name.replace(".", "/"), "", is_package=True, is_binary=False
                )


def _module_name(file: str) -> str:
    """Return the name of the module that a file holds, `""` if it holds none."""
    if file.endswith(".py"):
        stem = file[:-3]
        return stem if stem.isidentifier() else ""
    found = _EXTENSION.match(file)
    return found["stem"] if found is not None and found["stem"].isidentifier() else ""


def _fits(file: str, minor: int) -> bool:
    """Whether this Python loads an extension module of that name."""
    found = _EXTENSION.match(file)
    abi = found["abi"] if found is not None else None
    if abi is None or abi.startswith("abi3"):
        return True
    version = re.match(r"(?:cpython-|cp)3(\d+)", abi)
    return version is not None and int(version[1]) == minor
