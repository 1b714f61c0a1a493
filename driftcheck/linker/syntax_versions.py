"""Which Pythons' grammars take a module, told from its tree, because driftcheck may run on another Python.

Only features whose use is plain from the tree are looked at; what is not sure never refuses.
"""

from __future__ import annotations

import ast
import re

_PYTHON2 = re.compile(
    rb"^[ \t]*(?:print[ \t]+[\"'\w]|exec[ \t]+[\"'\w]"
    rb"|except[ \t]+[\w.]+[ \t]*,[ \t]*\w+[ \t]*:|raise[ \t]+\w+[ \t]*,)",
    re.MULTILINE,
)
_ASYNC_NAME = re.compile(rb"(?:\basync[ \t]*=|[(,][ \t]*async[ \t]*[,)=]|\bimport[ \t]+async\b|\.async\b)")


def needed_python(tree: ast.Module, source: bytes) -> tuple[int, int]:
    """Return the first Python that can compile the module."""
    needed = (3, 0)
    for node in ast.walk(tree):
        version = _needed_by(node)
        if version is not None and version > needed:
            needed = version
    if needed < (3, 12) and source[:39] == b"from __future__ import annotations;":
        return needed
    return needed


def _needed_by(node: ast.AST) -> tuple[int, int] | None:
    match node:
        case ast.NamedExpr():
            return (3, 8)
        case ast.arguments() if node.posonlyargs:
            return (3, 8)
        case ast.Match():
            return (3, 10)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return (3, 12) if getattr(node, "type_params", None) else None
        case _:
            name = type(node).__name__
            return {"TryStar": (3, 11), "TypeAlias": (3, 12), "TemplateStr": (3, 14)}.get(name)


def refused_from(source: bytes) -> tuple[int, int] | None:
    """Return the first Python 3 that refuses the module for old syntax, `None` if none is known to.

    Only meaningful for a module that the running Python can't parse: `async` as a name went in 3.7, and
    Python 2's statements in 3.0.
    """
    if _ASYNC_NAME.search(source):
        return (3, 7)
    return (3, 0) if _PYTHON2.search(source) else None
