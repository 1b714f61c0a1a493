"""Lower statements of the syntax tree to the linker's compact form."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from driftcheck.linker.intermediate import Block, Node
from driftcheck.linker.lower_expression import lower, lower_all, lower_function, operator_of


def lower_block(statements: Iterable[ast.stmt]) -> Block:
    """Return the compact form of a block; statements without effect are left out."""
    out = []
    for statement in statements:
        handler = _HANDLERS.get(type(statement))
        node = handler(statement) if handler is not None else None
        if node is not None:
            out.append(node)
    return tuple(out)


def function_body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Node:
    """Return `(local_names, global_names, statements)` of a function."""
    bound, declared = bound_names(node.body)
    bound |= set(_argument_names(node.args))
    return (frozenset(bound - declared), frozenset(declared), lower_block(node.body))


def bound_names(body: Iterable[ast.AST]) -> tuple[set[str], set[str]]:
    """Return the names that a block binds in its own scope, and those it declares global or nonlocal."""
    bound: set[str] = set()
    declared: set[str] = set()
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(node.name)
                todo.extend(node.decorator_list)
                continue
            case ast.Lambda():
                continue
            case ast.Global() | ast.Nonlocal():
                declared.update(node.names)
            case ast.Name(ctx=ast.Store() | ast.Del()):
                bound.add(node.id)
            case ast.Import() | ast.ImportFrom():
                bound.update((a.asname or a.name.partition(".")[0]) for a in node.names)
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                bound.add(name)
            case _:
                pass
        todo.extend(ast.iter_child_nodes(node))
    return bound, declared


def _argument_names(a: ast.arguments) -> list[str]:
    names = [x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs)]
    return names + [x.arg for x in (a.vararg, a.kwarg) if x is not None]


def _expression(node: ast.Expr) -> Node | None:
    if isinstance(node.value, ast.Constant):
        return None
    return ("expr", node.lineno, lower(node.value))


def _assign(node: ast.Assign) -> Node:
    return ("assign", node.lineno, lower_all(node.targets), lower(node.value))


def _augmented(node: ast.AugAssign) -> Node:
    return ("aug", node.lineno, lower(node.target), operator_of(node.op), lower(node.value))


def _annotated(node: ast.AnnAssign) -> Node:
    value = None if node.value is None else lower(node.value)
    return ("ann", node.lineno, lower(node.target), lower(node.annotation), value)


def _import(node: ast.Import) -> Node:
    return ("import", node.lineno, tuple((a.name, a.asname) for a in node.names))


def _import_from(node: ast.ImportFrom) -> Node:
    names = tuple((a.name, a.asname, getattr(a, "lineno", node.lineno)) for a in node.names)
    return ("from", node.lineno, node.module or "", names, node.level)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Node:
    return ("def", node.lineno, node.name, lower_function(node))


def _class(node: ast.ClassDef) -> Node:
    keywords = tuple((k.arg, lower(k.value)) for k in node.keywords)
    generic = bool(getattr(node, "type_params", None))
    bases = tuple(("?", ()) if generic and isinstance(b, ast.Subscript) else lower(b) for b in node.bases)
    return (
        "class",
        node.lineno,
        node.name,
        bases,
        keywords,
        lower_all(node.decorator_list),
        lower_block(node.body),
    )


def _if(node: ast.If) -> Node:
    return ("if", node.lineno, lower(node.test), lower_block(node.body), lower_block(node.orelse))


def _for(node: ast.For | ast.AsyncFor) -> Node:
    body, orelse = lower_block(node.body), lower_block(node.orelse)
    return ("for", node.lineno, lower(node.target), lower(node.iter), body, orelse)


def _while(node: ast.While) -> Node:
    return ("while", node.lineno, lower(node.test), lower_block(node.body), lower_block(node.orelse))


def _try(node: ast.Try) -> Node:
    handlers = tuple(
        (None if h.type is None else lower(h.type), h.name, lower_block(h.body), h.lineno)
        for h in node.handlers
    )
    is_star = type(node).__name__ == "TryStar"
    return (
        "try",
        node.lineno,
        lower_block(node.body),
        handlers,
        lower_block(node.orelse),
        lower_block(node.finalbody),
        is_star,
    )


def _with(node: ast.With | ast.AsyncWith) -> Node:
    items = tuple(
        (lower(i.context_expr), None if i.optional_vars is None else lower(i.optional_vars))
        for i in node.items
    )
    return ("with", node.lineno, items, lower_block(node.body))


def _raise(node: ast.Raise) -> Node:
    return ("raise", node.lineno, None if node.exc is None else lower(node.exc))


def _return(node: ast.Return) -> Node:
    return ("return", node.lineno, ("c", None) if node.value is None else lower(node.value))


def _delete(node: ast.Delete) -> Node:
    return ("del", node.lineno, lower_all(node.targets))


def _assert(node: ast.Assert) -> Node:
    return ("assert", node.lineno, lower(node.test))


def _global(node: ast.Global | ast.Nonlocal) -> Node:
    return ("global", node.lineno, tuple(node.names))


def _break(node: ast.Break) -> Node:
    return ("break", node.lineno)


def _continue(node: ast.Continue) -> Node:
    return ("continue", node.lineno)


def _match(node: ast.Match) -> Node:
    cases = tuple((tuple(sorted(bound_names([c])[0])), lower_block(c.body)) for c in node.cases)
    return ("match", node.lineno, lower(node.subject), cases)


_HANDLERS: dict[type[ast.AST], Callable[..., Node | None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.AnnAssign: _annotated,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.Delete: _delete,
    ast.Assert: _assert,
    ast.Global: _global,
    ast.Nonlocal: _global,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Match: _match,
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = _try
if hasattr(ast, "TypeAlias"):
    _HANDLERS[ast.TypeAlias] = lambda node: ("alias", node.lineno, node.name.id)
