"""What setuptools wrote beside an sdist's PKG-INFO: `requires.txt` as text → lines of core metadata.

The conversion is that of `importlib.metadata` (`_convert_egg_info_reqs_to_simple_reqs`), by which pip reads
such folders. Source: https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html#requires-txt
"""

from __future__ import annotations

from collections.abc import Iterator


def lines_from_requires_txt(raw: bytes) -> Iterator[str]:
    """Yield `Provides-Extra` and `Requires-Dist` lines without line ends, in the file's order.

    A section is `[extra]`, `[:marker]` or `[extra:marker]`; what stands before the first is always required.
    """
    condition = ""
    for line in decoded(raw).splitlines():
        text = " ".join(line.split())
        if not text or text.startswith("#"):
            continue
        if text.startswith("[") and text.endswith("]"):
            extra, condition = _section(text[1:-1])
            if extra:
                yield f"Provides-Extra: {extra}"
        else:
            yield f"Requires-Dist: {_requirement(text, condition)}"


def lists_requires_txt(sources_txt: bytes) -> bool:
    """Whether `SOURCES.txt` names a `requires.txt`: setuptools writes none if nothing is required."""
    paths = (line.strip().replace("\\", "/") for line in decoded(sources_txt).splitlines())
    return any(path.endswith(".egg-info/requires.txt") for path in paths)


def requirement_line(requirement: str, *, extra: str | None = None) -> str:
    """Return the `Requires-Dist` line of a requirement, with the extra added to its marker."""
    text = " ".join(requirement.split())
    return f"Requires-Dist: {_requirement(text, _extra_condition(extra) if extra else '')}"


def decoded(raw: bytes) -> str:
    """Decode text of an old archive: UTF-8, else Latin-1, which takes every byte."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _section(header: str) -> tuple[str, str]:
    """Split `extra:marker` into the extra and the condition that both make."""
    extra, _, marker = (part.strip() for part in header.partition(":"))
    if extra and marker:
        return extra, f"({marker}) and {_extra_condition(extra)}"
    return extra, marker or (_extra_condition(extra) if extra else "")


def _extra_condition(extra: str) -> str:
    return 'extra == "' + extra.replace('"', "") + '"'


def _requirement(text: str, condition: str) -> str:
    """Join a requirement, which may have a marker of its own, with a condition."""
    # In a URL a semicolon belongs to the URL unless a blank precedes it (PEP 508).
    separator = " ;" if "@" in text else ";"
    wanted, _, marker = (part.strip() for part in text.partition(separator))
    if marker and condition:
        condition = f"({marker}) and ({condition})"
    elif marker:
        condition = marker
    if not condition:
        return wanted
    return f"{wanted} ; {condition}" if "@" in wanted else f"{wanted}; {condition}"
