"""Bind names, attributes and items, weakly where it is not sure that the code runs."""

from __future__ import annotations

from driftcheck.linker.intermediate import Node
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Mapping,
    Module,
    Namespace,
    Sequence,
    StandardObject,
    Value,
    is_constant,
    make_open,
    same,
)


def set_in(machine: Machine, ns: Namespace, name: str, value: Value) -> None:
    """Set a name of a namespace that outlives the frame: unknown if it may not happen."""
    if machine.doubt and not (name in ns and same(ns[name], value)):
        ns[name] = UNKNOWN
    else:
        ns[name] = value


def bind_name(machine: Machine, frame: Frame, name: str, value: Value) -> None:
    """Bind a plain name."""
    if frame.local_names is not None and name in frame.global_names:
        scope = frame.outer
        while scope is not None:
            if scope.local_names is not None and name in scope.local_names:
                set_in(machine, scope.ns, name, value)
                return
            scope = scope.outer
        set_in(machine, frame.module.ns, name, value)
    else:
        frame.ns[name] = value


def set_attribute(machine: Machine, target: Value, name: str, value: Value) -> None:
    """Execute `target.name = value`."""
    match target:
        case Module() | Class():
            if isinstance(target, Module) and name == "__path__":
                machine.path_changed_by.add(target.dist or "")
            if (
                isinstance(target, Module)
                and target.name == "sys"
                and name in ("path", "modules", "meta_path")
            ):
                machine.path_changed_by.add(machine.stack[-1].module.dist or "")
                return
            set_in(machine, target.ns, name, value)
        case Function() | Instance():
            set_in(machine, target.attributes, name, value)
        case _:
            make_open(value)


def set_item(machine: Machine, target: Value, index: Value, value: Value) -> None:
    """Execute `target[index] = value`."""
    if isinstance(target, Mapping):
        if is_constant(index) and not machine.doubt:
            target.items[index] = value
        elif is_constant(index):
            target.items.setdefault(index, UNKNOWN)
            target.items[index] = UNKNOWN
            target.open = True
        else:
            target.open = True
    elif isinstance(target, Sequence):
        target.open = True
        target.items = [UNKNOWN for _ in target.items]
    elif isinstance(target, StandardObject):
        if target.name == "os.environ" and isinstance(index, str):
            machine.environment.add(index)
    elif isinstance(target, SystemModules):
        target.assign(machine, index, value)
    elif isinstance(target, ModuleNames):
        if isinstance(index, str):
            set_in(machine, target.module.ns, index, value)
        else:
            make_open(target.module, "globals")


def assign(machine: Machine, target: Node, value: Value, frame: Frame) -> None:
    """Bind any assignment target."""
    kind = target[0]
    if kind == "n":
        bind_name(machine, frame, target[1], value)
    elif kind == "a":
        set_attribute(machine, machine.evaluate(target[1], frame), target[2], value)
    elif kind == "sub":
        container = machine.evaluate(target[1], frame)
        set_item(machine, container, machine.evaluate(target[2], frame), value)
    elif kind == "seq":
        _unpack(machine, target[2], value, frame)
    elif kind == "star":
        assign(machine, target[1], UNKNOWN, frame)


def _unpack(machine: Machine, targets: tuple[Node, ...], value: Value, frame: Frame) -> None:
    items: list[Value] = [UNKNOWN] * len(targets)
    has_star = any(target[0] == "star" for target in targets)
    if isinstance(value, Sequence) and not value.open and not has_star and len(value.items) == len(targets):
        items = list(value.items)
    elif isinstance(value, str) and len(value) == len(targets) and not has_star:
        items = list(value)
    for target, item in zip(targets, items, strict=True):
        assign(machine, target, item, frame)


class SystemModules:
    """`sys.modules`."""

    def assign(self, machine: Machine, index: Value, value: Value) -> None:
        """Execute `sys.modules[index] = value`."""
        if not isinstance(index, str):
            machine.open_own_tree()
            return
        certain = isinstance(value, Module) and not machine.doubt
        made: Value = value if certain or isinstance(value, Instance) else UNKNOWN
        if machine.doubt and index in machine.modules:
            known = machine.modules[index]
            make_open(known)
            return
        machine.modules[index] = made
        parent, _, last = index.rpartition(".")
        owner = machine.modules.get(parent)
        if isinstance(owner, Module) and not owner.is_standard:
            owner.ns.setdefault(last, made)


class ModuleNames:
    """`globals()`, `vars(module)` or `module.__dict__`."""

    def __init__(self, module: Module) -> None:
        self.module = module


SYSTEM_MODULES = SystemModules()
