"""What the statements of a module do, except imports, `try`, `with` and definitions."""

from __future__ import annotations

from collections.abc import Callable

from driftcheck.linker.binding import ModuleNames, SystemModules, assign, bind_name
from driftcheck.linker.branches import either
from driftcheck.linker.comprehensions import known_items
from driftcheck.linker.conditions import truth
from driftcheck.linker.intermediate import Node
from driftcheck.linker.machine import Frame, LoopExit, Machine, Returned, Signal
from driftcheck.linker.operators import binary
from driftcheck.linker.protobuf_gencode import attribute_runtime_check
from driftcheck.linker.values import (
    MAX_ITEMS,
    UNKNOWN,
    Class,
    Instance,
    Mapping,
    Module,
    Sequence,
    StandardClass,
    Value,
    make_open,
)

_MAX_TURNS = 64


def expression(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute an expression for its effect."""
    machine.evaluate(node[2], frame)
    return None


def assignment(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `targets = value`."""
    value = machine.evaluate(node[3], frame)
    for target in node[2]:
        assign(machine, target, value, frame)
    return None


def augmented(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `target += value`; a list is changed in place, as every holder of it sees."""
    _, line, target, sign, part = node
    old = machine.evaluate(target, frame)
    value = machine.evaluate(part, frame)
    if isinstance(old, Sequence) and old.kind == "list" and sign == "+":
        extend(machine, old, value)
        return None
    assign(machine, target, binary(machine, sign, old, value, line), frame)
    return None


def extend(machine: Machine, target: Sequence, value: Value) -> None:
    """Add what can be iterated to a list, set or open container."""
    items = known_items(value)
    if isinstance(value, Sequence) and items is None:
        items, target.open = list(value.items), True
    if items is None:
        target.open = True
    else:
        target.items.extend(items[:MAX_ITEMS])
        target.open = target.open or bool(machine.doubt)


def annotated(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `target: annotation = value`; annotations of locals are never evaluated."""
    _, _, target, annotation, part = node
    value = None if part is None else machine.evaluate(part, frame)
    if frame.local_names is None and not frame.module.annotations_deferred:
        machine.evaluate(annotation, frame)
    if part is not None:
        assign(machine, target, value, frame)
    return None


def choice(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `if`."""
    _, _, test, body, orelse = node
    known = truth(machine, machine.evaluate(test, frame))
    if known is not None:
        return machine.execute(body if known else orelse, frame)
    return either(
        machine, frame, [lambda: machine.execute(body, frame), lambda: machine.execute(orelse, frame)]
    )


def loop(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `for`."""
    _, _, target, iterable, body, orelse = node
    source = machine.evaluate(iterable, frame)
    if isinstance(source, SystemModules):
        source = UNKNOWN
    items = known_items(source)
    carried = frame.loop_doubts
    try:
        if items is None or len(items) > MAX_ITEMS:
            known: list[Value] = list(source.items[:200]) if isinstance(source, Sequence) else []
            signal = _doubtful_turns(machine, target, [*known, UNKNOWN], body, frame)
        else:
            signal = _turns(machine, target, items, body, frame)
        if isinstance(signal, Returned):
            return signal
        return machine.execute(orelse, frame) if signal is None else None
    finally:
        machine.doubt -= frame.loop_doubts - carried
        frame.loop_doubts = carried


def _turns(
    machine: Machine, target: Node, items: list[Value], body: tuple[Node, ...], frame: Frame
) -> Signal:
    for item in items:
        assign(machine, target, item, frame)
        signal = machine.execute(body, frame)
        if isinstance(signal, Returned) or (isinstance(signal, LoopExit) and signal.is_break):
            return signal
    return None


def _doubtful_turns(
    machine: Machine, target: Node, items: list[Value], body: tuple[Node, ...], frame: Frame
) -> Signal:
    for item in items:

        def turn(item: Value = item) -> Signal:
            assign(machine, target, item, frame)
            signal = machine.execute(body, frame)
            return signal if isinstance(signal, Returned) else None

        signal = either(machine, frame, [turn, lambda: None])
        if isinstance(signal, Returned):
            return signal
    return None


def repetition(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `while`: as long as its test is known, then once in doubt."""
    _, _, test, body, orelse = node
    carried = frame.loop_doubts
    try:
        for _ in range(_MAX_TURNS):
            known = truth(machine, machine.evaluate(test, frame))
            if known is False:
                return machine.execute(orelse, frame)
            if known is None:
                break
            signal = machine.execute(body, frame)
            if isinstance(signal, Returned):
                return signal
            if isinstance(signal, LoopExit) and signal.is_break:
                return None
        signal = either(machine, frame, [lambda: machine.execute(body, frame), lambda: None])
        return signal if isinstance(signal, Returned) else None
    finally:
        machine.doubt -= frame.loop_doubts - carried
        frame.loop_doubts = carried


def give_back(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `return`."""
    return Returned(machine.evaluate(node[2], frame))


def leave(_machine: Machine, node: Node, _frame: Frame) -> Signal:
    """Execute `break` and `continue`."""
    return LoopExit(node[0] == "break")


def delete(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `del`."""
    for target in node[2]:
        if target[0] == "n":
            if machine.doubt and frame.local_names is None:
                frame.ns[target[1]] = UNKNOWN
            else:
                frame.ns.pop(target[1], None)
        elif target[0] == "a":
            value = machine.evaluate(target[1], frame)
            if isinstance(value, (Module, Class)):
                if machine.doubt:
                    value.ns[target[2]] = UNKNOWN
                else:
                    value.ns.pop(target[2], None)
        elif target[0] == "sub":
            _delete_item(machine, machine.evaluate(target[1], frame), machine.evaluate(target[2], frame))
        elif target[0] == "seq":
            delete(machine, ("del", node[1], target[2]), frame)
    return None


def _delete_item(machine: Machine, container: Value, index: Value) -> None:
    if isinstance(container, SystemModules):
        if isinstance(index, str) and not machine.doubt:
            machine.modules.pop(index, None)
    elif isinstance(container, ModuleNames):
        if isinstance(index, str) and not machine.doubt:
            container.module.ns.pop(index, None)
    elif isinstance(container, Mapping) and not machine.doubt:
        container.items.pop(index, None) if isinstance(index, (str, int, bytes, float)) else make_open(
            container
        )
    else:
        make_open(container)


def assertion(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `assert`: it may drive handlers, but is never reported."""
    known = truth(machine, machine.evaluate(node[2], frame))
    if known is False and machine.tries:
        raise machine.failure("builtins.AssertionError", "", reason="own", soft=True)
    return None


def raising(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `raise`."""
    if node[2] is None:
        if machine.handling:
            raise machine.handling[-1]
        return None
    value = machine.evaluate(node[2], frame)
    cls: Value = value.cls if isinstance(value, Instance) else value
    if not isinstance(cls, (Class, StandardClass)):
        cls = UNKNOWN
    message = ""
    if isinstance(value, Instance):
        arguments = value.attributes.get("args")
        if isinstance(arguments, Sequence) and arguments.items and isinstance(arguments.items[0], str):
            message = arguments.items[0]
    failure = machine.failure(
        "builtins.Exception",
        message or "raised by the code",
        reason="raised",
        module=frame.module.name,
        provider=frame.module.dist,
    )
    failure.exception = cls
    failure.value = value
    failure.is_fall_through = node in frame.body
    if frame.module.name == "google.protobuf.runtime_version":
        attribute_runtime_check(failure)
    if machine.is_refuted(failure):
        return None
    raise failure


def pattern(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `match`: it is not known which case."""
    machine.evaluate(node[2], frame)

    def way(names: tuple[str, ...], body: tuple[Node, ...]) -> Callable[[], Signal]:
        def run() -> Signal:
            for name in names:
                bind_name(machine, frame, name, UNKNOWN)
            return machine.execute(body, frame)

        return run

    return either(machine, frame, [*(way(names, body) for names, body in node[3]), lambda: None])


def declaration(_machine: Machine, _node: Node, _frame: Frame) -> Signal:
    """`global` and `nonlocal` are known from the function's body."""
    return None


def alias(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `type X = …`, which evaluates nothing."""
    bind_name(machine, frame, node[2], UNKNOWN)
    return None
