"""Builtins that look at objects, classes and scopes."""

from __future__ import annotations

from driftcheck.linker.attributes import find_attribute
from driftcheck.linker.binding import ModuleNames, set_attribute
from driftcheck.linker.class_attributes import linearise
from driftcheck.linker.failure import Failure
from driftcheck.linker.known_call import Arguments, Keywords, KnownCall, argument_at
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import (
    MISSING,
    UNKNOWN,
    Class,
    Descriptor,
    Function,
    Instance,
    Mapping,
    Module,
    Sequence,
    StandardClass,
    StandardFunction,
    Super,
    Value,
    is_constant,
    make_open,
)


def _hasattr(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    owner, name = argument_at(a, 0), argument_at(a, 1)
    if not isinstance(name, str) or owner is UNKNOWN:
        return UNKNOWN
    try:
        found = find_attribute(machine, owner, name)
    except Failure:
        return UNKNOWN
    if found is MISSING:
        if isinstance(owner, Module) and owner.open:
            return UNKNOWN
        return False
    if isinstance(owner, (Module, Class)) and (name in owner.ns):
        return True
    return True if isinstance(owner, StandardClass) and found is not UNKNOWN else UNKNOWN


def _getattr(machine: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    from driftcheck.linker.attributes import get_attribute  # noqa: PLC0415

    owner, name = argument_at(a, 0), argument_at(a, 1)
    if not isinstance(name, str) or owner is UNKNOWN:
        return UNKNOWN
    if len(a) < 3:
        return get_attribute(machine, owner, name, frame, frame.line)
    found = find_attribute(machine, owner, name)
    if found is MISSING:
        return UNKNOWN if isinstance(owner, Module) and owner.open else a[2]
    return found


def _setattr(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    owner, name = argument_at(a, 0), argument_at(a, 1)
    if isinstance(name, str):
        set_attribute(machine, owner, name, argument_at(a, 2))
    else:
        make_open(owner, "setattr")
    return None


def _isinstance(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value, cls = argument_at(a, 0), argument_at(a, 1)
    classes = cls.items if isinstance(cls, Sequence) and not cls.open else [cls]
    answers = [_is_instance_of(machine, value, one) for one in classes]
    if True in answers:
        return True
    return UNKNOWN if None in answers else False


def _is_instance_of(machine: Machine, value: Value, cls: Value) -> bool | None:
    if is_constant(value) and isinstance(cls, StandardClass) and cls.name.startswith("builtins."):
        mine = machine.library.find_class(f"builtins.{type(value).__name__}")
        return cls.name in machine.library.exception_names(mine) if mine is not None else None
    if (
        isinstance(value, (Sequence, Mapping))
        and isinstance(cls, StandardClass)
        and cls.name.startswith("builtins.")
    ):
        kind = "dict" if isinstance(value, Mapping) else value.kind
        return None if kind == "slice" else cls.name in (f"builtins.{kind}", "builtins.object")
    if (
        isinstance(value, (Class, StandardClass))
        and isinstance(cls, StandardClass)
        and cls.name == "builtins.type"
    ):
        return True
    if (
        isinstance(value, (Function, Module))
        and isinstance(cls, StandardClass)
        and cls.name
        in (
            "builtins.str",
            "builtins.type",
            "builtins.int",
            "builtins.list",
            "builtins.tuple",
            "builtins.dict",
        )
    ):
        return False
    if (
        isinstance(value, Instance)
        and isinstance(value.cls, Class)
        and isinstance(cls, (Class, StandardClass))
    ):
        order, is_open = linearise(machine, value.cls)
        return True if cls in order else (None if is_open or isinstance(cls, StandardClass) else False)
    return None


def _issubclass(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    cls, other = argument_at(a, 0), argument_at(a, 1)
    if isinstance(cls, Class) and isinstance(other, (Class, StandardClass)):
        order, is_open = linearise(machine, cls)
        return True if other in order else (UNKNOWN if is_open or isinstance(other, StandardClass) else False)
    return UNKNOWN


def _globals(_m: Machine, _a: Arguments, _k: Keywords, frame: Frame) -> Value:
    return ModuleNames(frame.module)


def _locals(_m: Machine, _a: Arguments, _k: Keywords, frame: Frame) -> Value:
    return ModuleNames(frame.module) if frame.ns is frame.module.ns else Mapping({}, open=True)


def _vars(machine: Machine, a: Arguments, k: Keywords, frame: Frame) -> Value:
    if not a:
        return _locals(machine, a, k, frame)
    return ModuleNames(a[0]) if isinstance(a[0], Module) else UNKNOWN


def _dir(_m: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    owner = a[0] if a else frame.module
    if isinstance(owner, Module):
        return Sequence("list", [*sorted(owner.ns)], open=True)
    return Sequence("list", [], open=True)


def _type(_m: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    if len(a) == 1:
        if isinstance(a[0], Instance):
            return a[0].cls
        return (
            _m.library.find_class(f"builtins.{type(a[0]).__name__}") or UNKNOWN
            if is_constant(a[0])
            else UNKNOWN
        )
    if len(a) == 3 and isinstance(a[0], str):
        bases = tuple(a[1].items) if isinstance(a[1], Sequence) else (UNKNOWN,)
        return Class(a[0], frame.module, bases, {}, open=True)
    return UNKNOWN


def _super(_m: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    cls = a[0] if a else frame.cls
    receiver = a[1] if len(a) > 1 else frame.first_argument
    return Super(cls, receiver) if isinstance(cls, Class) else UNKNOWN


def _descriptor(kind: str) -> KnownCall:
    def make(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
        return Descriptor(kind, argument_at(a, 0))

    return make


def _callable(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value = argument_at(a, 0)
    if isinstance(value, (Function, Class, StandardClass, StandardFunction)):
        return True
    return False if isinstance(value, Module) or is_constant(value) else UNKNOWN


REFLECTION_CALLS: dict[str, KnownCall] = {
    "builtins.hasattr": _hasattr,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.isinstance": _isinstance,
    "builtins.issubclass": _issubclass,
    "builtins.globals": _globals,
    "builtins.locals": _locals,
    "builtins.vars": _vars,
    "builtins.dir": _dir,
    "builtins.type": _type,
    "builtins.super": _super,
    "builtins.callable": _callable,
    "builtins.property": _descriptor("property"),
    "builtins.classmethod": _descriptor("classmethod"),
    "builtins.staticmethod": _descriptor("staticmethod"),
}
