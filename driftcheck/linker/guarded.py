"""`try` and `with`: which exceptions are caught, and what is known afterwards."""

from __future__ import annotations

from driftcheck.linker.binding import assign, bind_name
from driftcheck.linker.class_attributes import linearise
from driftcheck.linker.failure import Failure
from driftcheck.linker.intermediate import Block, Node
from driftcheck.linker.machine import Frame, Machine, Signal
from driftcheck.linker.values import (
    UNKNOWN,
    Class,
    Instance,
    Sequence,
    StandardClass,
    Value,
)

_QUIET_MANAGERS = (
    "warnings.",
    "threading.",
    "contextlib.ExitStack",
    "contextlib.nullcontext",
    "contextlib.redirect",
    "io.",
    "_io.",
    "tempfile.",
    "decimal.",
)


def attempt(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `try`."""
    final: Block = node[5]
    try:
        signal = _guarded(machine, node, frame)
    except Failure:
        override = machine.execute(final, frame)
        if override is not None:
            return override
        raise
    override = machine.execute(final, frame)
    return override if override is not None else signal


def _guarded(machine: Machine, node: Node, frame: Frame) -> Signal:
    _, _, body, handlers, orelse, _, _ = node
    kept = _state(machine)
    machine.tries += bool(handlers)
    try:
        signal = machine.execute(body, frame)
    except Failure as failure:
        _reset(machine, kept)
        handled, signal = _handle(machine, failure, body, handlers, frame)
        if handled:
            return signal
    finally:
        machine.tries = kept[0]
    for _, name, block, _ in handlers:
        _bind_unknown(block, frame)
        if name:
            frame.ns.pop(name, None)
    if signal is None and orelse:
        return machine.execute(orelse, frame)
    return signal


def _state(machine: Machine) -> tuple[int, int, int, int]:
    return (machine.tries, machine.doubt, len(machine.stack), len(machine.handling))


def _reset(machine: Machine, state: tuple[int, int, int, int]) -> None:
    machine.tries = state[0]
    del machine.stack[state[2] :]
    del machine.handling[state[3] :]


def _handle(
    machine: Machine, failure: Failure, body: Block, handlers: tuple[Node, ...], frame: Frame
) -> tuple[bool, Signal]:
    """Execute the handler that catches; a soft failure that none does never happened: (False, None)."""
    for missing in _bound_by(body):
        if missing not in frame.ns:
            frame.unbound[missing] = failure
    for kind, name, block, line in handlers:
        frame.line = line
        caught = UNKNOWN if kind is None else machine.evaluate(kind, frame)
        if kind is not None and matches(machine, failure, caught) is False:
            continue
        failure.handled_in = frame.module.path
        machine.caught.append(failure)
        if name:
            bind_name(machine, frame, name, exception_object(failure))
        machine.handling.append(failure)
        try:
            return True, machine.execute(block, frame)
        finally:
            machine.handling.pop()
    if failure.soft and not machine.tries:
        for missing in _bound_by(body):
            frame.ns.setdefault(missing, UNKNOWN)
        return False, None
    raise failure


def exception_object(failure: Failure) -> Value:
    """Return what `except … as name` binds."""
    if isinstance(failure.value, Instance):
        return failure.value
    made = Instance(failure.exception)
    made.attributes.update(
        args=Sequence("tuple", [failure.message]), msg=failure.message, name=failure.module
    )
    return made


def matches(machine: Machine, failure: Failure, caught: Value) -> bool | None:
    """Return whether a handler for `caught` catches a failure, `None` if that is not known."""
    if isinstance(caught, Sequence):
        answers = [matches(machine, failure, item) for item in caught.items]
        if True in answers:
            return True
        return None if caught.open or None in answers else False
    if caught is UNKNOWN or not isinstance(caught, (Class, StandardClass)):
        return None
    raised = failure.exception
    if isinstance(raised, StandardClass):
        names = machine.library.exception_names(raised)
        return isinstance(caught, StandardClass) and caught.name in names
    if isinstance(raised, Class):
        order, is_open = linearise(machine, raised)
        if caught in order:
            return True
        return None if is_open else False
    return (
        True
        if isinstance(caught, StandardClass)
        and caught.name in ("builtins.Exception", "builtins.BaseException")
        else None
    )


def _bound_by(body: Block) -> list[str]:
    """Return the names that the imports and assignments of a block bind."""
    names: list[str] = []
    for node in body:
        if node[0] == "import":
            names.extend(alias or name.partition(".")[0] for name, alias in node[2])
        elif node[0] == "from":
            names.extend(alias or symbol for symbol, alias, _ in node[3])
        elif node[0] == "assign":
            names.extend(target[1] for target in node[2] if target[0] == "n")
    return names


def _bind_unknown(block: Block, frame: Frame) -> None:
    """Bind what a handler that did not run would have bound: something unseen may still have raised."""
    for name in _bound_by(block):
        frame.ns.setdefault(name, UNKNOWN)
    for node in block:
        if node[0] in ("def", "class"):
            frame.ns.setdefault(node[2], UNKNOWN)
        elif node[0] == "if":
            _bind_unknown(node[3], frame)
            _bind_unknown(node[4], frame)


def context(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `with`: a manager that is not known may swallow what is raised."""
    _, _, items, body = node
    managers: list[Value] = []
    for part, target in items:
        value = machine.evaluate(part, frame)
        managers.append(value)
        if target is not None:
            assign(machine, target, UNKNOWN, frame)
    kept = _state(machine)
    if all(_is_quiet(manager) for manager in managers):
        return machine.execute(body, frame)
    machine.tries += 1
    try:
        return machine.execute(body, frame)
    except Failure as failure:
        _reset(machine, kept)
        if any(_swallows(machine, manager, failure) is not False for manager in managers):
            for name in _bound_by(body):
                frame.ns.setdefault(name, UNKNOWN)
            return None
        raise
    finally:
        machine.tries = kept[0]


def _is_quiet(manager: Value) -> bool:
    return (
        isinstance(manager, Instance)
        and isinstance(manager.cls, StandardClass)
        and manager.cls.name.startswith(_QUIET_MANAGERS)
    )


def _swallows(machine: Machine, manager: Value, failure: Failure) -> bool | None:
    if isinstance(manager, Instance) and isinstance(manager.cls, StandardClass):
        if manager.cls.name == "contextlib.suppress":
            return matches(machine, failure, manager.attributes.get("args", UNKNOWN))
        return False
    return None
