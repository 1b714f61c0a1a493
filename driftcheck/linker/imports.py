"""The import system: parents first, partially initialised modules visible, `sys.modules` honoured."""

from __future__ import annotations

from driftcheck.linker.failure import Failure
from driftcheck.linker.file_paths import SITE
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.module_tree import Place
from driftcheck.linker.values import UNKNOWN, Module, Sequence, Value

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
    place = find_place(machine, name, parent)
    if place is None:
        return UNKNOWN if may_exist(machine, name, parent) else _raise_missing(machine, name, parent, line)
    if name in machine.failed:
        known = machine.failed[name]
        raise known.at(machine.trace(), place.path)
    return _run(machine, name, place)


def _shadows_standard(machine: Machine, name: str) -> bool:
    return False if machine.minor < 12 else name.partition(".")[0] == "distutils"


def find_place(machine: Machine, name: str, parent: Value) -> Place | None:
    """Return where a module is found: below its parent, or in a folder added to its `__path__`."""
    place = machine.tree.find(real_name(machine, name))
    path = parent.ns.get("__path__") if isinstance(parent, Module) else None
    if place is not None or not isinstance(path, Sequence):
        return place
    for folder in path.items:
        if isinstance(folder, str) and folder.startswith(SITE):
            dotted = folder[len(SITE) :].strip("/").replace("/", ".")
            found = machine.tree.find(f"{dotted}.{name.rpartition('.')[2]}")
            if found is not None:
                return found
    return None


def real_name(machine: Machine, name: str) -> str:
    """Follow setuptools' stand-in for distutils, which Python 3.12 no longer has."""
    if machine.minor >= 12 and (name == "distutils" or name.startswith("distutils.")):
        return "setuptools._" + name
    return name


def may_exist(machine: Machine, name: str, parent: Value) -> bool:
    """Whether code that was executed may have made a module that no file holds."""
    if name.startswith(FAKE_TREES) or ".six.moves" in name or name.partition(".")[0] in machine.opened_trees:
        return True
    if parent is not None:
        if not isinstance(parent, Module):
            return True
        if parent.is_binary or not parent.path:
            return parent.is_binary or parent.open
        if "__path__" not in parent.ns:
            return False
        path = parent.ns["__path__"]
        is_known = (
            isinstance(path, Sequence) and not path.open and all(isinstance(f, str) for f in path.items)
        )
        return not is_known
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
    module = machine.modules[name] = _new_module(name, place)
    if place.is_binary or place.wheel is None:
        return _loaded_binary(machine, module, place)
    frame = Frame(module=module, ns=module.ns)
    kept = (machine.doubt, machine.depth, machine.call_limit, machine.tries)
    machine.doubt = machine.depth = machine.tries = 0
    start, machine.call_limit = machine.steps, 0
    machine.stack.append(frame)
    try:
        _execute_body(machine, module, frame)
        module.is_loaded = True
    except Failure as failure:
        if place.has_binary and failure.provider in (module.dist, None):
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


def _new_module(name: str, place: Place) -> Module:
    """Return a module with what Python puts into it before its body runs."""
    dist = place.wheel.name if place.wheel is not None else None
    module = Module(
        name=name, dist=dist, path=place.path, is_package=place.is_package, is_binary=place.is_binary
    )
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
    return module


def _loaded_binary(machine: Machine, module: Module, place: Place) -> Module:
    """Load an extension module, or a package without code: nothing of it can be read.

    Raises:
        Failure: the binary rules say that it does not load.
    """
    module.open = place.is_binary
    module.opened_by = "binary" if place.is_binary else ""
    module.is_loaded = True
    failure = machine.binary_failure(machine, place) if place.is_binary else None
    if failure is not None:
        machine.failed[module.name] = failure
        del machine.modules[module.name]
        raise failure
    return module


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
