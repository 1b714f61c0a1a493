"""Functions and classes of the standard library whose calls matter at import time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from driftcheck.linker.attributes import find_attribute, find_in_class, linearise
from driftcheck.linker.binding import SYSTEM_MODULES, ModuleNames, set_attribute, set_in
from driftcheck.linker.comprehensions import known_items
from driftcheck.linker.conditions import plain, truth
from driftcheck.linker.failure import Failure
from driftcheck.linker.imports import import_by_call
from driftcheck.linker.known_libraries import installed_version, make_version
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import (
    MAX_ITEMS,
    MISSING,
    UNKNOWN,
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
    is_constant,
    make_open,
)

Arguments = list[Value]
Keywords = dict[str, Value]
KnownCall = Callable[[Machine, Arguments, Keywords, Frame], Value]

IDENTITY: Final = StandardFunction("driftcheck.identity")


def _argument(arguments: Arguments, position: int) -> Value:
    return arguments[position] if position < len(arguments) else UNKNOWN


def _identity(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return _argument(a, 0)


def _decorator(_m: Machine, a: Arguments, k: Keywords, _f: Frame) -> Value:
    """A decorator with or without arguments that gives back what it decorates."""
    return a[0] if a and isinstance(a[0], (Function, Class)) and not k else IDENTITY


def _giver(value: Value) -> KnownCall:
    def give(_m: Machine, _a: Arguments, _k: Keywords, _f: Frame) -> Value:
        return value

    return give


def _hasattr(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    owner, name = _argument(a, 0), _argument(a, 1)
    if not isinstance(name, str) or owner is UNKNOWN:
        return UNKNOWN
    try:
        found = find_attribute(machine, owner, name)
    except Failure:
        return UNKNOWN
    if found is MISSING:
        if isinstance(owner, Module) and owner.open:
            return UNKNOWN
        return False
    if isinstance(owner, (Module, Class)) and (name in owner.ns):
        return True
    return True if isinstance(owner, StandardClass) and found is not UNKNOWN else UNKNOWN


def _getattr(machine: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    from driftcheck.linker.attributes import get_attribute  # noqa: PLC0415

    owner, name = _argument(a, 0), _argument(a, 1)
    if not isinstance(name, str) or owner is UNKNOWN:
        return UNKNOWN
    if len(a) < 3:
        return get_attribute(machine, owner, name, frame, frame.line)
    found = find_attribute(machine, owner, name)
    if found is MISSING:
        return UNKNOWN if isinstance(owner, Module) and owner.open else a[2]
    return found


def _setattr(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    owner, name = _argument(a, 0), _argument(a, 1)
    if isinstance(name, str):
        set_attribute(machine, owner, name, _argument(a, 2))
    else:
        make_open(owner, "setattr")
    return None


def _isinstance(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value, cls = _argument(a, 0), _argument(a, 1)
    classes = cls.items if isinstance(cls, Sequence) and not cls.open else [cls]
    answers = [_is_instance_of(machine, value, one) for one in classes]
    if True in answers:
        return True
    return UNKNOWN if None in answers else False


def _is_instance_of(machine: Machine, value: Value, cls: Value) -> bool | None:
    if is_constant(value) and isinstance(cls, StandardClass) and cls.name.startswith("builtins."):
        mine = machine.library.find_class(f"builtins.{type(value).__name__}")
        return cls.name in machine.library.exception_names(mine) if mine is not None else None
    if (
        isinstance(value, (Sequence, Mapping))
        and isinstance(cls, StandardClass)
        and cls.name.startswith("builtins.")
    ):
        kind = "dict" if isinstance(value, Mapping) else value.kind
        return None if kind == "slice" else cls.name in (f"builtins.{kind}", "builtins.object")
    if (
        isinstance(value, (Class, StandardClass))
        and isinstance(cls, StandardClass)
        and cls.name == "builtins.type"
    ):
        return True
    if (
        isinstance(value, (Function, Module))
        and isinstance(cls, StandardClass)
        and cls.name
        in (
            "builtins.str",
            "builtins.type",
            "builtins.int",
            "builtins.list",
            "builtins.tuple",
            "builtins.dict",
        )
    ):
        return False
    if (
        isinstance(value, Instance)
        and isinstance(value.cls, Class)
        and isinstance(cls, (Class, StandardClass))
    ):
        order, is_open = linearise(machine, value.cls)
        return True if cls in order else (None if is_open or isinstance(cls, StandardClass) else False)
    return None


def _issubclass(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    cls, other = _argument(a, 0), _argument(a, 1)
    if isinstance(cls, Class) and isinstance(other, (Class, StandardClass)):
        order, is_open = linearise(machine, cls)
        return True if other in order else (UNKNOWN if is_open or isinstance(other, StandardClass) else False)
    return UNKNOWN


def _length(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value = _argument(a, 0)
    if isinstance(value, (Sequence, Mapping)):
        return UNKNOWN if value.open else len(value.items)
    return len(value) if isinstance(value, (str, bytes)) else UNKNOWN


def _text(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value = _argument(a, 0) if a else ""
    if isinstance(value, Instance):
        arguments = value.attributes.get("args")
        if isinstance(arguments, Sequence) and len(arguments.items) == 1:
            value = arguments.items[0]
    return str(value) if isinstance(value, (str, int)) else UNKNOWN


def _number(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value = _argument(a, 0) if a else 0
    if isinstance(value, (int, str)) and len(a) <= 1 and len(str(value)) < 50:
        try:
            return int(value)
        except ValueError:
            if _m.tries and not _m.doubt:
                raise _m.failure("builtins.ValueError", "not a number", reason="own", soft=True) from None
    return UNKNOWN


def _boolean(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    known = truth(machine, _argument(a, 0)) if a else False
    return UNKNOWN if known is None else known


def _container(kind: str) -> KnownCall:
    def make(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
        if not a:
            return Sequence(kind, [])
        value = a[0]
        if isinstance(value, ModuleNames):
            return Sequence(kind, list(value.module.ns), open=True)
        items = known_items(value)
        if items is not None and len(items) <= MAX_ITEMS:
            return Sequence(kind, items)
        return Sequence(kind, list(value.items) if isinstance(value, (Sequence, Mapping)) else [], open=True)

    return make


def _dictionary(_m: Machine, a: Arguments, k: Keywords, _f: Frame) -> Value:
    made = Mapping({key: value for key, value in k.items() if key != "*"}, open="*" in k)
    for value in a:
        if isinstance(value, Mapping):
            made.items = {**value.items, **made.items}
            made.open = made.open or value.open
        elif (
            isinstance(value, Sequence)
            and not value.open
            and all(
                isinstance(pair, Sequence) and len(pair.items) == 2 and is_constant(pair.items[0])
                for pair in value.items
            )
        ):
            made.items.update(
                {pair.items[0]: pair.items[1] for pair in value.items if isinstance(pair, Sequence)}
            )
        else:
            made.open = True
    return made


def _range(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    numbers = [value for value in a if isinstance(value, int)]
    if len(numbers) != len(a) or not 0 < len(a) < 4 or (len(a) == 3 and numbers[2] == 0):
        return Sequence("list", [], open=True)
    made = range(*numbers)
    return Sequence("list", list(made)) if len(made) <= 256 else Sequence("list", [], open=True)


def _zip(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    columns = [known_items(value) for value in a]
    if any(column is None for column in columns):
        return Sequence("list", [], open=True)
    rows = zip(*(column for column in columns if column is not None), strict=False)
    return Sequence("list", [Sequence("tuple", list(row)) for row in rows])


def _enumerate(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    items = known_items(_argument(a, 0))
    if items is None:
        return Sequence("list", [], open=True)
    return Sequence("list", [Sequence("tuple", [i, item]) for i, item in enumerate(items)])


def _map(machine: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    items = known_items(_argument(a, 1))
    if items is None or len(a) != 2 or len(items) > 500:
        return Sequence("list", [], open=True)
    return Sequence("list", [machine.call(machine, a[0], [item], {}, frame) for item in items])


def _filter(machine: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    items = known_items(_argument(a, 1))
    if items is None or len(a) != 2 or len(items) > 500:
        return Sequence("list", [], open=True)
    kept: list[Value] = []
    for item in items:
        known = truth(machine, item if a[0] is None else machine.call(machine, a[0], [item], {}, frame))
        if known is None:
            return Sequence("list", items, open=True)
        if known:
            kept.append(item)
    return Sequence("list", kept)


def _every(*, stops_at: bool) -> KnownCall:
    def check(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
        items = known_items(_argument(a, 0))
        answers = [truth(machine, item) for item in items] if items is not None else [None]
        if stops_at in answers:
            return stops_at
        return UNKNOWN if None in answers else not stops_at

    return check


def _globals(_m: Machine, _a: Arguments, _k: Keywords, frame: Frame) -> Value:
    return ModuleNames(frame.module)


def _locals(_m: Machine, _a: Arguments, _k: Keywords, frame: Frame) -> Value:
    return ModuleNames(frame.module) if frame.ns is frame.module.ns else Mapping({}, open=True)


def _vars(machine: Machine, a: Arguments, k: Keywords, frame: Frame) -> Value:
    if not a:
        return _locals(machine, a, k, frame)
    return ModuleNames(a[0]) if isinstance(a[0], Module) else UNKNOWN


def _dir(_m: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    owner = a[0] if a else frame.module
    if isinstance(owner, Module):
        return Sequence("list", [*sorted(owner.ns)], open=True)
    return Sequence("list", [], open=True)


def _type(_m: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    if len(a) == 1:
        if isinstance(a[0], Instance):
            return a[0].cls
        return (
            _m.library.find_class(f"builtins.{type(a[0]).__name__}") or UNKNOWN
            if is_constant(a[0])
            else UNKNOWN
        )
    if len(a) == 3 and isinstance(a[0], str):
        bases = tuple(a[1].items) if isinstance(a[1], Sequence) else (UNKNOWN,)
        return Class(a[0], frame.module, bases, {}, open=True)
    return UNKNOWN


def _import(machine: Machine, a: Arguments, k: Keywords, frame: Frame) -> Value:
    name, level = _argument(a, 0), (a[4] if len(a) > 4 else k.get("level", 0))
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
    name = _argument(a, 0)
    if not isinstance(name, str) or name.startswith("."):
        return UNKNOWN
    if machine.library.has_module(name) or machine.tree.find(name) is not None:
        return Instance(UNKNOWN)
    top = name.partition(".")[0]
    if top != name and (machine.library.has_module(top) or machine.tree.find(top) is not None):
        return UNKNOWN
    return None


def _super(_m: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    cls = a[0] if a else frame.cls
    receiver = a[1] if len(a) > 1 else frame.first_argument
    return Super(cls, receiver) if isinstance(cls, Class) else UNKNOWN


def _descriptor(kind: str) -> KnownCall:
    def make(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
        return Descriptor(kind, _argument(a, 0))

    return make


def _callable(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    value = _argument(a, 0)
    if isinstance(value, (Function, Class, StandardClass, StandardFunction)):
        return True
    return False if isinstance(value, Module) or is_constant(value) else UNKNOWN


def _new_module(_m: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    name = _argument(a, 0)
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


def _reduced(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    """`sorted`, `reversed`, `iter`: the same items, in an order that is not followed."""
    value = _argument(a, 0)
    items = known_items(value)
    if items is None:
        return Sequence("list", list(value.items) if isinstance(value, Sequence) else [], open=True)
    known = [plain(machine, item) for item in items]
    if all(isinstance(item, str) for item in known):
        return Sequence("list", sorted(items, key=str))
    return Sequence("list", items)


def _getenv(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    name = _argument(a, 0)
    if not isinstance(name, str) or machine.environment_has(name):
        return UNKNOWN
    return a[1] if len(a) > 1 else None


def _lazy_module(machine: Machine, a: Arguments, _k: Keywords, frame: Frame) -> Value:
    name = _argument(a, 0)
    if isinstance(name, str):
        set_in(machine, frame.ns, "__all__", UNKNOWN)
    return UNKNOWN


def _system_modules(_m: Machine, _a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return SYSTEM_MODULES


def _python_version(machine: Machine, _a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return f"3.{machine.minor}.0"


def _python_version_tuple(machine: Machine, _a: Arguments, _k: Keywords, _f: Frame) -> Value:
    return Sequence("tuple", ["3", str(machine.minor), UNKNOWN])


def _object_of(machine: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    cls = _argument(a, 0)
    return (
        Instance(cls)
        if isinstance(cls, Class) and find_in_class(machine, cls, "__new__") is not None
        else UNKNOWN
    )


def _suppress(_m: Machine, a: Arguments, _k: Keywords, _f: Frame) -> Value:
    cls = _m.library.find_class("contextlib.suppress")
    return Instance(cls or UNKNOWN, {"args": Sequence("tuple", list(a))})


KNOWN_CALLS: dict[str, KnownCall] = {
    "driftcheck.identity": _identity,
    "builtins.hasattr": _hasattr,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.isinstance": _isinstance,
    "builtins.issubclass": _issubclass,
    "builtins.len": _length,
    "builtins.str": _text,
    "builtins.int": _number,
    "builtins.bool": _boolean,
    "builtins.list": _container("list"),
    "builtins.tuple": _container("tuple"),
    "builtins.set": _container("set"),
    "builtins.frozenset": _container("frozenset"),
    "builtins.dict": _dictionary,
    "collections.OrderedDict": _dictionary,
    "builtins.range": _range,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.any": _every(stops_at=True),
    "builtins.all": _every(stops_at=False),
    "builtins.globals": _globals,
    "builtins.locals": _locals,
    "builtins.vars": _vars,
    "builtins.dir": _dir,
    "builtins.type": _type,
    "builtins.__import__": _import,
    "builtins.super": _super,
    "builtins.property": _descriptor("property"),
    "builtins.classmethod": _descriptor("classmethod"),
    "builtins.staticmethod": _descriptor("staticmethod"),
    "builtins.callable": _callable,
    "builtins.sorted": _reduced,
    "builtins.iter": _reduced,
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

__all__ = ["KNOWN_CALLS", "StandardObject"]
