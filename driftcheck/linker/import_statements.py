"""What import statements and calls bind: `import`, `from`, star imports, `importlib.import_module`."""

from __future__ import annotations

from driftcheck.linker.attributes import find_attribute, is_surely_absent
from driftcheck.linker.imports import find_place, import_module, may_exist
from driftcheck.linker.intermediate import Node
from driftcheck.linker.machine import Frame, Machine, Signal
from driftcheck.linker.values import MISSING, UNKNOWN, Module, Sequence, Value


def import_statement(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `import a.b, c as d`."""
    for name, alias in node[2]:
        value = import_module(machine, name, line=node[1])
        if alias is None:
            top = name.partition(".")[0]
            frame_bind(frame, top, machine.modules.get(top, UNKNOWN if top != name else value))
        elif isinstance(value, Module):
            frame_bind(frame, alias, value)
        else:
            frame_bind(frame, alias, value if "." not in name else UNKNOWN)
    return None


def from_statement(machine: Machine, node: Node, frame: Frame) -> Signal:
    """Execute `from a import b, c`."""
    _, line, name, names, level = node
    full = resolve_relative(frame.module, name, level) if level else name
    if full == "__future__":
        return None
    source = import_module(machine, full, line=line) if full else UNKNOWN
    for symbol, alias, at in names:
        if symbol == "*":
            star_import(machine, source, frame)
            continue
        value = import_symbol(machine, source, full, symbol, line=at)
        frame_bind(frame, alias or symbol, value)
    return None


def import_symbol(machine: Machine, source: Value, full: str, symbol: str, *, line: int) -> Value:
    """Return what `from full import symbol` binds.

    Raises:
        Failure: there is no such name, or the submodule of that name fails.
    """
    if not isinstance(source, Module):
        return UNKNOWN
    found = find_attribute(machine, source, symbol)
    child = f"{full}.{symbol}"
    has_child = source.is_package and (
        find_place(machine, child, source) is not None or machine.library.has_module(child)
    )
    if found is not MISSING and not (found is UNKNOWN and has_child and symbol not in source.ns):
        return found
    if has_child:
        return import_module(machine, child, line=line)
    if (source.open and not is_surely_absent(machine, source, symbol)) or may_exist(machine, child, source):
        return UNKNOWN
    failure = machine.failure(
        "builtins.ImportError",
        f"cannot import name '{symbol}' from '{full}'",
        reason="removed-from-python" if source.is_standard else "unresolved-import",
        module=full,
        symbol=symbol,
        provider=source.dist,
        line=line,
    )
    if machine.is_refuted(failure) or machine.is_own_misreading(failure):
        return UNKNOWN
    raise failure


def star_import(machine: Machine, source: Value, frame: Frame) -> None:  # noqa: C901 - a table of cases
    """Execute `from source import *`."""
    if not isinstance(source, Module):
        frame.module.open = True
        frame.module.opened_by = "star"
        return
    if source.is_standard:
        for name in machine.library.public_names(source):
            frame.ns[name] = source.ns.get(name, UNKNOWN)
        return
    listed = source.ns.get("__all__")
    is_open = source.open or not source.is_loaded
    if isinstance(listed, Sequence):
        for item in listed.items:
            if isinstance(item, str):
                frame.ns[item] = import_symbol(machine, source, source.name, item, line=frame.line)
        is_open = listed.open
    elif listed is not None and "__all__" in source.ns:
        is_open = True
    if is_open or not isinstance(listed, Sequence):
        for name, value in list(source.ns.items()):
            if not name.startswith("_") and (
                name not in frame.ns or not is_open or "__all__" not in source.ns
            ):
                frame.ns[name] = value
    if is_open:
        frame.module.open = True
        frame.module.opened_by = frame.module.opened_by or "star"


def frame_bind(frame: Frame, name: str, value: Value) -> None:
    """Bind a name in the scope that owns it."""
    if frame.local_names is not None and name in frame.global_names:
        frame.module.ns[name] = value
    else:
        frame.ns[name] = value


def resolve_relative(module: Module, name: str, level: int) -> str:
    """Return the absolute name of a relative import."""
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    for _ in range(level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{name}" if name and package else (package or name)


def import_by_call(machine: Machine, name: str, package: Value) -> Value:
    """Execute `importlib.import_module(name, package)` and return the module."""
    if name.startswith("."):
        if not isinstance(package, str):
            return UNKNOWN
        level = len(name) - len(name.lstrip("."))
        for _ in range(level - 1):
            package = package.rpartition(".")[0]
        name = f"{package}.{name.lstrip('.')}".rstrip(".")
    here = next((frame.module for frame in machine.stack if frame.module.name == name), None)
    if here is not None and here.dist in machine.path_changed_by:
        # It changed `sys.path` to find an extension module of its own name there (cv2).
        binary = machine.tree.binary_of(here.dist or "", name)
        failure = machine.binary_failure(machine, binary) if binary is not None else None
        if failure is not None:
            raise failure
        machine.modules.setdefault(name, here)
        return UNKNOWN
    return import_module(machine, name)
