"""`exec` of texts that are known; of any other the module becomes open."""

from __future__ import annotations

from driftcheck.linker.binding import ModuleNames
from driftcheck.linker.lower_statement import lower_block
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.source import UnreadableSourceError, parse
from driftcheck.linker.values import Namespace, Value, make_open

_LONGEST = 20_000


def execute_text(machine: Machine, a: list[Value], _k: dict[str, Value], frame: Frame) -> Value:
    """Execute `exec(text, names)`; functions defined by it are known by name, and never entered."""
    ns: Namespace | None = frame.ns
    owner: Value = frame.module
    if len(a) > 1:
        owner = a[1].module if isinstance(a[1], ModuleNames) else a[1]
        ns = a[1].module.ns if isinstance(a[1], ModuleNames) else None
    text = a[0] if a else None
    if not isinstance(text, str) or len(text) > _LONGEST or ns is None:
        make_open(owner, "exec")
        return None
    try:
        block = lower_block(parse(text).body)
    except UnreadableSourceError:
        make_open(owner, "exec")
        return None
    machine.texts += 1
    line = frame.line
    try:
        machine.execute(block, Frame(module=frame.module, ns=ns, line=line))
    finally:
        machine.texts -= 1
        frame.line = line
    return None
