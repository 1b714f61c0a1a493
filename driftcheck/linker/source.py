"""Turn the bytes of a module into a syntax tree, whatever a stranger wrote in them.

driftcheck may run on an older Python than the wheel was written for: what only a newer grammar allows
(type parameters, PEP 695) is rewritten to something older that binds the same names.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings

MAX_SOURCE_BYTES = 8 * 1024**2
_MAX_LINE = 1_000_000


class UnreadableSourceError(Exception):
    """A module is no Python that this interpreter can read; what it holds is unknown."""


def decode(data: bytes) -> str:
    """Decode a module as Python does (PEP 263).

    Raises:
        UnreadableSourceError: it is too large, or not in the encoding that it names.
    """
    if len(data) > MAX_SOURCE_BYTES:
        raise UnreadableSourceError(f"it has {len(data)} bytes")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError, ValueError) as error:
        raise UnreadableSourceError(str(error)) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str) -> ast.Module:
    """Parse a module; falls back to a rewriting of newer syntax.

    Raises:
        UnreadableSourceError: neither works.
    """
    try:
        return _parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        if isinstance(error, (MemoryError, RecursionError)) or sys.version_info >= (3, 14):
            raise UnreadableSourceError(f"it is nested too deeply: {type(error).__name__}") from error
        try:
            return _parse(_without_type_parameters(text))
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise UnreadableSourceError(str(error)) from error


def _parse(text: str) -> ast.Module:
    if max(map(len, text.split("\n")), default=0) > _MAX_LINE:
        raise MemoryError
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


_GENERIC = re.compile(r"^(?P<head>[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+)[ \t]*\[", re.MULTILINE)
_ALIAS = re.compile(r"^(?P<head>[ \t]*)type[ \t]+(?P<name>\w+)[ \t]*(?P<open>\[|=)", re.MULTILINE)


def _without_type_parameters(text: str) -> str:
    """Blank out PEP 695 type parameters, lines kept: `def f[T](x: T)` becomes `def f   (x: T)`.

    The parameters' names then stand nowhere; `from __future__ import annotations` keeps them unevaluated.
    """
    out = text
    for pattern in (_ALIAS, _GENERIC):
        at = 0
        while (found := pattern.search(out, at)) is not None:
            at = found.end()
            if pattern is _ALIAS:
                # `type X[T] = …` becomes `X = lambda: (…)`: bound, and not evaluated
                close = (
                    _closing(out, found.start("open")) + 1 if found["open"] == "[" else found.start("open")
                )
                equals = out.find("=", close)
                if equals < 0:
                    break
                bridge = "\\\n" * out.count("\n", found.end("name"), equals)
                replacement = f"{found['head']}{found['name']} = {bridge}lambda:"
                out = out[: found.start()] + replacement + out[equals + 1 :]
                at = found.start() + len(replacement)
            else:
                close = _closing(out, found.end() - 1)
                blank = re.sub(r"[^\n]", " ", out[found.end() - 1 : close + 1])
                out = out[: found.end() - 1] + blank.replace("\n", "\\\n") + out[close + 1 :]
    is_whole = (
        out != text and "__future__" not in out and not text.startswith(("if 1:", "def ", "async def "))
    )
    return "from __future__ import annotations;" + out if is_whole else out


def _closing(text: str, at: int) -> int:
    """Return where the bracket opened at `at` closes; strings with brackets in them don't occur there."""
    depth = 0
    for position in range(at, min(len(text), at + 5000)):
        if text[position] in "[(":
            depth += 1
        elif text[position] in "])":
            depth -= 1
            if depth == 0:
                return position
    return at
