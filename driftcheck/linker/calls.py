"""Call values: functions of wheels are entered, those of the standard library answered where it matters."""

from __future__ import annotations

from driftcheck.linker.binding import ModuleNames
from driftcheck.linker.class_attributes import find_in_class, linearise
from driftcheck.linker.executed_text import execute_text
from driftcheck.linker.failure import Failure
from driftcheck.linker.file_paths import PATH_CALLS
from driftcheck.linker.intermediate import Node
from driftcheck.linker.known_call import KnownCall
from driftcheck.linker.known_libraries import known_library_call
from driftcheck.linker.machine import (
    MAX_DEPTH,
    MAX_DOUBTFUL_DEPTH,
    MAX_STEPS,
    MAX_STEPS_PER_CALL,
    MAX_STEPS_PER_FUNCTION,
    CallTooLongError,
    Frame,
    Machine,
    Returned,
)
from driftcheck.linker.methods import call_method
from driftcheck.linker.standard_calls import KNOWN_CALLS
from driftcheck.linker.values import (
    MISSING,
    UNKNOWN,
    Bound,
    Class,
    Function,
    Instance,
    Mapping,
    Sequence,
    StandardClass,
    StandardFunction,
    Value,
    make_open,
    same,
)

_FURTHER_CALLS: dict[str, KnownCall] = {**PATH_CALLS, "builtins.exec": execute_text}


def call(  # noqa: C901 - a table of cases
    machine: Machine, function: Value, arguments: list[Value], keywords: dict[str, Value], frame: Frame
) -> Value:
    """Return what a call returns.

    Raises:
        Failure: what the called code raises.
    """
    match function:
        case StandardFunction():
            known = KNOWN_CALLS.get(function.name) or _FURTHER_CALLS.get(function.name)
            if known is not None:
                return known(machine, arguments, keywords, frame)
            _escape(arguments, keywords)
            return UNKNOWN
        case StandardClass():
            known = KNOWN_CALLS.get(function.name)
            if known is not None:
                return known(machine, arguments, keywords, frame)
            return Instance(function, {"args": Sequence("tuple", list(arguments))})
        case Function():
            answer = known_library_call(machine, function.module.name, function.name, arguments)
            return call_function(machine, function, arguments, keywords) if answer is MISSING else answer
        case Class():
            return _instantiate(machine, function, arguments, keywords)
        case Bound(function=str(name)):
            return call_method(machine, name, function.receiver, arguments, keywords, frame)
        case Bound(function=Function() as inner):
            return call_function(machine, inner, [function.receiver, *arguments], keywords)
        case Instance(cls=Class() as cls):
            method = find_in_class(machine, cls, "__call__")
            if isinstance(method, Function):
                return call_function(machine, method, [function, *arguments], keywords)
            _escape(arguments, keywords)
            return UNKNOWN
        case _:
            _escape(arguments, keywords)
            return UNKNOWN


def _escape(arguments: list[Value], keywords: dict[str, Value]) -> None:
    """Note that unseen code may change what it was given."""
    for value in (*arguments, *keywords.values()):
        if isinstance(value, (Sequence, Mapping)):
            if not (isinstance(value, Sequence) and value.kind in ("tuple", "frozenset")):
                make_open(value)
        elif isinstance(value, ModuleNames):
            make_open(value.module, "globals")
        elif not isinstance(value, Class):
            make_open(value)


