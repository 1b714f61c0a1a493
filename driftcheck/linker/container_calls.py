"""Builtins that make or walk containers."""

from __future__ import annotations

from driftcheck.linker.binding import ModuleNames
from driftcheck.linker.comprehensions import known_items
from driftcheck.linker.conditions import plain, truth
from driftcheck.linker.known_call import Arguments, Keywords, KnownCall, argument_at
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import (
    MAX_ITEMS,
    UNKNOWN,
    Mapping,
    Sequence,
    Value,
    is_constant,
)


def _length(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value = argument_at(a, 0)
    if isinstance(value, (Sequence, Mapping)):
        return UNKNOWN if value.open else len(value.items)
    return len(value) if isinstance(value, (str, bytes)) else UNKNOWN


def _container(kind: str) -> KnownCall:
    def make(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
        if not a:
            return Sequence(kind, [])
        value = a[0]
        if isinstance(value, ModuleNames):
            return Sequence(kind, list(value.module.ns), open=True)
        items = known_items(value)
        if items is not None and len(items) <= MAX_ITEMS:
            return Sequence(kind, items)
        return Sequence(kind, list(value.items) if isinstance(value, (Sequence, Mapping)) else [], open=True)

    return make


def _dictionary(_m: Machine, a: Arguments, k: Keywords, _f: Frame) -> Value:
    made = Mapping({key: value for key, value in k.items() if key != "*"}, open="*" in k)
    for value in a:
        if isinstance(value, Mapping):
            made.items = {**value.items, **made.items}
            made.open = made.open or value.open
        elif (
            isinstance(value, Sequence)
            and not value.open
            and all(
                isinstance(pair, Sequence) and len(pair.items) == 2 and is_constant(pair.items[0])
                for pair in value.items
            )
        ):
            made.items.update(
                {pair.items[0]: pair.items[1] for pair in value.items if isinstance(pair, Sequence)}
            )
        else:
            made.open = True
    return made


def _range(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    numbers = [value for value in a if isinstance(value, int)]
    if len(numbers) != len(a) or not 0 < len(a) < 4 or (len(a) == 3 and numbers[2] == 0):
        return Sequence("list", [], open=True)
    made = range(*numbers)
    return Sequence("list", list(made)) if len(made) <= 256 else Sequence("list", [], open=True)


def _zip(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    columns = [known_items(value) for value in a]
    if any(column is None for column in columns):
        return Sequence("list", [], open=True)
    rows = zip(*(column for column in columns if column is not None), strict=False)
    return Sequence("list", [Sequence("tuple", list(row)) for row in rows])


def _enumerate(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    items = known_items(argument_at(a, 0))
    if items is None:
        return Sequence("list", [], open=True)
    return Sequence("list", [Sequence("tuple", [i, item]) for i, item in enumerate(items)])


def _map(machine: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    items = known_items(argument_at(a, 1))
    if items is None or len(a) != 2 or len(items) > 500:
        return Sequence("list", [], open=True)
    return Sequence("list", [machine.call(machine, a[0], [item], {}, frame) for item in items])


def _filter(machine: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    items = known_items(argument_at(a, 1))
    if items is None or len(a) != 2 or len(items) > 500:
        return Sequence("list", [], open=True)
    kept: list[Value] = []
    for item in items:
        known = truth(machine, item if a[0] is None else machine.call(machine, a[0], [item], {}, frame))
        if known is None:
            return Sequence("list", items, open=True)
        if known:
            kept.append(item)
    return Sequence("list", kept)


def _every(*, stops_at: bool) -> KnownCall:
    def check(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
        items = known_items(argument_at(a, 0))
        answers = [truth(machine, item) for item in items] if items is not None else [None]
        if stops_at in answers:
            return stops_at
        return UNKNOWN if None in answers else not stops_at

    return check


def _reduced(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    """`sorted`, `reversed`, `iter`: the same items, in an order that is not followed."""
    value = argument_at(a, 0)
    items = known_items(value)
    if items is None:
        return Sequence("list", list(value.items) if isinstance(value, Sequence) else [], open=True)
    known = [plain(machine, item) for item in items]
    if all(isinstance(item, str) for item in known):
        return Sequence("list", sorted(items, key=str))
    return Sequence("list", items)


CONTAINER_CALLS: dict[str, KnownCall] = {
    "builtins.len": _length,
    "builtins.range": _range,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.sorted": _reduced,
    "builtins.iter": _reduced,
    "builtins.dict": _dictionary,
    "collections.OrderedDict": _dictionary,
    "builtins.list": _container("list"),
    "builtins.tuple": _container("tuple"),
    "builtins.set": _container("set"),
    "builtins.frozenset": _container("frozenset"),
    "builtins.any": _every(stops_at=True),
    "builtins.all": _every(stops_at=False),
}
