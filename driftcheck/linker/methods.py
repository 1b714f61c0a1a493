"""Methods of containers, texts, versions and of what stands for `sys.modules` and `globals()`."""

from __future__ import annotations

from collections.abc import Callable

from driftcheck.linker.attributes import find_attribute
from driftcheck.linker.binding import ModuleNames, SystemModules, set_item
from driftcheck.linker.conditions import plain
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.statements import extend
from driftcheck.linker.values import (
    MISSING,
    UNKNOWN,
    Mapping,
    Module,
    Sequence,
    StandardObject,
    Value,
    VersionValue,
    is_constant,
    make_open,
)

_TEXT = frozenset(
    {
        "split",
        "rsplit",
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "replace",
        "startswith",
        "endswith",
        "partition",
        "rpartition",
        "isdigit",
        "isidentifier",
        "title",
        "capitalize",
        "splitlines",
        "find",
        "count",
        "decode",
        "encode",
        "isnumeric",
        "isupper",
        "islower",
        "removeprefix",
        "removesuffix",
        "zfill",
        "index",
        "isalpha",
        "isalnum",
    }
)
_LONGEST = 10_000


def call_method(  # noqa: PLR0917 - the pieces of one node
    machine: Machine,
    name: str,
    receiver: Value,
    arguments: list[Value],
    keywords: dict[str, Value],
    frame: Frame,
) -> Value:
    """Return what `receiver.name(...)` returns, and do to the receiver what it does."""
    match receiver:
        case Sequence():
            return _of_sequence(machine, name, receiver, arguments)
        case Mapping():
            return _of_mapping(machine, name, receiver, arguments, keywords)
        case str() | bytes():
            return _of_text(machine, name, receiver, arguments)
        case SystemModules():
            return _of_system_modules(machine, name, arguments)
        case ModuleNames():
            return _of_names(machine, name, receiver, arguments, keywords)
        case StandardObject():
            return _of_standard_object(machine, name, receiver, arguments, frame)
        case VersionValue():
            return UNKNOWN
        case _:
            return UNKNOWN


def _of_sequence(machine: Machine, name: str, receiver: Sequence, arguments: list[Value]) -> Value:
    doubtful = bool(machine.doubt)
    if name in ("append", "add") and len(arguments) == 1:
        receiver.items.append(arguments[0])
        receiver.open = receiver.open or doubtful
        return None
    if name in ("extend", "update", "union", "__iadd__"):
        target = receiver if name != "union" else Sequence(receiver.kind, list(receiver.items), receiver.open)
        for argument in arguments:
            extend(machine, target, argument)
        return target if name == "union" else None
    if name in ("remove", "discard") and len(arguments) == 1:
        if doubtful or not is_constant(arguments[0]) or receiver.open:
            receiver.open = True
        elif arguments[0] in receiver.items:
            receiver.items.remove(arguments[0])
        return None
    if name == "insert" and len(arguments) == 2:
        receiver.items.insert(arguments[0] if isinstance(arguments[0], int) else 0, arguments[1])
        receiver.open = receiver.open or doubtful
        return None
    if name in ("copy", "__iter__"):
        return Sequence(receiver.kind, list(receiver.items), receiver.open)
    if name in ("pop", "clear", "difference_update", "intersection_update", "__setitem__", "__delitem__"):
        receiver.open = True
        return UNKNOWN
    return UNKNOWN


