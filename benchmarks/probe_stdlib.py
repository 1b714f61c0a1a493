# It runs on Python 3.7 alone, for which most rules of the house are too new.
# ruff: noqa: ANN001, ANN201, BLE001, C901, D103, E501, PLR0912, PLR0124, PTH118, S112, UP031
"""Print, as JSON, what the standard library of the Python that runs this file holds (3.7 and later).

Run by `make_stdlib_tables.py` as `python -I -S probe_stdlib.py`, so nothing installed is seen. Shape:
{"version": "3.9.18", "modules": {name: record}}, where a record has, each only if not empty,
`f` functions, `c` classes defined there, `o` other objects (all names joined by blanks), `m` modules and `r`
classes of elsewhere (`name` or `name=full.name`), `v` {name: constant}, `a` `__all__` joined by blanks,
`k` {class: [bases, own attributes joined by blanks, 1 if its metaclass is not type]}, `x` 1 if the module could not be imported here.
"""

import contextlib
import importlib
import io
import json
import os
import pkgutil
import sys
import sysconfig
import types
import warnings

SKIPPED = {
    "antigravity",
    "this",
    "__phello__",
    "idlelib",
    "turtledemo",
    "test",
    "_testcapi",
    "site",
    "sitecustomize",
}
ONLY_LISTED = ("encodings.", "pydoc_data.", "lib2to3.pgen2.", "ensurepip.")
CONSTANTS = (str, int, float, bool, type(None))
HIDDEN = {
    "collections": "Awaitable Coroutine AsyncIterable AsyncIterator AsyncGenerator Hashable Iterable Iterator "
    "Generator Reversible Sized Container Callable Collection Set MutableSet Mapping MutableMapping "
    "MappingView KeysView ItemsView ValuesView Sequence MutableSequence ByteString",
    "ast": "Num Str Bytes NameConstant Ellipsis Index ExtSlice Suite AugLoad AugStore Param",
}
PLAIN = set(dir(object)) | {
    "__module__",
    "__dict__",
    "__weakref__",
    "__abstractmethods__",
    "__slots__",
    "__annotations__",
    "__parameters__",
    "__orig_bases__",
    "__static_attributes__",
    "__firstlineno__",
    "__match_args__",
    "_abc_impl",
    "_abc_cache",
    "_abc_registry",
    "_abc_negative_cache",
    "_abc_negative_cache_version",
}


def module_names():
    """List every module of the standard library, dotted, sorted."""
    names = set(sys.builtin_module_names)
    for where in (sysconfig.get_paths()["stdlib"], sysconfig.get_config_var("DESTSHARED")):
        todo = [(where, "")]
        while todo:
            path, prefix = todo.pop()
            for found in pkgutil.iter_modules([path]):
                if found.name == "site-packages" or (not prefix and found.name in SKIPPED):
                    continue
                if ".test" in prefix or found.name.startswith("_test") or found.name == "__main__":
                    continue
                names.add(prefix + found.name)
                if found.ispkg and found.name not in ("tests", "test"):
                    todo.append((os.path.join(path, found.name), prefix + found.name + "."))
    return sorted(names | {"site", "__main__", "this", "antigravity"})


def full_name(thing):
    return "{}.{}".format(getattr(thing, "__module__", None), getattr(thing, "__qualname__", "?"))


def names_in(module):
    """Return the names that the module answers to, PEP 562's hidden ones included."""
    names = set(vars(module)) | set(dir(module)) | set(getattr(module, "__all__", ()))
    names |= set(HIDDEN.get(module.__name__, "").split())
    names |= set(getattr(module, "_deprecated_names", ()) or ())
    answered = {}
    for name in names:
        try:
            answered[name] = getattr(module, name)
        except Exception:  # what a stranger's __getattr__ raises
            continue
    return answered


def class_record(cls):
    bases = [full_name(base) for base in cls.__bases__ if base is not object]
    own = sorted(n for n in set(vars(cls)) - PLAIN if " " not in n)
    if type(cls) is not type:
        own = sorted(set(own) | (set(dir(type(cls))) - set(dir(type)) - PLAIN))
    return [" ".join(bases), " ".join(own), int(type(cls) is not type)]


def record(module):
    out = {"f": [], "c": [], "o": [], "m": [], "r": []}
    values, classes = {}, {}
    for name, value in sorted(names_in(module).items()):
        if name in (
            "__builtins__",
            "__cached__",
            "__doc__",
            "__file__",
            "__loader__",
            "__spec__",
            "__package__",
            "__path__",
        ):
            continue
        if isinstance(value, types.ModuleType):
            out["m"].append(name if value.__name__ == name else name + "=" + value.__name__)
        elif isinstance(value, type):
            full = full_name(value)
            if full == module.__name__ + "." + name or module.__name__ == "builtins":
                out["c"].append(name)
                classes[name] = class_record(value)
            elif "<" in full or full.startswith("None."):
                out["o"].append(name)
            else:
                out["r"].append(
                    name
                    if full.endswith("." + name) and full[: -len(name) - 1] == module.__name__
                    else name + "=" + full
                )
                if full.startswith(module.__name__ + "."):  # a nested class, or one under another name
                    classes[full[len(module.__name__) + 1 :]] = class_record(value)
        elif (
            isinstance(value, CONSTANTS)
            and (not isinstance(value, str) or len(value) < 60)
            and value == value
        ):
            if isinstance(value, float) and abs(value) == float("inf"):
                out["o"].append(name)
            elif (
                module.__name__
                in (
                    "sys",
                    "os",
                    "string",
                    "io",
                    "socket",
                    "types",
                    "re",
                    "platform",
                    "typing",
                    "math",
                    "builtins",
                )
                or isinstance(value, bool)
                or value is None
            ):
                values[name] = value
            else:
                out["o"].append(name)
        elif callable(value):
            out["f"].append(name)
        else:
            out["o"].append(name)
    made = {key: " ".join(names) for key, names in out.items() if names}
    if values:
        made["v"] = values
    if classes:
        made["k"] = classes
    if isinstance(getattr(module, "__all__", None), (list, tuple)):
        made["a"] = " ".join(module.__all__)
    if hasattr(module, "__path__"):
        made["p"] = 1
    return made


def main():
    warnings.simplefilter("ignore")
    modules = {}
    sink = io.StringIO()
    for name in module_names():
        if (
            name.startswith(ONLY_LISTED)
            or name.endswith(".__main__")
            or name in ("this", "antigravity", "__main__", "site")
        ):
            modules[name] = {"x": 1}
            continue
        try:
            with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
                module = importlib.import_module(name)
        except BaseException:  # a module for another platform, or one that needs a library not built in here
            modules[name] = {"x": 1}
            continue
        modules[name] = record(module)
    for extra in (
        "os.path",
        "typing.io",
        "typing.re",
        "collections.abc",
        "importlib.resources.abc",
        "xml.etree.cElementTree",
    ):
        if extra not in modules and extra in sys.modules:
            modules[extra] = record(sys.modules[extra])
    for name in ("exit", "quit", "copyright", "credits", "license", "help"):
        modules["builtins"]["o"] = modules["builtins"].get("o", "") + " " + name
    json.dump(
        {"version": "%d.%d.%d" % sys.version_info[:3], "modules": modules},
        sys.stdout,
        sort_keys=True,
        separators=(",", ":"),
    )


main()
