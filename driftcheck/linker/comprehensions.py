"""Comprehensions and the items of what can be iterated."""

from __future__ import annotations

from driftcheck.linker.binding import SystemModules, assign
from driftcheck.linker.conditions import truth
from driftcheck.linker.failure import Failure
from driftcheck.linker.intermediate import Node
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import MAX_ITEMS, UNKNOWN, Mapping, Sequence, Value, is_constant


def known_items(value: Value) -> list[Value] | None:
    """Return what iteration surely gives, in order; `None` if not all of it is known."""
    match value:
        case Sequence() if not value.open and value.kind != "slice":
            return list(value.items)
        case Mapping() if not value.open:
            return list(value.items)
        case str() | bytes() if len(value) <= MAX_ITEMS:
            return list(value)
        case _:
            return None


def comprehension(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate a comprehension or generator expression, the latter at once."""
    _, kind, elements, generators = node
    inner = Frame(
        module=frame.module,
        ns={},
        local_names=frozenset(),
        outer=frame,
        cls=frame.cls,
        line=frame.line,
        first_argument=frame.first_argument,
    )
    if frame.local_names is None and frame.ns is not frame.module.ns:
        inner.ns.update(
            frame.ns
        )  # a class body: its first iterable sees the class's names, the rest do no harm
    made = Mapping() if kind == "dict" else Sequence("list" if kind == "gen" else kind, [])
    try:
        _generate(machine, list(generators), elements, inner, made)
    except Failure:
        if kind != "gen":
            raise
        made.open = True  # a generator may never be run
    return made


def _generate(
    machine: Machine,
    generators: list[Node],
    elements: tuple[Node, ...],
    frame: Frame,
    made: Sequence | Mapping,
) -> None:
    if not generators:
        _add(made, [machine.evaluate(part, frame) for part in elements])
        return
    target, iterable, conditions = generators[0]
    source = machine.evaluate(iterable, frame)
    items = known_items(source)
    if items is None or len(items) > MAX_ITEMS or isinstance(source, SystemModules):
        made.open = True
        known: list[Value] = list(source.items) if isinstance(source, (Sequence, Mapping)) else []
        _doubtful(machine, generators, elements, frame, made, known)
        return
    for item in items:
        machine.steps += 1
        assign(machine, target, item, frame)
        known_test: bool | None = True
        for condition in conditions:
            outcome = truth(machine, machine.evaluate(condition, frame))
            if outcome is not True:
                known_test = outcome
                break
        if known_test is True:
            _generate(machine, generators[1:], elements, frame, made)
        elif known_test is None:
            made.open = True
            _in_doubt(machine, generators[1:], elements, frame, made)


def _doubtful(  # noqa: PLR0917 - the pieces of one node
    machine: Machine,
    generators: list[Node],
    elements: tuple[Node, ...],
    frame: Frame,
    made: Sequence | Mapping,
    known: list[Value],
) -> None:
    target, _, conditions = generators[0]
    for item in [*known[:MAX_ITEMS], UNKNOWN]:
        assign(machine, target, item, frame)
        skipped = False
        for condition in conditions:
            skipped = skipped or truth(machine, machine.evaluate_in_doubt(condition, frame)) is False
        if not skipped:
            _in_doubt(machine, generators[1:], elements, frame, made)


def _in_doubt(
    machine: Machine,
    generators: list[Node],
    elements: tuple[Node, ...],
    frame: Frame,
    made: Sequence | Mapping,
) -> None:
    machine.doubt += 1
    machine.tries += 1
    try:
        _generate(machine, generators, elements, frame, made)
    except Failure:
        made.open = True
    finally:
        machine.doubt -= 1
        machine.tries -= 1


def _add(made: Sequence | Mapping, values: list[Value]) -> None:
    if len(made.items) >= MAX_ITEMS:
        made.open = True
    elif isinstance(made, Mapping):
        if is_constant(values[0]):
            made.items[values[0]] = values[1]
        else:
            made.open = True
    elif not (made.open and values[0] is UNKNOWN):
        made.items.append(values[0])
