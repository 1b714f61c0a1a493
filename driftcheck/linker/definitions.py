"""`def` and `class`: defaults, decorators, bases and class bodies are executed in order."""

from __future__ import annotations

from driftcheck.linker.binding import bind_name
from driftcheck.linker.class_attributes import linearise
from driftcheck.linker.expressions import make_function
from driftcheck.linker.intermediate import Node
from driftcheck.linker.machine import Frame, Machine, Signal
from driftcheck.linker.values import (
    UNKNOWN,
    Class,
    Descriptor,
    Function,
    Mapping,
    Sequence,
    StandardClass,
    Value,
    is_constant,
)

_PLAIN_METACLASSES = ("abc.ABCMeta", "builtins.type")


def function_definition(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `def`."""
    _, line, name, spec = node
    decorators = [machine.evaluate(part, frame) for part in spec[2]]
    frame.line = line
    value: Value = make_function(machine, name, spec, frame)
    if not frame.module.annotations_deferred:
        for annotation in spec[5]:
            machine.evaluate(annotation, frame)
    for decorator in reversed(decorators):
        value = machine.call(machine, decorator, [value], {}, frame)
    bind_name(machine, frame, name, value)
    return None


def class_definition(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `class`."""
    _, line, name, base_parts, keyword_parts, decorator_parts, body = node
    decorators = [machine.evaluate(part, frame) for part in decorator_parts]
    frame.line = line
    bases: list[Value] = []
    for part in base_parts:
        value = machine.evaluate(part[1] if part[0] == "star" else part, frame)
        bases.append(UNKNOWN if part[0] == "star" else value)
    keywords = {key or "**": machine.evaluate(part, frame) for key, part in keyword_parts}
    cls = Class(name, frame.module, tuple(bases), {})
    metaclass = keywords.pop("metaclass", None)
    if metaclass is not None and not (
        isinstance(metaclass, StandardClass) and metaclass.name in _PLAIN_METACLASSES
    ):
        cls.has_metaclass = True
    inner = Frame(module=frame.module, ns=cls.ns, outer=frame, cls=cls, line=line)
    cls.ns["__module__"] = frame.module.name
    cls.ns["__qualname__"] = name
    machine.stack.append(inner)
    try:
        machine.execute(body, inner)
    finally:
        machine.stack.pop()
    _complete(machine, cls, keywords)
    value = cls
    for decorator in reversed(decorators):
        made = machine.call(machine, decorator, [value], {}, frame)
        if made is UNKNOWN and isinstance(value, Class):
            value.open = True
        else:
            value = made
    bind_name(machine, frame, name, value)
    return None


def _complete(machine: Machine, cls: Class, keywords: dict[str, Value]) -> None:  # noqa: C901 - a table of cases
    """Note what a class gets besides its body: from metaclasses, `__slots__` and `__init_subclass__`."""
    order, is_open = linearise(machine, cls)
    for value in cls.ns.values():
        if isinstance(value, Function):
            value.owner = cls
        elif isinstance(value, Descriptor) and isinstance(value.function, Function):
            value.function.owner = cls
    is_enumeration = any(isinstance(o, StandardClass) and o.name.startswith("enum.") for o in order)
    if is_enumeration:
        for name, value in cls.ns.items():
            if not name.startswith("__") and (is_constant(value) or isinstance(value, (Sequence, Mapping))):
                cls.ns[name] = UNKNOWN
    inherits_hook = any(isinstance(o, Class) and "__init_subclass__" in o.ns for o in order[1:])
    inherits_meta = any(isinstance(o, Class) and o.has_metaclass for o in order)
    slots = cls.ns.get("__slots__")
    if isinstance(slots, Sequence):
        for slot in slots.items:
            if isinstance(slot, str):
                cls.ns.setdefault(slot, UNKNOWN)
    if is_open or keywords or inherits_hook or inherits_meta or is_enumeration:
        cls.open = True