def _instantiate(machine: Machine, cls: Class, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    answer = known_library_call(machine, cls.module.name, cls.name, arguments)
    if answer is not MISSING:
        return answer
    order, is_open = linearise(machine, cls)
    made = Instance(cls)
    if any(
        isinstance(o, StandardClass) and "builtins.BaseException" in machine.library.exception_names(o)
        for o in order
    ):
        made.attributes["args"] = Sequence("tuple", list(arguments))
        return made
    if any(isinstance(o, Class) and ("__new__" in o.ns or o.has_metaclass) for o in order):
        _escape(arguments, keywords)
        return UNKNOWN
    starter = find_in_class(machine, cls, "__init__")
    if isinstance(starter, Function):
        call_function(machine, starter, [made, *arguments], keywords)
    elif is_open:
        _escape(arguments, keywords)
    return made


def call_function(
    machine: Machine, function: Function, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """Execute a function of a wheel, within bounds; beyond them its result is unknown."""
    spec = function.node
    body = None
    if not spec[6] and not spec[7] and _is_worth_entering(machine, function):
        body = _body(machine, function)
    if body is None:
        _escape(arguments, keywords)
        return UNKNOWN
    outer = function.outer if isinstance(function.outer, Frame) else None
    frame = Frame(
        module=function.module,
        ns={},
        local_names=body[0],
        global_names=body[1],
        outer=outer,
        body=body[2],
        cls=function.owner,
        line=spec[0][0],
        first_argument=arguments[0] if arguments else UNKNOWN,
    )
    _bind_arguments(frame, function, arguments, keywords)
    spent = machine.steps - machine.import_steps
    try:
        return _run(machine, frame)
    finally:
        key = (function.module.path, spec[0])
        used = machine.steps - machine.import_steps - spent
        machine.spent[key] = machine.spent.get(key, 0) + used


def _is_worth_entering(machine: Machine, function: Function) -> bool:
    """Functions called over and over, or deep inside what may never run, bring time and no knowledge."""
    if machine.depth >= (MAX_DEPTH if not machine.doubt else MAX_DOUBTFUL_DEPTH):
        return False
    return machine.spent.get((function.module.path, function.node[0]), 0) < MAX_STEPS_PER_FUNCTION


def _body(machine: Machine, function: Function) -> Node | None:
    if function.body is not None:
        return function.body
    return machine.summary_of(function.module.dist or "", function.module.path).function(function.node[0])


def _run(machine: Machine, frame: Frame) -> Value:
    kept = (machine.doubt, machine.tries, len(machine.stack), len(machine.handling), machine.depth)
    if machine.depth == 0:
        machine.call_limit = min(MAX_STEPS, machine.steps + MAX_STEPS_PER_CALL)
    machine.depth += 1
    machine.stack.append(frame)
    try:
        signal = machine.execute(frame.body, frame)
    except Failure:
        if frame.pending:
            return _merged(frame.pending)
        raise
    except CallTooLongError:
        if kept[4] > 0:
            raise
        return UNKNOWN
    finally:
        machine.doubt, machine.tries = kept[0], kept[1]
        del machine.stack[kept[2] :]
        del machine.handling[kept[3] :]
        machine.depth = kept[4]
        if machine.depth == 0:
            machine.call_limit = MAX_STEPS
    result = signal.value if isinstance(signal, Returned) else None
    return _merged([*frame.pending, result]) if frame.pending else result


def _merged(values: list[Value]) -> Value:
    return values[0] if all(same(values[0], value) for value in values) else UNKNOWN


def _bind_arguments(
    frame: Frame, function: Function, arguments: list[Value], keywords: dict[str, Value]
) -> None:
    positional_only, plain, rest, keyword_only, others = function.node[1]
    names = [*positional_only, *plain]
    is_open = "*" in keywords
    given = {key: value for key, value in keywords.items() if key != "*"}
    ns = frame.ns
    ns.update(zip(names, arguments, strict=False))
    first_default = len(names) - len(function.defaults)
    for position, name in enumerate(names):
        if name in ns:
            continue
        if name in given:
            ns[name] = given.pop(name)
        elif position >= first_default and not is_open:
            ns[name] = function.defaults[position - first_default]
        else:
            ns[name] = UNKNOWN
    for name, default in zip(keyword_only, function.keyword_defaults, strict=False):
        ns[name] = given.pop(name) if name in given else (UNKNOWN if is_open else default)
    if rest is not None:
        ns[rest] = Sequence("tuple", list(arguments[len(names) :]), open=is_open)
    if others is not None:
        ns[others] = Mapping(dict(given.items()), open=is_open)
