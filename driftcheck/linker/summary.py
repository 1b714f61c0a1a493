"""One module reduced to what its import executes; function bodies are lowered when they are called.

The summary of a module does not depend on the target, so it is kept under the hash of its source and
`FORMAT_VERSION`: the compact form of the top level, and the source itself for function bodies and evidence.
"""

from __future__ import annotations

import ast
import hashlib
import marshal
import zlib
from collections.abc import Callable
from typing import Protocol

from driftcheck.linker.intermediate import FORMAT_VERSION, Block, FunctionKey, Node
from driftcheck.linker.lower_statement import function_body, lower_block
from driftcheck.linker.source import UnreadableSourceError, decode, parse
from driftcheck.linker.syntax_versions import needed_python, refused_from

_FutureFlags = frozenset[str]


class SummaryCache(Protocol):
    """A place for bytes that may forget; `index/` or a test gives one."""

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key, or `None`."""

    def put(self, key: str, data: bytes) -> None:
        """Keep data under a key; never raises."""


class ModuleSummary:
    """What the import of one module executes, and its source."""

    def __init__(self, source: Callable[[], bytes], compact: Node) -> None:
        self._source = source
        self._text: str | None = None
        self._bodies: dict[FunctionKey, Node | None] = {}
        body, annotations_deferred, needs, refused, unreadable = compact
        self.body: Block = body if isinstance(body, tuple) else ()
        self.annotations_deferred: bool = bool(annotations_deferred)
        """Whether `from __future__ import annotations` keeps them unevaluated."""
        self.needs_python: tuple[int, int] = _pair(needs, (3, 0))
        """The first Python whose grammar takes it."""
        self.refused_from: tuple[int, int] | None = _pair(refused, None) if refused else None
        """The first Python whose grammar refuses it; `None` if none does."""
        self.unreadable: str | None = str(unreadable) if unreadable else None
        """Why it could not be read; its names are unknown then."""

    def line(self, number: int) -> str:
        """Return one line of the source, without blanks around it."""
        lines = self._decoded().split("\n")
        return lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""

    def function(self, key: FunctionKey) -> Node | None:
        """Return the body of the function that stands on the lines of `key`, `None` if it can't be read."""
        if key not in self._bodies:
            self._bodies[key] = self._lower_function(*key)
        return self._bodies[key]

    def mentions(self, word: str) -> bool:
        """Whether the word stands anywhere in the source."""
        return word in self._decoded()

    def _decoded(self) -> str:
        if self._text is None:
            try:
                self._text = decode(self._source())
            except UnreadableSourceError:
                self._text = ""
        return self._text

    def _lower_function(self, first: int, last: int) -> Node | None:
        """Parse the lines of one function alone, below an `if` where they are indented."""
        lines = self._decoded().split("\n")[first - 1 : last]
        is_indented = bool(lines) and lines[0][:1] in " \t"
        text = "\n".join((["if 1:"] if is_indented else []) + lines)
        try:
            block = parse(text).body
        except UnreadableSourceError:
            return None
        node: ast.stmt | None = block[-1] if block else None
        if isinstance(node, ast.If) and is_indented:
            node = node.body[0]
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        ast.increment_lineno(node, first - 1 - is_indented)
        return function_body(node)


def summarise(source: bytes) -> Node:
    """Return the compact form of a module.

    It is (body, whether annotations are deferred, needed Python, refused from, why unreadable).
    """
    try:
        tree = parse(decode(source))
        body = lower_block(tree.body)
        return (body, _defers_annotations(tree), needed_python(tree, source), refused_from(source), None)
    except UnreadableSourceError as error:
        return ((), False, (3, 0), refused_from(source), str(error)[:300])
    except RecursionError:
        return ((), False, (3, 0), None, "it is nested too deeply")


def load_summary(data: Callable[[], bytes], key: str, cache: SummaryCache | None) -> ModuleSummary:
    """Return the summary of one module, from the cache if it is there.

    Args:
        key: names the source for ever: the wheel's sha256 and the member's name.
    """
    name = hashlib.sha256(f"{FORMAT_VERSION}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()
    stored = cache.get(name) if cache is not None else None
    if stored is not None:
        try:
            compact = marshal.loads(zlib.decompress(stored))  # noqa: S302 - our own cache
            if isinstance(compact, tuple) and len(compact) == 5:
                return ModuleSummary(data, compact)
        except (zlib.error, ValueError, EOFError, TypeError):
            pass  # a damaged entry is made again
    compact = summarise(data())
    if cache is not None:
        cache.put(name, zlib.compress(marshal.dumps(compact), 1))
    return ModuleSummary(data, compact)


def _defers_annotations(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body[:40]
    )


def _pair(value: object, default: tuple[int, int] | None) -> tuple[int, int]:
    if isinstance(value, tuple) and len(value) == 2:
        return (int(value[0]), int(value[1]))
    return default if default is not None else (3, 0)