def _of_mapping(
    machine: Machine, name: str, receiver: Mapping, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    if name == "get" and arguments and is_constant(arguments[0]):
        if arguments[0] in receiver.items:
            return receiver.items[arguments[0]]
        return UNKNOWN if receiver.open else (arguments[1] if len(arguments) > 1 else None)
    if name in ("keys", "copy", "values", "items", "__iter__"):
        return _views(name, receiver)
    if name == "update":
        for argument in arguments:
            if isinstance(argument, Mapping) and not machine.doubt:
                receiver.items.update(argument.items)
                receiver.open = receiver.open or argument.open
            else:
                receiver.open = True
        receiver.items.update(keywords)
        return None
    if name == "setdefault" and arguments and is_constant(arguments[0]):
        value = arguments[1] if len(arguments) > 1 else None
        if receiver.open or machine.doubt:
            return receiver.items.get(arguments[0], UNKNOWN)
        return receiver.items.setdefault(arguments[0], value)
    if name == "pop" and arguments and is_constant(arguments[0]) and not receiver.open and not machine.doubt:
        return receiver.items.pop(arguments[0], arguments[1] if len(arguments) > 1 else UNKNOWN)
    receiver.open = True
    return UNKNOWN


def _views(name: str, receiver: Mapping) -> Value:
    if name == "copy":
        return Mapping(dict(receiver.items), receiver.open)
    if name == "values":
        return Sequence("list", list(receiver.items.values()), receiver.open)
    if name == "items":
        pairs: list[Value] = [Sequence("tuple", [key, value]) for key, value in receiver.items.items()]
        return Sequence("list", pairs, receiver.open)
    return Sequence("list", list(receiver.items), receiver.open)


def _of_text(machine: Machine, name: str, receiver: str | bytes, arguments: list[Value]) -> Value:
    known = [plain(machine, argument) for argument in arguments]
    if UNKNOWN in known or len(receiver) > _LONGEST:
        return UNKNOWN
    if name == "join" and known and isinstance(known[0], (list, tuple)) and isinstance(receiver, str):
        return receiver.join(known[0]) if all(isinstance(part, str) for part in known[0]) else UNKNOWN
    if name == "format" and isinstance(receiver, str) and "{:" not in receiver:
        try:
            made = receiver.format(*known)
        except (IndexError, KeyError, ValueError, AttributeError, TypeError, MemoryError):
            return UNKNOWN
        return made if len(made) < _LONGEST else UNKNOWN
    if name not in _TEXT or any(isinstance(part, int) and abs(part) > _LONGEST for part in known):
        return UNKNOWN
    method: Callable[..., object] | None = getattr(receiver, name, None)
    if method is None:
        return UNKNOWN
    try:
        result = method(*known)
    except (TypeError, ValueError, LookupError, UnicodeError):
        return UNKNOWN
    if isinstance(result, (list, tuple)):
        return Sequence("tuple" if isinstance(result, tuple) else "list", list(result))
    return result if is_constant(result) else UNKNOWN


def _of_system_modules(machine: Machine, name: str, arguments: list[Value]) -> Value:
    index = arguments[0] if arguments else UNKNOWN
    if name in ("get", "pop") and isinstance(index, str):
        default = arguments[1] if len(arguments) > 1 else None
        standard = machine.library.module(index)
        found = machine.modules.get(index, UNKNOWN if standard is not None else default)
        if name == "pop" and not machine.doubt:
            machine.modules.pop(index, None)
        return found
    if name in ("setdefault", "__setitem__") and len(arguments) == 2:
        if isinstance(index, str) and index in machine.modules:
            return machine.modules[index]
        SystemModules().assign(machine, index, arguments[1])
        return arguments[1]
    if name == "update":
        machine.open_own_tree()
    return UNKNOWN


def _of_names(  # noqa: C901 - a table of cases
    machine: Machine, name: str, receiver: ModuleNames, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    module: Module = receiver.module
    index = arguments[0] if arguments else UNKNOWN
    if name in ("get", "__getitem__", "setdefault", "pop") and isinstance(index, str):
        found = find_attribute(machine, module, index)
        if name == "pop" and not machine.doubt:
            module.ns.pop(index, None)
        if name == "setdefault" and found is MISSING and len(arguments) > 1:
            set_item(machine, receiver, index, arguments[1])
        if found is not MISSING:
            return found
        return UNKNOWN if module.open else (arguments[1] if len(arguments) > 1 else None)
    if name == "update":
        for argument in arguments:
            if isinstance(argument, Mapping):
                for key, value in argument.items.items():
                    set_item(machine, receiver, key, value)
            if not (isinstance(argument, Mapping) and not argument.open):
                make_open(module, "update")
        for key, value in keywords.items():
            set_item(machine, receiver, key, value)
        return None
    if name in ("keys", "items", "copy", "values"):
        return _views(name, Mapping(dict(module.ns.items()), open=True))
    return UNKNOWN


def _of_standard_object(
    machine: Machine, name: str, receiver: StandardObject, arguments: list[Value], frame: Frame
) -> Value:
    if receiver.name == "os.environ":
        index = arguments[0] if arguments else UNKNOWN
        if name == "get" and isinstance(index, str):
            default = arguments[1] if len(arguments) > 1 else None
            return UNKNOWN if machine.environment_has(index) else default
        if name in ("setdefault", "update", "pop", "__setitem__") and isinstance(index, str):
            machine.environment.add(index)
        return UNKNOWN
    if receiver.name in ("sys.path", "sys.path_hooks"):
        machine.path_changed_by.add(frame.module.dist or "")
    elif receiver.name == "sys.meta_path":
        machine.open_own_tree()
    return UNKNOWN
