"""Three-valued logic: what surely holds, what surely does not, and what is not known (`None`)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from packaging.version import InvalidVersion, Version

from driftcheck.linker.binding import ModuleNames, SystemModules
from driftcheck.linker.machine import Machine
from driftcheck.linker.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Mapping,
    Module,
    Sequence,
    StandardClass,
    StandardFunction,
    StandardObject,
    Value,
    VersionValue,
    is_constant,
)

_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def truth(_machine: Machine, value: Value) -> bool | None:
    """Return whether a value is true, `None` if that is not known."""
    if is_constant(value):
        return bool(value)
    match value:
        case Sequence() | Mapping():
            return True if value.items else (None if value.open else False)
        case Module() | Class() | Function() | StandardClass() | StandardFunction():
            return True
        case _:
            return None


def compare(machine: Machine, left: Value, sign: str, right: Value) -> bool | None:
    """Return whether `left sign right` holds, `None` if that is not known."""
    if sign in ("is", "is not"):
        same = _identical(left, right)
        return same if same is None or sign == "is" else not same
    if sign in ("in", "not in"):
        found = _contains(machine, right, left)
        return found if found is None or sign == "in" else not found
    if sign not in _ORDER:
        return None
    plain_left, plain_right = plain(machine, left), plain(machine, right)
    if plain_left is UNKNOWN or plain_right is UNKNOWN:
        return _compare_prefix(left, right, sign, machine)
    if isinstance(plain_left, Version) is not isinstance(plain_right, Version):
        plain_left, plain_right = _as_versions(plain_left, plain_right)
    try:
        return bool(_ORDER[sign](plain_left, plain_right))
    except TypeError:
        return None


def _as_versions(left: Value, right: Value) -> tuple[Value, Value]:
    """Compare a version with a text as `LooseVersion` does."""
    made: list[Value] = []
    for value in (left, right):
        if isinstance(value, str):
            try:
                made.append(Version(value))
            except InvalidVersion:
                return (object(), object())
        else:
            made.append(value)
    return made[0], made[1]


def plain(machine: Machine, value: Value) -> Value:
    """Return the Python value of a known value: constants, tuples, versions; else `UNKNOWN`."""
    if is_constant(value):
        return value
    if isinstance(value, VersionValue):
        try:
            return Version(value.text)
        except InvalidVersion:
            return UNKNOWN
    if isinstance(value, StandardObject) and value.name == "sys.version_info":
        return (3, machine.minor)
    if isinstance(value, Sequence) and not value.open and value.kind in ("tuple", "list", "set"):
        items = [plain(machine, item) for item in value.items]
        if any(item is UNKNOWN for item in items):
            return UNKNOWN
        if value.kind == "set":
            try:
                return frozenset(items)
            except TypeError:
                return UNKNOWN
        return tuple(items) if value.kind == "tuple" else items
    return UNKNOWN


def _compare_prefix(left: Value, right: Value, sign: str, machine: Machine) -> bool | None:
    """Compare tuples of which the first items differ, whatever comes later."""
    if not (isinstance(left, Sequence) and isinstance(right, Sequence)) or left.kind != right.kind:
        return None
    if sign in ("==", "!=") or left.kind not in ("tuple", "list"):
        return None
    for one, other in zip(left.items, right.items, strict=False):
        a, b = plain(machine, one), plain(machine, other)
        if a is UNKNOWN or b is UNKNOWN or type(a) is not type(b):
            return None
        if a != b:
            try:
                return bool(_ORDER[sign](a, b))
            except TypeError:
                return None
    return None


def _identical(left: Value, right: Value) -> bool | None:
    if left is UNKNOWN or right is UNKNOWN:
        return None
    if is_constant(left) and is_constant(right):
        if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
            return left is right
        return None
    if left is right:
        return True
    certain = (Module, Class, Function, StandardClass, Sequence, Mapping, StandardFunction, Instance)
    if left is None or right is None:
        other = right if left is None else left
        return False if isinstance(other, certain) else None
    return (
        False
        if isinstance(left, (Module, Class, StandardClass))
        and isinstance(right, (Module, Class, StandardClass))
        else None
    )


def _contains(machine: Machine, container: Value, item: Value) -> bool | None:  # noqa: C901 - a table of cases
    if isinstance(container, SystemModules):
        if not isinstance(item, str):
            return None
        return True if item in machine.modules else _maybe_loaded(machine, item)
    if isinstance(container, ModuleNames):
        if isinstance(item, str) and item in container.module.ns:
            return True
        return None if container.module.open else False
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    if isinstance(container, StandardObject) and container.name == "os.environ" and isinstance(item, str):
        return None if machine.environment_has(item) else False
    if isinstance(container, Mapping) and is_constant(item):
        return True if item in container.items else (None if container.open else False)
    if isinstance(container, Sequence):
        known = plain(machine, item)
        if known is UNKNOWN:
            return None
        unsure = container.open
        for one in container.items:
            value = plain(machine, one)
            if value is UNKNOWN:
                unsure = unsure or not isinstance(
                    one, (Class, Function, Module, StandardClass, StandardFunction)
                )
            elif value == known:
                return True
        return None if unsure else False
    return None


def _maybe_loaded(machine: Machine, name: str) -> bool | None:
    """Standard modules may be loaded by the interpreter itself."""
    return None if machine.library.has_module(name) or machine.doubt else False
