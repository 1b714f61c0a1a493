"""Functions on file paths, answered for a fresh installation and an empty home folder."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from driftcheck.linker.known_call import KnownCall
from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import UNKNOWN, Sequence, Value

SITE = "/site-packages/"
HOME = "/home/nobody"


def _on_text(function: Callable[..., object]) -> KnownCall:
    def answer(_m: Machine, a: list[Value], _k: dict[str, Value], _f: Frame) -> Value:
        texts = [part for part in a if isinstance(part, str)]
        if not texts or len(texts) != len(a) or sum(map(len, texts)) > 4096:
            return UNKNOWN
        made = function(*texts)
        return Sequence("tuple", list(made)) if isinstance(made, tuple) else made

    return answer


def _expand_user(_m: Machine, a: list[Value], _k: dict[str, Value], _f: Frame) -> Value:
    if not a or not isinstance(a[0], str):
        return UNKNOWN
    return a[0].replace("~", HOME, 1) if a[0].startswith("~") else a[0]


def _absolute(_m: Machine, a: list[Value], _k: dict[str, Value], _f: Frame) -> Value:
    return posixpath.normpath(a[0]) if a and isinstance(a[0], str) and a[0].startswith("/") else UNKNOWN


def _exists(*, files: bool, folders: bool) -> KnownCall:
    def answer(machine: Machine, a: list[Value], _k: dict[str, Value], _f: Frame) -> Value:
        path = posixpath.normpath(a[0]) if a and isinstance(a[0], str) else ""
        if path.startswith(HOME + "/"):
            return False
        if not path.startswith(SITE):
            return UNKNOWN
        inner = path[len(SITE) :]
        is_file = inner in machine.tree.files
        is_folder = any(name.startswith(inner + "/") for name in machine.tree.files) if not is_file else False
        return (is_file and files) or (is_folder and folders)

    return answer


def _access(_m: Machine, a: list[Value], _k: dict[str, Value], _f: Frame) -> Value:
    return True if a and a[0] == HOME else UNKNOWN


PATH_CALLS: dict[str, KnownCall] = {
    "os.path.join": _on_text(posixpath.join),
    "os.path.dirname": _on_text(posixpath.dirname),
    "os.path.basename": _on_text(posixpath.basename),
    "os.path.splitext": _on_text(posixpath.splitext),
    "os.path.split": _on_text(posixpath.split),
    "os.path.normpath": _on_text(posixpath.normpath),
    "os.path.isabs": _on_text(posixpath.isabs),
    "os.path.abspath": _absolute,
    "os.path.realpath": _absolute,
    "os.path.expanduser": _expand_user,
    "os.path.exists": _exists(files=True, folders=True),
    "os.path.isfile": _exists(files=True, folders=False),
    "os.path.isdir": _exists(files=False, folders=True),
    "os.access": _access,
}
