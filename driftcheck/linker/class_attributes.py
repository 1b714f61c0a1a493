"""Attributes of classes: the order of their bases, what they surely lack."""

from __future__ import annotations

from driftcheck.linker.machine import Machine
from driftcheck.linker.values import (
    MISSING,
    UNKNOWN,
    Bound,
    Class,
    Descriptor,
    StandardClass,
    StandardFunction,
    Value,
)

_ALWAYS = frozenset({*dir(object), *dir(type)}) | {
    "__module__",
    "__dict__",
    "__name__",
    "__qualname__",
    "__mro__",
    "__bases__",
    "__annotations__",
    "__weakref__",
    "__subclasses__",
    "mro",
    "__abstractmethods__",
    "__base__",
    "__text_signature__",
    "__slots__",
    "__orig_bases__",
    "__parameters__",
    "__type_params__",
    "__basicsize__",
    "__match_args__",
    "__call__",
    "__wrapped__",
    "register",
    "__static_attributes__",
    "__firstlineno__",
    "__instancecheck__",
    "__prepare__",
}


def linearise(machine: Machine, cls: Class) -> tuple[list[Class | StandardClass], bool]:
    """Return a class and its known bases, nearest first, and whether something about them is unknown."""
    known = cls.order
    if known is None:
        known = cls.order = _order(machine, cls)
    order, has_unknown = known
    return order, has_unknown or any(isinstance(owner, Class) and owner.open for owner in order)


def _order(machine: Machine, cls: Class) -> tuple[list[Class | StandardClass], bool]:
    out: list[Class | StandardClass] = []
    has_unknown = False
    todo: list[Value] = [cls]
    while todo and len(out) < 200:
        value = todo.pop(0)
        if isinstance(value, Class):
            if value not in out:
                out.append(value)
                todo = [*value.bases, *todo]
        elif isinstance(value, StandardClass):
            if value not in out:
                out.append(value)
                todo = [*(machine.library.find_class(base) or UNKNOWN for base in value.bases), *todo]
        else:
            has_unknown = True
    return out, has_unknown


def find_in_class(machine: Machine, cls: Class, name: str) -> Value:
    """Return an attribute of a class, `UNKNOWN` if it may have it."""
    order, is_open = linearise(machine, cls)
    for owner in order:
        if isinstance(owner, Class):
            if name in owner.ns:
                return of_class(owner.ns[name], cls)
        elif name in owner.attributes:
            return UNKNOWN
    if is_open or name in _ALWAYS or any(o.has_metaclass for o in order):
        return cls.name if name == "__name__" else UNKNOWN
    return MISSING


def of_class(value: Value, cls: Class) -> Value:
    """Return what access through the class makes of a class's attribute."""
    if isinstance(value, Descriptor):
        match value.kind:
            case "classmethod":
                return Bound(value.function, cls)
            case "staticmethod":
                return value.function
            case _:
                return UNKNOWN
    return value


def find_in_standard_class(machine: Machine, cls: StandardClass, name: str) -> Value:
    """Return an attribute of a standard class, `MISSING` if it surely has none."""
    if name == "__name__":
        return cls.name.rpartition(".")[2]
    for full in machine.library.exception_names(cls):
        found = machine.library.find_class(full)
        if found is not None and (name in found.attributes or found.has_metaclass):
            return StandardFunction(f"{full}.{name}") if name in found.attributes else UNKNOWN
    if name in _ALWAYS or cls.name.startswith(("typing.", "builtins.type")):
        return UNKNOWN
    return MISSING
