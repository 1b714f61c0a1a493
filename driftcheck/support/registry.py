"""Find the members of a family: a folder in which each file holds one thing under an agreed constant.

A file joins by being there. It is refused if the constant is missing, of another type, or named otherwise
than its file, because a rule, its test, its page and its ignore key must bear one name. Sub-packages and
files that begin with an underscore are what members share, not members.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Protocol, TypeVar


class Named(Protocol):
    """Anything that says its public name, e.g. `yanked-release` or `requirements.txt`."""

    @property
    def name(self) -> str:
        """The file's name without `.py`, with dashes or dots where the file has underscores."""


T = TypeVar("T", bound=Named)


class BrokenFamilyError(Exception):
    """A file of a family does not hold what it should: a fault in driftcheck, not in its input."""


def load_family(package: str, constant: str, kind: type[T]) -> Mapping[str, T]:
    """Import every member of a package and return {public name: member}, sorted by name.

    Raises:
        BrokenFamilyError: a file lacks the constant, or the constant has another type or name.
    """
    members = [_load(package, module, constant, kind) for module in _modules(package)]
    return MappingProxyType({member.name: member for member in sorted(members, key=lambda m: m.name)})


def load_member(package: str, constant: str, name: str, kind: type[T]) -> T:
    """Import the one member that has this public name; the others are not imported.

    Raises:
        KeyError: the package has no such member.
        BrokenFamilyError: as `load_family`.
    """
    module = _module_name(name)
    if module not in _modules(package):
        raise KeyError(name)
    return _load(package, module, constant, kind)


def member_names(package: str) -> tuple[str, ...]:
    """Return the names of all members with dashes, sorted, without importing any."""
    return tuple(sorted(module.replace("_", "-") for module in _modules(package)))


def _module_name(name: str) -> str:
    return name.replace("-", "_").replace(".", "_")


@cache  # a run asks for the checks' and the reporters' names several times: 1 ms each
def _modules(package: str) -> tuple[str, ...]:
    path = importlib.import_module(package).__path__
    return tuple(m.name for m in pkgutil.iter_modules(path) if not m.ispkg and not m.name.startswith("_"))


def _load(package: str, module: str, constant: str, kind: type[T]) -> T:
    place = f"{package}.{module}"
    member = getattr(importlib.import_module(place), constant, None)
    if not isinstance(member, kind):
        raise BrokenFamilyError(
            f"{place} must define {constant}, a {kind.__name__}; found {type(member).__name__}"
        )
    if _module_name(member.name) != module:
        raise BrokenFamilyError(f"{place}.{constant} is named {member.name!r}, which is not its file's name")
    return member
