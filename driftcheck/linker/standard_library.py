"""What a Python's standard library holds, from tables that real interpreters made.

A table is loaded when a target first needs it (some 10 ms) and its modules are unpacked one by one.
Sources: `benchmarks/make_stdlib_tables.py`.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import files

from driftcheck.linker.values import (
    UNKNOWN,
    Module,
    StandardClass,
    StandardFunction,
    StandardObject,
)

KNOWN_MINORS = (7, 8, 9, 10, 11, 12, 13)
_ALIASES = {"posixpath": "os.path"}


class StandardLibrary:
    """The modules of one Python's standard library, each made when first asked for."""

    def __init__(self, minor: int) -> None:
        self.minor = minor
        self.nearest = min(KNOWN_MINORS, key=lambda known: abs(known - minor))
        """The minor whose table is used; another than `minor` makes everything less certain."""
        self._records = _table(self.nearest)
        self._modules: dict[str, Module] = {}
        self._classes: dict[str, StandardClass] = {}

    def has_module(self, name: str) -> bool:
        """Whether `import name` finds it."""
        return name in self._records or name == "__main__"

    def module(self, name: str) -> Module | None:
        """Return a module, always the same object, `None` if there is none of that name."""
        if name in self._modules:
            return self._modules[name]
        if not self.has_module(name):
            return None
        record = self._records.get(name, {"x": 1})
        module = Module(name=name, is_standard=True, is_loaded=True, open="x" in record)
        module.is_package = "p" in record or any(k.startswith(name + ".") for k in self._records)
        self._modules[name] = module
        self._fill(module, record)
        return module

    def find_class(self, full_name: str) -> StandardClass | None:
        """Return a class by its full name, e.g. `builtins.ValueError`."""
        if full_name in self._classes:
            return self._classes[full_name]
        owner, _, name = full_name.rpartition(".")
        while owner and owner not in self._records:
            owner, _, head = owner.rpartition(".")
            name = f"{head}.{name}"
        made = self._records.get(owner, {}).get("k")
        made = made.get(name) if isinstance(made, dict) else None
        if made is None:
            return None
        bases, attributes, has_metaclass = made
        cls = StandardClass(
            full_name, tuple(bases.split()), frozenset(attributes.split()), bool(has_metaclass)
        )
        self._classes[full_name] = cls
        return cls

    def exception_names(self, cls: StandardClass) -> tuple[str, ...]:
        """Return the full names of a class and all its bases, itself first."""
        out: list[str] = []
        todo = [cls.name]
        while todo:
            name = todo.pop(0)
            if name not in out:
                out.append(name)
                found = self.find_class(name)
                todo.extend(found.bases if found is not None else ())
        return (*out, "builtins.object")

    def minors_with(self, module: str, symbol: str | None) -> tuple[int, ...]:
        """Return the minors whose standard library has a module, or a name in it."""
        return tuple(
            minor
            for minor in KNOWN_MINORS
            if (record := _table(minor).get(module)) is not None
            and (
                symbol is None
                or "x" in record
                or symbol in _names(record)
                or f"{module}.{symbol}" in _table(minor)
            )
        )

    def _fill(self, module: Module, record: dict[str, object]) -> None:
        ns = module.ns
        for name in _words(record, "f"):
            ns[name] = StandardFunction(f"{module.name}.{name}")
        for name in _words(record, "o"):
            ns[name] = StandardObject(f"{module.name}.{name}")
        for name in _words(record, "c"):
            ns[name] = self.find_class(f"{module.name}.{name}") or UNKNOWN
        for word in _words(record, "r"):
            name, _, full = word.partition("=")
            full = full or f"{module.name}.{name}"
            ns[name] = self.find_class(full) or StandardObject(full)
        constants = record.get("v")
        if isinstance(constants, dict):
            ns.update(constants)
        for word in _words(record, "m"):
            name, _, full = word.partition("=")
            full = {"posixpath": "os.path"}.get(full, full)
            ns[name] = self.module(full or name) or UNKNOWN
        ns["__name__"] = module.name
        for name in (
            "__doc__",
            "__file__",
            "__spec__",
            "__loader__",
            "__path__",
            "__package__",
            "__builtins__",
        ):
            ns[name] = UNKNOWN
        if "a" in record:
            ns["__all__"] = UNKNOWN

    def public_names(self, module: Module) -> list[str]:
        """Return what `from module import *` binds."""
        record = self._records.get(module.name, {})
        listed = _words(record, "a")
        return listed or [name for name in module.ns if not name.startswith("_")]


def _words(record: dict[str, object], key: str) -> list[str]:
    value = record.get(key, "")
    return value.split() if isinstance(value, str) else []


def _names(record: dict[str, object]) -> set[str]:
    constants = record.get("v")
    names = {word.partition("=")[0] for key in "fcorm" for word in _words(record, key)}
    return names | set(constants if isinstance(constants, dict) else ())


@cache
def _table(minor: int) -> dict[str, dict[str, object]]:
    packed = (files(__package__) / "stdlib" / f"3.{minor}.json.gz").read_bytes()
    modules: dict[str, dict[str, object]] = json.loads(gzip.decompress(packed))["modules"]
    return modules
