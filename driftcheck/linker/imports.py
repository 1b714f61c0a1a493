"""The import system: parents first, partially initialised modules visible, `sys.modules` honoured."""

from __future__ import annotations

from driftcheck.linker.attributes import find_attribute, is_surely_absent
from driftcheck.linker.failure import Failure
from driftcheck.linker.file_paths import SITE
from driftcheck.linker.intermediate import Node
from driftcheck.linker.machine import Frame, Machine, Signal
from driftcheck.linker.module_tree import Place
from driftcheck.linker.values import MISSING, UNKNOWN, Module, Sequence, Value

FAKE_TREES = (
    "six.moves",
    "requests.packages",
    "pkg_resources.extern",
    "setuptools.extern",
    "pkg_resources._vendor",
    "setuptools._vendor",
    "sklearn.externals.six.moves",
)
"""Packages whose submodules are made by code at import time, so what is missing below them is unknown."""


def import_module(machine: Machine, name: str, *, line: int | None = None) -> Value:
    """Import a module with its parents and return it (the last, not the top).

    Raises:
        Failure: it does not exist, or its body fails.
    """
    parent_name, _, last = name.rpartition(".")
    known = machine.modules.get(name)
    # What a failed parent had loaded is there for this root only: the next root starts a new process.
    if known is not None and parent_name not in machine.failed:
        return known
    parent: Value = None
    if parent_name:
        parent = import_module(machine, parent_name, line=line)
        machine.failed.pop(parent_name, None)
        if name in machine.modules:  # the parent's body imported it
            return machine.modules[name]
    module = _load(machine, name, parent, line)
    if isinstance(parent, Module) and not parent.is_standard:
        known_value = machine.modules.get(name, module)
        parent.ns[last] = known_value
        return known_value
    return machine.modules.get(name, module)


def _load(machine: Machine, name: str, parent: Value, line: int | None) -> Value:
    standard = machine.library.module(name)
    if standard is not None and not _shadows_standard(machine, name):
        machine.modules[name] = standard
        return standard
    if isinstance(parent, Module) and parent.is_standard:
        return UNKNOWN if parent.open else _raise_missing(machine, name, parent, line)
    place = machine.tree.find(_real_name(machine, name))
    if place is None:
        return UNKNOWN if _may_exist(machine, name, parent) else _raise_missing(machine, name, parent, line)
    if name in machine.failed:
        known = machine.failed[name]
        raise known.at(machine.trace(), place.path)
    return _run(machine, name, place)


def _shadows_standard(machine: Machine, name: str) -> bool:
    return False if machine.minor < 12 else name.partition(".")[0] == "distutils"


def _real_name(machine: Machine, name: str) -> str:
    """Follow setuptools' stand-in for distutils, which Python 3.12 no longer has."""
    if machine.minor >= 12 and (name == "distutils" or name.startswith("distutils.")):
        return "setuptools._" + name
    return name


def _may_exist(machine: Machine, name: str, parent: Value) -> bool:
    """Whether code that was executed may have made a module that no file holds."""
    if name.startswith(FAKE_TREES) or ".six.moves" in name or name.partition(".")[0] in machine.opened_trees:
        return True
    if parent is not None:
        if not isinstance(parent, Module):
            return True
        if parent.is_binary or not parent.path:
            return parent.is_binary or parent.open
        path = parent.ns.get("__path__")
        return isinstance(path, Sequence) and path.open
    return any(machine.tree.has_stem(dist, name) for dist in machine.path_changed_by)


def _raise_missing(machine: Machine, name: str, parent: Value, line: int | None) -> Value:
    failure = _missing(machine, name, parent, line)
    if machine.is_refuted(failure):
        return UNKNOWN
    raise failure


def _missing(machine: Machine, name: str, parent: Value, line: int | None) -> Failure:
    top = name.partition(".")[0]
    provider = None
    if isinstance(parent, Module):
        provider = parent.dist
        if parent.dist is None and not parent.is_standard:
            place = machine.tree.find(parent.name)
            provider = place.wheel.name if place is not None and place.wheel is not None else None
    is_of_standard = isinstance(parent, Module) and parent.is_standard
    if is_of_standard or (parent is None and machine.library.minors_with(top, None)):
        reason = "removed-from-python"
    elif parent is None:
        reason = "undeclared-dependency"
    else:
        reason = "unresolved-import"
    note = ""
    if isinstance(parent, Module) and not parent.is_package:
        note = f"; '{parent.name}' is not a package"
    return machine.failure(
        "builtins.ModuleNotFoundError",
        f"No module named '{name}'{note}",
        reason=reason,
        module=name,
        provider=provider,
        line=line,
    )


