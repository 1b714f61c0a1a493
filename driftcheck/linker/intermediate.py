"""The compact form of a module that the linker executes: nested tuples that `marshal` can store.

An expression or statement is a tuple whose first item names its kind. Expressions:

    ("c", value) ("n", name, line) ("a", value, attribute, line) ("call", function, arguments, keywords, line)
    ("bin", operator, left, right, line) ("cmp", left, operators, rights) ("bool", "and"|"or", values)
    ("not", value)
    ("neg", value) ("ifexp", test, then, otherwise) ("seq", "list"|"tuple"|"set", items) ("dict", pairs)
    ("sub", value, index, line)
    ("slice", lower, upper, step) ("star", value) ("walrus", name, value) ("lambda", function, body)
    ("comp", "list"|"set"|"dict"|"gen", elements, generators) ("fstr", parts) ("?", parts)

`("?", parts)` evaluates its parts and is itself unknown. Statements have their line second:

    ("expr", l, value) ("assign", l, targets, value) ("aug", l, target, operator, value) ("ann", l, target,
    annotation, value)
    ("import", l, names) ("from", l, module, names, level) ("def", l, name, function) ("class", l, name,
    bases, keywords, decorators, body)
    ("if", l, test, body, orelse) ("for", l, target, iterable, body, orelse) ("while", l, test, body, orelse)
    ("try", l, body, handlers, orelse, final, is_star) ("with", l, items, body) ("raise", l, exception)
    ("return", l, value)
    ("del", l, targets) ("assert", l, test) ("global", l, names) ("break", l) ("continue", l) ("match", l,
    subject, cases)
    ("alias", l, name)

A function is `(key, arguments, decorators, defaults, keyword_defaults, annotations, is_generator,
is_async)`; its body is
lowered from the source only when it is called, found again by `key`, its `(first line, last line)`. A body is
`(local_names, global_names, statements)`.
"""

from __future__ import annotations

from typing import Any

Node = tuple[Any, ...]
"""One expression or statement."""
Block = tuple[Node, ...]
FunctionKey = tuple[int, int]

FORMAT_VERSION = 2
"""Raised whenever the lowering changes: summaries of other versions are not read."""
