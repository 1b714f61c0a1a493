"""Look attributes up: of modules (PEP 562 included), classes, instances and what Python brings."""

from __future__ import annotations

from packaging.version import InvalidVersion, Version

from driftcheck.linker.binding import ModuleNames, SystemModules
from driftcheck.linker.class_attributes import find_in_class, find_in_standard_class, linearise, of_class
from driftcheck.linker.failure import Failure
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import (
    MISSING,
    UNKNOWN,
    Bound,
    Class,
    Descriptor,
    Function,
    Instance,
    Mapping,
    Module,
    Sequence,
    StandardClass,
    StandardFunction,
    StandardObject,
    Super,
    Value,
    VersionValue,
    is_constant,
)


def get_attribute(machine: Machine, value: Value, name: str, frame: Frame, line: int) -> Value:
    """Return `value.name`.

    Raises:
        Failure: it surely has no such attribute.
    """
    if isinstance(value, Module):
        return _module_attribute(machine, value, name, line)
    found = find_attribute(machine, value, name)
    if found is not MISSING:
        return found
    failure = machine.failure(
        "builtins.AttributeError",
        f"type object '{_shown(value)}' has no attribute '{name}'",
        reason="removed-from-python" if isinstance(value, StandardClass) else "unresolved-import",
        module=_shown(value),
        symbol=name,
        line=line,
        provider=value.module.dist if isinstance(value, Class) else None,
    )
    if machine.is_refuted(failure) or _is_own(value, frame):
        return UNKNOWN
    raise failure


def _shown(value: Value) -> str:
    if isinstance(value, Class):
        return f"{value.module.name}.{value.name}"
    return value.name if isinstance(value, (StandardClass, StandardFunction)) else "?"


def _is_own(value: Value, frame: Frame) -> bool:
    """Whether a class and the code that asks are of one distribution: then a miss is our misreading."""
    return isinstance(value, Class) and value.module.dist == frame.module.dist


def _module_attribute(machine: Machine, module: Module, name: str, line: int) -> Value:
    found = find_attribute(machine, module, name)
    if found is not MISSING:
        return found
    if name == "__path__" or (module.open and not is_surely_absent(machine, module, name)):
        return UNKNOWN
    failure = machine.failure(
        "builtins.AttributeError",
        f"module '{module.name}' has no attribute '{name}'",
        reason="removed-from-python" if module.is_standard else "unresolved-import",
        module=module.name,
        symbol=name,
        provider=module.dist,
        line=line,
    )
    if (
        machine.is_refuted(failure)
        or machine.is_own_misreading(failure)
        or (module.is_standard and _may_be_submodule(machine, module, name))
    ):
        return UNKNOWN
    raise failure


def is_surely_absent(machine: Machine, module: Module, name: str) -> bool:
    """Whether an open module has no such name all the same: no source of its wheel mentions it.

    Only where `globals().update(...)` opened it: names from C, or composed ones, stand nowhere.
    """
    if module.opened_by != "update" or module.dist is None:
        return False
    return not machine.tree.mentions(module.dist, name)


def _may_be_submodule(machine: Machine, module: Module, name: str) -> bool:
    """Whether a submodule of the standard library is meant, which something else has mostly imported."""
    return machine.library.has_module(f"{module.name}.{name}")


def find_attribute(machine: Machine, value: Value, name: str) -> Value:  # noqa: C901 - a table of cases, each a line or two
    """Return `value.name`, `MISSING` if it surely has none."""
    match value:
        case Module():
            return _find_in_module(machine, value, name)
        case Class():
            return find_in_class(machine, value, name)
        case StandardClass():
            return find_in_standard_class(machine, value, name)
        case Instance():
            return _find_in_instance(machine, value, name)
        case Function():
            return (
                value.attributes.get(name, UNKNOWN)
                if name not in ("__name__", "__module__")
                else _named(value, name)
            )
        case Super():
            return _find_above(machine, value, name)
        case StandardObject() if f"{value.name}.{name}" in (
            "sys.version_info.major",
            "sys.version_info.minor",
        ):
            return 3 if name == "major" else machine.minor
        case VersionValue():
            return _of_version(value, name)
        case Sequence() | Mapping() | StandardObject() | SystemModules() | ModuleNames():
            return Bound(name, value)
        case _ if is_constant(value) and value is not None:
            return Bound(name, value)
        case _:
            return UNKNOWN


def _of_version(value: VersionValue, name: str) -> Value:
    try:
        version = Version(value.text)
    except InvalidVersion:
        return UNKNOWN
    if name in ("major", "minor", "micro"):
        return {"major": version.major, "minor": version.minor, "micro": version.micro}[name]
    if name in ("release", "version"):
        return Sequence("tuple" if name == "release" else "list", list(version.release))
    return str(version) if name in ("public", "base_version", "vstring") else UNKNOWN


def _named(function: Function, name: str) -> Value:
    return function.attributes.get(name, function.name if name == "__name__" else function.module.name)


def _find_in_module(machine: Machine, module: Module, name: str) -> Value:
    if name in module.ns:
        return module.ns[name]
    if name == "__dict__":
        return UNKNOWN
    if name == "__all__" and module.open:
        return UNKNOWN
    getter = module.ns.get("__getattr__")
    if getter is None or module.is_standard:
        return MISSING
    if not isinstance(getter, Function):
        return UNKNOWN
    frame = machine.stack[-1] if machine.stack else Frame(module=module, ns=module.ns)
    machine.tries += 1
    try:
        found = machine.call(machine, getter, [name], {}, frame)
    except Failure as failure:
        if not _is_attribute_error(machine, failure):
            raise
        return UNKNOWN if module.open and failure.is_fall_through else MISSING
    finally:
        machine.tries -= 1
    return found


def _is_attribute_error(machine: Machine, failure: Failure) -> bool:
    cls = failure.exception
    if isinstance(cls, StandardClass):
        return "builtins.AttributeError" in machine.library.exception_names(cls)
    return False


def _find_in_instance(machine: Machine, value: Instance, name: str) -> Value:
    if name in value.attributes:
        return value.attributes[name]
    if isinstance(value.cls, Class):
        if name == "__class__":
            return value.cls
        order, _is_open = linearise(machine, value.cls)
        for owner in order:
            if isinstance(owner, Class) and name in owner.ns:
                found = owner.ns[name]
                if isinstance(found, Function):
                    return Bound(found, value)
                return of_class(found, value.cls) if isinstance(found, Descriptor) else UNKNOWN
    return UNKNOWN


def _find_above(machine: Machine, value: Super, name: str) -> Value:
    order, _ = linearise(machine, value.cls)
    for owner in order[1:]:
        if isinstance(owner, Class) and name in owner.ns:
            found = owner.ns[name]
            return Bound(found, value.receiver) if isinstance(found, Function) else UNKNOWN
    return UNKNOWN
