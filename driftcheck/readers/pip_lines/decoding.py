"""Turn the bytes of a requirements file into text as pip does, without giving up where pip does."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from driftcheck.model.errors import InputError

# UTF-32-LE must come before UTF-16-LE, whose mark is its beginning.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED_ENCODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
# Codecs that are no file encodings; some take time that grows with the square of the input.
_NOT_FOR_FILES = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
_UNDECODABLE = re.compile("[\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x7f]")
_MAX_CONTROL_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodingFault:
    """Bytes that pip could not decode, or decodes otherwise on another machine."""

    line: int
    """1-based."""
    message: str


def decode(data: bytes, path: str) -> tuple[str, tuple[DecodingFault, ...]]:
    """Return a file's text by byte order mark, else PEP 263 line, else as UTF-8 with Latin-1 for odd bytes.

    pip falls back to the locale's encoding, which differs between machines and ends in a traceback where that
    is UTF-8; here the rest of the file is still read, and a fault names the line.

    Raises:
        InputError: it is not a text.
    """
    text, faults = _decode(data)
    text = _SURROGATE.sub("\ufffd", text)  # UTF-7 can make them, and nothing can print them
    if "\0" in text or len(_CONTROL.findall(text[:8192])) > _MAX_CONTROL_SHARE * min(len(text), 8192):
        raise InputError(
            f"{path} does not look like a requirements file: it is not a text",
            "name a file with one requirement on each line",
        )
    return text, faults


def _decode(data: bytes) -> tuple[str, tuple[DecodingFault, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding)
    for number, line in enumerate(data[:4096].split(b"\n")[:2], start=1):
        declared = _DECLARED_ENCODING.search(line) if line.startswith(b"#") else None
        if declared is not None:
            encoding = declared[1].decode("ascii", "replace")
            try:
                return _decode_declared(data, encoding), ()
            except (LookupError, UnicodeError):
                message = f"the file says it is encoded as {encoding!r}, and it can't be decoded so"
                text, faults = _decode_utf8(data)
                return text, (DecodingFault(line=number, message=message), *faults)
    return _decode_utf8(data)


def _decode_marked(data: bytes, encoding: str) -> tuple[str, tuple[DecodingFault, ...]]:
    if encoding == "utf-8":
        return _decode_utf8(data)
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        message = f"bytes that are not {encoding}, which the byte order mark promises"
        fault = DecodingFault(line=before.count("\n") + 1, message=message)
        return data.decode(encoding, "replace"), (fault,)


def _decode_declared(data: bytes, encoding: str) -> str:
    if codecs.lookup(encoding).name.replace("_", "-") in _NOT_FOR_FILES:
        raise LookupError(encoding)
    return data.decode(encoding)


def _decode_utf8(data: bytes) -> tuple[str, tuple[DecodingFault, ...]]:
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = data.decode("utf-8", "surrogateescape")
        message = (
            "bytes that are not UTF-8, so pip's reading depends on the machine's locale; "
            "save the file as UTF-8 or name its encoding in a first line `# -*- coding: … -*-`"
        )
        text = _UNDECODABLE.sub(lambda match: chr(ord(match[0]) - 0xDC00), text)
        return text, (DecodingFault(line=line, message=message),)
