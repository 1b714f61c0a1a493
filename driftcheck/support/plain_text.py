"""Make text from strangers safe to print: no control characters, no terminal escapes, bounded."""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\t")
_DANGEROUS = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def printable(text: str, *, limit: int = 1000) -> str:
    r"""Return `text` on one line with control, format and surrogate characters as `\x1b`-style escapes.

    Bidirectional overrides are format characters, so they go too (CVE-2021-42574).
    """
    if text.isprintable() and len(text) <= limit:
        return text  # nearly always; a printable character is never of a dangerous category
    out = []
    for character in text[: limit + 1]:
        if character in _KEPT:
            out.append(" ")
        elif unicodedata.category(character) in _DANGEROUS:
            out.append(character.encode("unicode_escape").decode("ascii"))
        else:
            out.append(character)
    shown = "".join(out)
    return shown if len(text) <= limit else shown[:limit] + "…"
