"""Look plain names up, as scopes of Python nest."""

from __future__ import annotations

from driftcheck.linker.intermediate import Node
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import UNKNOWN, Value


def name(machine: Machine, node: Node, frame: Frame) -> Value:  # noqa: C901 - a table of cases
    """Look a name up: locals, enclosing functions, module, builtins."""
    wanted: str = node[1]
    if wanted in frame.ns:
        return frame.ns[wanted]
    scope = frame if frame.local_names is not None else frame.outer
    while scope is not None:
        if scope.local_names is not None:
            if wanted in scope.ns:
                return scope.ns[wanted]
            if wanted in scope.local_names:
                return UNKNOWN
        scope = scope.outer
    module = frame.module
    if wanted in module.ns:
        return module.ns[wanted]
    builtins = machine.library.module("builtins")
    if builtins is not None and wanted in builtins.ns:
        return builtins.ns[wanted]
    if module.open or wanted in ("__class__", "__annotations__", "__path__", "reveal_type", "WindowsError"):
        return UNKNOWN
    because = frame.unbound.get(wanted)
    if because is None and frame.local_names is not None:
        return UNKNOWN
    failure = machine.failure(
        "builtins.NameError",
        f"name '{wanted}' is not defined",
        reason="raised" if because is not None else "own",
        module=module.name,
        symbol=wanted,
        line=node[2],
        provider=module.dist,
    )
    failure.cause = failure.cause or because
    if machine.is_refuted(failure):
        return UNKNOWN
    raise failure
