"""Functions and classes of the standard library whose calls matter at import time."""

from __future__ import annotations

from typing import Final

from driftcheck.linker.conditions import truth
from driftcheck.linker.container_calls import CONTAINER_CALLS
from driftcheck.linker.import_statements import import_by_call
from driftcheck.linker.known_call import Arguments, Keywords, KnownCall, argument_at
from driftcheck.linker.known_libraries import installed_version, make_version
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.reflection_calls import REFLECTION_CALLS
from driftcheck.linker.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Module,
    Sequence,
    StandardFunction,
    Value,
)

IDENTITY: Final = StandardFunction("driftcheck.identity")


def _identity(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return argument_at(a, 0)


def _decorator(_m: Machine, a: Arguments, k: Keywords, _f: Frame) -> Value:
    """A decorator with or without arguments that gives back what it decorates."""
    return a[0] if a and isinstance(a[0], (Function, Class)) and not k else IDENTITY


def _giver(value: Value) -> KnownCall:
    def give(_m: Machine, _a: Arguments, _k: Keywords, _f: Frame) -> Value:
        return value

    return give


def _text(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value = argument_at(a, 0) if a else ""
    if isinstance(value, Instance):
        arguments = value.attributes.get("args")
        if isinstance(arguments, Sequence) and len(arguments.items) == 1:
            value = arguments.items[0]
    return str(value) if isinstance(value, (str, int)) else UNKNOWN


def _number(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value = argument_at(a, 0) if a else 0
    if isinstance(value, (int, str)) and len(a) <= 1 and len(str(value)) < 50:
        try:
            return int(value)
        except ValueError:
            if _m.tries and not _m.doubt:
                raise _m.failure("builtins.ValueError", "not a number", reason="own", soft=True) from None
    return UNKNOWN


def _boolean(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    known = truth(machine, argument_at(a, 0)) if a else False
    return UNKNOWN if known is None else known


def _import(machine: Machine, a: Arguments, k: Keywords, frame: Frame) -> Value:
    name, level = argument_at(a, 0), (a[4] if len(a) > 4 else k.get("level", 0))
    if not isinstance(name, str) or level != 0:
        return UNKNOWN
    found = import_by_call(machine, name, None)
    listed = a[3] if len(a) > 3 else k.get("fromlist")
    if "." in name and (listed is None or (isinstance(listed, Sequence) and not listed.items)):
        return machine.modules.get(name.partition(".")[0], UNKNOWN)
    del frame
    return found


def _import_module(machine: Machine, a: Arguments, k: Keywords, _f: Frame) -> Value:
    name = a[0] if a else k.get("name", UNKNOWN)
    package = a[1] if len(a) > 1 else k.get("package")
    return import_by_call(machine, name, package) if isinstance(name, str) else UNKNOWN


def _find_spec(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    name = argument_at(a, 0)
    if not isinstance(name, str) or name.startswith("."):
        return UNKNOWN
    if machine.library.has_module(name) or machine.tree.find(name) is not None:
        return Instance(UNKNOWN)
    top = name.partition(".")[0]
    if top != name and (machine.library.has_module(top) or machine.tree.find(top) is not None):
        return UNKNOWN
    return None


def _new_module(_m: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    name = argument_at(a, 0)
    return (
        Module(
            name=name, dist=frame.module.dist, path=frame.module.path, is_loaded=True, ns={"__name__": name}
        )
        if isinstance(name, str)
        else UNKNOWN
    )


def _version(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return installed_version(machine, a, whole=False)


def _distribution(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return installed_version(machine, a, whole=True)


def _loose(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return make_version(a)


def _getenv(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    name = argument_at(a, 0)
    if not isinstance(name, str) or machine.environment_has(name):
        return UNKNOWN
    return a[1] if len(a) > 1 else None


def _python_version(machine: Machine, _a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return f"3.{machine.minor}.0"


def _python_version_tuple(machine: Machine, _a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return Sequence("tuple", ["3", str(machine.minor), UNKNOWN])


def _suppress(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    cls = _m.library.find_class("contextlib.suppress")
    return Instance(cls or UNKNOWN, {"args": Sequence("tuple", list(a))})


KNOWN_CALLS: dict[str, KnownCall] = {
    **CONTAINER_CALLS,
    **REFLECTION_CALLS,
    "driftcheck.identity": _identity,
    "builtins.str": _text,
    "builtins.int": _number,
    "builtins.bool": _boolean,
    "builtins.__import__": _import,
    "builtins.print": _giver(None),
    "warnings.warn": _giver(None),
    "warnings.simplefilter": _giver(None),
    "warnings.filterwarnings": _giver(None),
    "importlib.import_module": _import_module,
    "importlib.util.find_spec": _find_spec,
    "importlib.metadata.version": _version,
    "importlib.metadata.distribution": _distribution,
    "importlib.invalidate_caches": _giver(None),
    "pkgutil.extend_path": _identity,
    "pkgutil.find_loader": _find_spec,
    "types.ModuleType": _new_module,
    "contextlib.suppress": _suppress,
    "functools.wraps": _giver(IDENTITY),
    "functools.lru_cache": _decorator,
    "functools.cache": _decorator,
    "functools.total_ordering": _identity,
    "abc.abstractmethod": _identity,
    "_abc.abstractmethod": _identity,
    "typing.overload": _identity,
    "typing.final": _identity,
    "typing.runtime_checkable": _identity,
    "typing.no_type_check": _identity,
    "dataclasses.dataclass": _decorator,
    "enum.unique": _identity,
    "atexit.register": _identity,
    "os.getenv": _getenv,
    "platform.system": _giver("Linux"),
    "platform.machine": _giver("x86_64"),
    "platform.python_implementation": _giver("CPython"),
    "platform.python_version": _python_version,
    "platform.python_version_tuple": _python_version_tuple,
    "distutils.version.LooseVersion": _loose,
    "distutils.version.StrictVersion": _loose,
}
