"""Operators and subscripts on what is known."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from driftcheck.linker.attributes import find_attribute
from driftcheck.linker.binding import ModuleNames, SystemModules
from driftcheck.linker.class_attributes import linearise
from driftcheck.linker.conditions import plain
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import (
    MAX_ITEMS,
    MISSING,
    UNKNOWN,
    Class,
    Mapping,
    Sequence,
    StandardClass,
    StandardFunction,
    StandardObject,
    Value,
    is_constant,
)

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "//": operator.floordiv,
    "&": operator.and_,
    "|": operator.or_,
    "/": operator.truediv,
}
_LONGEST = 10_000


def binary(machine: Machine, sign: str, left: Value, right: Value, line: int) -> Value:  # noqa: C901 - a table of cases
    """Return `left sign right`."""
    if isinstance(left, Sequence) and isinstance(right, Sequence) and sign in "+|-&":
        return _combine(machine, sign, left, right)
    if sign == "+" and isinstance(left, Sequence):
        return Sequence(left.kind, list(left.items), open=True)
    if sign == "+" and isinstance(right, Sequence):
        return Sequence(right.kind, list(right.items), open=True)
    if (
        sign == "|"
        and machine.minor < 10
        and _is_plain_type(left)
        and (_is_plain_type(right) or right is None)
    ):
        failure = machine.failure(
            "builtins.TypeError",
            "unsupported operand type(s) for |: 'type' and 'type' (PEP 604)",
            reason="removed-from-python",
            module="builtins",
            symbol="X | Y",
            line=line,
        )
        if machine.is_refuted(failure):
            return UNKNOWN
        raise failure
    if sign == "%" and isinstance(left, str):
        return _format(machine, left, right)
    both = is_constant(left) and is_constant(right)
    if both and sign in _ARITHMETIC and type(left) in (str, int, float) and type(right) in (str, int, float):
        if isinstance(left, str) and isinstance(right, str) and len(left) + len(right) > _LONGEST:
            return UNKNOWN
        try:
            return _ARITHMETIC[sign](left, right)
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            return UNKNOWN
    if isinstance(left, Mapping) and isinstance(right, Mapping) and sign == "|":
        return Mapping({**left.items, **right.items}, open=left.open or right.open)
    return UNKNOWN


def _combine(machine: Machine, sign: str, left: Sequence, right: Sequence) -> Value:
    if sign in "+|":
        items = [*left.items, *right.items]
        return Sequence(left.kind, items[:MAX_ITEMS], open=left.open or right.open or len(items) > MAX_ITEMS)
    a, b = plain(machine, left), plain(machine, right)
    if isinstance(a, frozenset) and isinstance(b, frozenset):
        made = a - b if sign == "-" else a & b
        return Sequence("set", [item for item in left.items if item in made])
    return Sequence("set", list(left.items), open=True)


def _format(machine: Machine, left: str, right: Value) -> Value:
    known = plain(machine, right)
    if known is UNKNOWN or len(left) > _LONGEST:
        return UNKNOWN
    try:
        made = left % known
    except (TypeError, ValueError, KeyError, OverflowError, MemoryError):
        return UNKNOWN
    return made if len(made) < _LONGEST else UNKNOWN


def _is_plain_type(value: Value) -> bool:
    return isinstance(value, StandardClass) and value.name.startswith("builtins.") and not value.has_metaclass


def subscript(machine: Machine, value: Value, index: Value, frame: Frame, line: int) -> Value:  # noqa: C901, PLR0912 - a table of cases
    """Return `value[index]`."""
    match value:
        case Mapping() if is_constant(index):
            if index in value.items:
                return value.items[index]
            if value.open:
                return UNKNOWN
            if machine.tries and not machine.doubt:
                raise machine.failure("builtins.KeyError", repr(index), reason="own", soft=True, line=line)
            return UNKNOWN
        case Sequence() if isinstance(index, int) and not value.open and value.kind in ("tuple", "list"):
            return value.items[index] if -len(value.items) <= index < len(value.items) else UNKNOWN
        case Sequence() if isinstance(index, Sequence) and index.kind == "slice":
            return _slice(machine, value, index)
        case str() | bytes():
            return _slice_text(machine, value, index)
        case StandardObject() if value.name == "sys.version_info":
            return subscript(
                machine, Sequence("tuple", [3, machine.minor, UNKNOWN, "final", 0]), index, frame, line
            )
        case SystemModules() if isinstance(index, str):
            return _system_module(machine, index)
        case ModuleNames() if isinstance(index, str):
            found = find_attribute(machine, value.module, index)
            return UNKNOWN if found is MISSING else found
        case StandardClass():
            return _subscript_class(machine, value, line)
        case Class():
            return _subscript_own_class(machine, value)
        case StandardFunction():
            return UNKNOWN
        case _:
            return UNKNOWN


def _system_module(machine: Machine, name: str) -> Value:
    if name in machine.modules:
        return machine.modules[name]
    if machine.tries and not machine.doubt and not machine.library.has_module(name):
        raise machine.failure("builtins.KeyError", repr(name), reason="own", soft=True)
    return machine.library.module(name) or UNKNOWN


def _slice(machine: Machine, value: Sequence, index: Sequence) -> Value:
    bounds = [plain(machine, part) for part in index.items]
    if value.open or any(not isinstance(part, (int, type(None))) for part in bounds):
        return Sequence(value.kind, list(value.items), open=True)
    first, last, step = (part if isinstance(part, int) else None for part in bounds)
    return Sequence(value.kind, value.items[first:last:step] if step != 0 else [])


def _slice_text(machine: Machine, value: str | bytes, index: Value) -> Value:
    if isinstance(index, int):
        return value[index] if -len(value) <= index < len(value) else UNKNOWN
    if isinstance(index, Sequence) and index.kind == "slice":
        bounds = [plain(machine, part) for part in index.items]
        if all(isinstance(part, (int, type(None))) for part in bounds) and bounds[2] != 0:
            first, last, step = (part if isinstance(part, int) else None for part in bounds)
            return value[first:last:step]
    return UNKNOWN


def _subscript_class(machine: Machine, value: StandardClass, line: int) -> Value:
    """`list[int]` needs a `__class_getitem__` (PEP 585, Python 3.9), or a metaclass that may know better."""
    for name in machine.library.exception_names(value):
        cls = machine.library.find_class(name)
        if cls is not None and (
            "__class_getitem__" in cls.attributes or ("__getitem__" in cls.attributes and cls.has_metaclass)
        ):
            return UNKNOWN
    if value.name in ("builtins.type", "typing.Generic") or not value.name.startswith(
        ("builtins.", "collections.", "re.", "queue.")
    ):
        return UNKNOWN
    if machine.minor >= 9:
        return UNKNOWN
    failure = machine.failure(
        "builtins.TypeError",
        f"'{value.name}' is not subscriptable (PEP 585 needs Python 3.9)",
        reason="removed-from-python",
        module="builtins",
        symbol=value.name,
        line=line,
    )
    if machine.is_refuted(failure):
        return UNKNOWN
    raise failure


def _subscript_own_class(machine: Machine, value: Class) -> Value:
    """`Generic[T]` of our own classes is the class itself, so that its attributes stay known."""
    _, is_open = linearise(machine, value)
    return UNKNOWN if is_open else value
