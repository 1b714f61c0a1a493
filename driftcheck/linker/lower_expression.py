"""Lower expressions of the syntax tree to the linker's compact form."""

from __future__ import annotations

import ast
from collections.abc import Callable

from driftcheck.linker.intermediate import Block, Node

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.MatMult: "@",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_LONGEST_CONSTANT = 20_000


def lower(node: ast.expr) -> Node:
    """Return the compact form of one expression."""
    handler = _HANDLERS.get(type(node))
    return handler(node) if handler is not None else _unknown(node)


def lower_all(nodes: list[ast.expr]) -> Block:
    """Return the compact form of several."""
    return tuple([lower(node) for node in nodes])


def operator_of(node: ast.AST) -> str:
    """Return the sign of an operator node."""
    return _OPERATORS.get(type(node), "?")


def _unknown(node: ast.expr) -> Node:
    return ("?", tuple(lower(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)))


def _constant(node: ast.Constant) -> Node:
    if isinstance(node.value, (str, bytes)) and len(node.value) > _LONGEST_CONSTANT:
        return ("?", ())
    return ("c", node.value)


def _name(node: ast.Name) -> Node:
    return ("n", node.id, node.lineno)


def _attribute(node: ast.Attribute) -> Node:
    return ("a", lower(node.value), node.attr, node.end_lineno or node.lineno)


def _call(node: ast.Call) -> Node:
    keywords = tuple([(k.arg, lower(k.value)) for k in node.keywords])
    return ("call", lower(node.func), lower_all(node.args), keywords, node.lineno)


def _binary(node: ast.BinOp) -> Node:
    return ("bin", operator_of(node.op), lower(node.left), lower(node.right), node.lineno)


def _unary(node: ast.UnaryOp) -> Node:
    kind = {ast.Not: "not", ast.USub: "neg"}.get(type(node.op))
    value = lower(node.operand)
    return (kind, value) if kind else ("?", (value,))


def _compare(node: ast.Compare) -> Node:
    return ("cmp", lower(node.left), tuple(operator_of(op) for op in node.ops), lower_all(node.comparators))


def _boolean(node: ast.BoolOp) -> Node:
    return ("bool", "and" if isinstance(node.op, ast.And) else "or", lower_all(node.values))


def _conditional(node: ast.IfExp) -> Node:
    return ("ifexp", lower(node.test), lower(node.body), lower(node.orelse))


def _sequence(node: ast.List | ast.Tuple | ast.Set) -> Node:
    return ("seq", type(node).__name__.lower(), lower_all(node.elts))


def _dictionary(node: ast.Dict) -> Node:
    pairs = zip(node.keys, node.values, strict=True)
    return ("dict", tuple([(None if k is None else lower(k), lower(v)) for k, v in pairs]))


def _subscript(node: ast.Subscript) -> Node:
    return ("sub", lower(node.value), lower(node.slice), node.lineno)


def _slice(node: ast.Slice) -> Node:
    parts = (node.lower, node.upper, node.step)
    return ("slice", *[("c", None) if part is None else lower(part) for part in parts])


def _star(node: ast.Starred) -> Node:
    return ("star", lower(node.value))


def _walrus(node: ast.NamedExpr) -> Node:
    return ("walrus", node.target.id, lower(node.value))


def _format(node: ast.JoinedStr) -> Node:
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            value = lower(part.value)
            plain = part.conversion == -1 and part.format_spec is None
            parts.append(value if plain else ("?", (value,)))
        else:
            parts.append(lower(part))
    return ("fstr", tuple(parts))


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Node:
    kinds = {ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict", ast.GeneratorExp: "gen"}
    elements = (lower(node.key), lower(node.value)) if isinstance(node, ast.DictComp) else (lower(node.elt),)
    generators = tuple([(lower(g.target), lower(g.iter), lower_all(g.ifs)) for g in node.generators])
    return ("comp", kinds[type(node)], elements, generators)


def _lambda(node: ast.Lambda) -> Node:
    names = [
        *node.args.posonlyargs,
        *node.args.args,
        *node.args.kwonlyargs,
        node.args.vararg,
        node.args.kwarg,
    ]
    body = (
        frozenset(x.arg for x in names if x is not None),
        frozenset[str](),
        (("return", node.lineno, lower(node.body)),),
    )
    return ("lambda", lower_function(node), body)


def lower_function(node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef) -> Node:
    """Return what the definition of a function evaluates; its body is left for `function_body`."""
    a = node.args
    arguments = (
        tuple(x.arg for x in a.posonlyargs),
        tuple(x.arg for x in a.args),
        a.vararg.arg if a.vararg else None,
        tuple(x.arg for x in a.kwonlyargs),
        a.kwarg.arg if a.kwarg else None,
    )
    annotations: Block = ()
    decorators: Block = ()
    is_generator = is_async = False
    if not isinstance(node, ast.Lambda):
        every = [*a.posonlyargs, *a.args, *([a.vararg] if a.vararg else []), *a.kwonlyargs]
        every += [a.kwarg] if a.kwarg else []
        annotations = tuple(lower(x.annotation) for x in every if x.annotation is not None)
        annotations += (lower(node.returns),) if node.returns else ()
        decorators = lower_all(node.decorator_list)
        is_generator = _yields(node.body)
        is_async = isinstance(node, ast.AsyncFunctionDef)
    keyword_defaults = tuple([None if d is None else lower(d) for d in a.kw_defaults])
    key = (node.lineno, node.end_lineno or node.lineno)
    if getattr(node, "type_params", None):
        annotations = ()
    return (
        key,
        arguments,
        decorators,
        lower_all(a.defaults),
        keyword_defaults,
        annotations,
        is_generator,
        is_async,
    )


def _yields(body: list[ast.stmt]) -> bool:
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(node))
    return False


_HANDLERS: dict[type[ast.AST], Callable[..., Node]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dictionary,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Starred: _star,
    ast.NamedExpr: _walrus,
    ast.JoinedStr: _format,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Lambda: _lambda,
}