def _run(machine: Machine, name: str, place: Place) -> Value:
    """Execute the body of a module of a wheel."""
    dist = place.wheel.name if place.wheel is not None else None
    module = Module(
        name=name, dist=dist, path=place.path, is_package=place.is_package, is_binary=place.is_binary
    )
    machine.modules[name] = module
    module.ns.update(
        {
            "__name__": name,
            "__file__": SITE + place.path,
            "__doc__": UNKNOWN,
            "__spec__": UNKNOWN,
            "__loader__": UNKNOWN,
            "__dict__": UNKNOWN,
            "__builtins__": UNKNOWN,
            "__package__": name if place.is_package else name.rpartition(".")[0],
        }
    )
    if place.is_package:
        module.ns["__path__"] = Sequence("list", [SITE + place.path.rpartition("/")[0]])
    if place.is_binary or place.wheel is None:
        module.open = place.is_binary
        module.opened_by = "binary" if place.is_binary else ""
        module.is_loaded = True
        if place.is_binary:
            failure = machine.binary_failure(machine, place)
            if failure is not None:
                machine.failed[name] = failure
                del machine.modules[name]
                raise failure
        return module
    frame = Frame(module=module, ns=module.ns)
    kept = (machine.doubt, machine.depth, machine.call_limit, machine.tries)
    machine.doubt = machine.depth = machine.tries = 0
    start, machine.call_limit = machine.steps, 0
    machine.stack.append(frame)
    try:
        _execute_body(machine, module, frame)
        module.is_loaded = True
    except Failure as failure:
        if place.has_binary and failure.provider in (dist, None):
            module.open = module.is_loaded = True  # it is the extension module that runs
            module.opened_by = "binary"
        else:
            machine.modules.pop(name, None)
            machine.failed[name] = failure
            raise
    finally:
        machine.stack.pop()
        machine.doubt, machine.depth, machine.call_limit, machine.tries = kept
        machine.call_limit += machine.steps - start
        if machine.depth:
            machine.import_steps += machine.steps - start
    return machine.modules.get(name, module)


def _execute_body(machine: Machine, module: Module, frame: Frame) -> None:
    summary = machine.summary_of(module.dist or "", module.path)
    module.annotations_deferred = summary.annotations_deferred or machine.minor >= 14
    python = (3, machine.minor)
    if summary.needs_python > python:
        shown = ".".join(map(str, summary.needs_python))
        raise machine.failure(
            "builtins.SyntaxError",
            f"{module.path} is written for Python {shown} or newer",
            reason="removed-from-python",
            module=module.name,
            symbol="syntax",
            line=1,
        )
    if summary.unreadable is not None:
        if summary.refused_from is not None and python >= summary.refused_from:
            raise machine.failure(
                "builtins.SyntaxError",
                f"{module.path} is no Python 3.{machine.minor}: {summary.unreadable}",
                reason="removed-from-python",
                module=module.name,
                symbol="syntax",
                line=1,
            )
        module.open = True
        module.opened_by = "unreadable"
        return
    frame.body = summary.body
    machine.execute(summary.body, frame)


def resolve_relative(module: Module, name: str, level: int) -> str:
    """Return the absolute name of a relative import."""
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    for _ in range(level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{name}" if name and package else (package or name)


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


def frame_bind(frame: Frame, name: str, value: Value) -> None:
    """Bind a name in the scope that owns it."""
    if frame.local_names is not None and name in frame.global_names:
        frame.module.ns[name] = value
    else:
        frame.ns[name] = value


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
        machine.tree.find(_real_name(machine, child)) is not None or machine.library.has_module(child)
    )
    if found is not MISSING and not (found is UNKNOWN and has_child and symbol not in source.ns):
        return found
    if has_child:
        return import_module(machine, child, line=line)
    if (source.open and not is_surely_absent(machine, source, symbol)) or _may_exist(machine, child, source):
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
