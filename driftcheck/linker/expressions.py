"""What the expressions of a module evaluate to."""

from __future__ import annotations

from driftcheck.linker.attributes import get_attribute
from driftcheck.linker.binding import SYSTEM_MODULES, ModuleNames
from driftcheck.linker.comprehensions import comprehension
from driftcheck.linker.conditions import compare, truth
from driftcheck.linker.failure import Failure
from driftcheck.linker.intermediate import Node
from driftcheck.linker.machine import Evaluator, Frame, Machine
from driftcheck.linker.names import name
from driftcheck.linker.operators import binary, subscript
from driftcheck.linker.values import (
    UNKNOWN,
    Function,
    Mapping,
    Module,
    Sequence,
    StandardObject,
    Value,
    is_constant,
)


def constant(_machine: Machine, node: Node, _frame: Frame) -> Value:
    """Return a constant."""
    value: Value = node[1]
    return value


def attribute(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate `value.attribute`."""
    value = machine.evaluate(node[1], frame)
    if value is UNKNOWN:
        return UNKNOWN
    found = get_attribute(machine, value, node[2], frame, node[3])
    if isinstance(found, StandardObject) and found.name == "sys.modules":
        return SYSTEM_MODULES
    if node[2] == "__dict__" and isinstance(value, Module):
        return ModuleNames(value)
    return found


def call(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate a call."""
    function = machine.evaluate(node[1], frame)
    arguments: list[Value] = []
    is_open = False
    for argument in node[2]:
        if argument[0] == "star":
            value = machine.evaluate(argument[1], frame)
            if isinstance(value, Sequence) and not value.open:
                arguments.extend(value.items)
            else:
                is_open = True
        else:
            arguments.append(machine.evaluate(argument, frame))
    keywords: dict[str, Value] = {}
    for key, part in node[3]:
        value = machine.evaluate(part, frame)
        if key is not None:
            keywords[key] = value
        elif isinstance(value, Mapping) and not value.open:
            keywords.update({k: v for k, v in value.items.items() if isinstance(k, str)})
        else:
            is_open = True
    if is_open:
        keywords["*"] = UNKNOWN
    frame.line = max(frame.line, node[4])
    return machine.call(machine, function, arguments, keywords, frame)


def boolean(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate `and` and `or`; what stands behind an unknown value is evaluated in doubt."""
    stops_at = node[1] == "or"
    doubted = 0
    value: Value = UNKNOWN
    try:
        for part in node[2]:
            value = machine.evaluate(part, frame)
            known = truth(machine, value)
            if known is stops_at:
                return UNKNOWN if doubted and not isinstance(value, bool) else value
            if known is None and part is not node[2][-1]:
                machine.doubt += 1
                doubted += 1
                machine.tries += 1
    except Failure:
        if not doubted:
            raise
        return UNKNOWN
    finally:
        machine.doubt -= doubted
        machine.tries -= doubted
    return UNKNOWN if doubted else value


def negation(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate `not`."""
    known = truth(machine, machine.evaluate(node[1], frame))
    return UNKNOWN if known is None else not known


def minus(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate unary minus."""
    value = machine.evaluate(node[1], frame)
    return -value if isinstance(value, (int, float)) else UNKNOWN


def conditional(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate `a if test else b`."""
    known = truth(machine, machine.evaluate(node[1], frame))
    if known is not None:
        return machine.evaluate(node[2] if known else node[3], frame)
    values = [machine.evaluate_in_doubt(part, frame) for part in node[2:4]]
    return values[0] if values[0] is values[1] else UNKNOWN


def comparison(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate a chain of comparisons."""
    left = machine.evaluate(node[1], frame)
    outcome: bool | None = True
    for sign, part in zip(node[2], node[3], strict=True):
        right = machine.evaluate(part, frame)
        known = compare(machine, left, sign, right)
        if known is False:
            return False
        outcome = None if known is None else outcome
        left = right
    return UNKNOWN if outcome is None else outcome


def sequence(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate a list, tuple or set."""
    made = Sequence(node[1], [])
    for part in node[2]:
        if part[0] != "star":
            made.items.append(machine.evaluate(part, frame))
            continue
        value = machine.evaluate(part[1], frame)
        if isinstance(value, (Sequence, Mapping)):
            made.items.extend(value.items)
            made.open = made.open or value.open
        else:
            made.open = True
    return made


def dictionary(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate a dict."""
    made = Mapping()
    for key_part, value_part in node[1]:
        value = machine.evaluate(value_part, frame)
        if key_part is None:
            if isinstance(value, Mapping):
                made.items.update(value.items)
                made.open = made.open or value.open
            else:
                made.open = True
            continue
        key = machine.evaluate(key_part, frame)
        if is_constant(key):
            made.items[key] = value
        else:
            made.open = True
    return made


def subscription(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate `value[index]`."""
    value = machine.evaluate(node[1], frame)
    index = machine.evaluate(node[2], frame)
    return subscript(machine, value, index, frame, node[3])


def slicing(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate the index of a slice: a tuple of kind `slice`."""
    return Sequence("slice", [machine.evaluate(part, frame) for part in node[1:4]])


def operation(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate a binary operator."""
    left = machine.evaluate(node[2], frame)
    right = machine.evaluate(node[3], frame)
    return binary(machine, node[1], left, right, node[4])


def walrus(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate `name := value`."""
    value = machine.evaluate(node[2], frame)
    frame.ns[node[1]] = value
    return value


def anonymous(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate a lambda."""
    made = make_function(machine, "<lambda>", node[1], frame)
    made.body = node[2]
    return made


def make_function(machine: Machine, called: str, node: Node, frame: Frame) -> Function:
    """Make a function, evaluating its defaults in order."""
    defaults = [machine.evaluate(part, frame) for part in node[3]]
    keyword_defaults = [UNKNOWN if part is None else machine.evaluate(part, frame) for part in node[4]]
    if machine.texts:
        node = (
            *node[:6],
            True,
            node[7],
        )  # its body stands in no file: not entered, as if it were a generator
    return Function(called, node, frame.module, frame, defaults, keyword_defaults)


def formatted(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate an f-string."""
    values = [machine.evaluate(part, frame) for part in node[1]]
    if all(isinstance(value, (str, int)) for value in values):
        return "".join(str(value) for value in values)
    return UNKNOWN


def opaque(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate the parts of something whose value is not followed."""
    for part in node[1]:
        machine.evaluate(part, frame)
    return UNKNOWN


def starred(machine: Machine, node: Node, frame: Frame) -> Value:
    """Evaluate `*value` where it is not followed."""
    machine.evaluate(node[1], frame)
    return UNKNOWN


EVALUATORS: dict[str, Evaluator] = {
    "c": constant,
    "n": name,
    "a": attribute,
    "call": call,
    "bin": operation,
    "cmp": comparison,
    "bool": boolean,
    "not": negation,
    "neg": minus,
    "ifexp": conditional,
    "seq": sequence,
    "dict": dictionary,
    "sub": subscription,
    "slice": slicing,
    "star": starred,
    "walrus": walrus,
    "lambda": anonymous,
    "comp": comprehension,
    "fstr": formatted,
    "?": opaque,
}
