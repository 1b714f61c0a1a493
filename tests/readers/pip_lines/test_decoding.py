"""Bytes become text as in pip, and a byte that does not decode costs a fault and not the file."""

from __future__ import annotations

import codecs

import pytest

from driftcheck.model.errors import InputError
from driftcheck.readers.pip_lines.decoding import decode

TEXT = "# Größe\nflask==1.1.2\n"


@pytest.mark.parametrize(
    "mark, encoding",
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_marks(mark: bytes, encoding: str) -> None:
    assert decode(mark + TEXT.encode(encoding), "r.txt") == (TEXT, ())


@pytest.mark.parametrize("first", ["# -*- coding: latin-1 -*-\n", "#!x\n# vim: set fileencoding=latin-1 :\n"])
def test_declared_encoding(first: str) -> None:
    assert decode((first + TEXT).encode("latin-1"), "r.txt") == (first + TEXT, ())


@pytest.mark.parametrize("name", ["no-such-codec", "rot13", "zlib", "idna", "unicode_escape", "ascii"])
def test_an_encoding_that_does_not_fit_is_a_fault(name: str) -> None:
    text, (fault,) = decode(f"# coding: {name}\n{TEXT}".encode(), "r.txt")
    assert text.endswith(TEXT)
    assert (fault.line, name in fault.message) == (1, True)


def test_bytes_that_are_not_utf8_are_read_as_latin1_and_named() -> None:
    text, (fault,) = decode(b"a==1\r\n# Gr\xf6\xdfe \xc3\xa9\r\nb==2\r\n", "r.txt")
    assert text == "a==1\r\n# Größe é\r\nb==2\r\n"
    assert fault.line == 2
    assert "not UTF-8" in fault.message


def test_bytes_that_break_the_promise_of_the_mark_are_named() -> None:
    text, (fault,) = decode(codecs.BOM_UTF16_LE + "a\nb\n".encode("utf-16-le") + b"x", "r.txt")
    assert text.startswith("a\nb\n")
    assert fault.line == 3


@pytest.mark.parametrize(
    "data", [b"\x7fELF\x02\x01\x01\x00\x00", b"PK\x03\x04\x14\x08", bytes(range(1, 32)) * 9]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"r.txt does not look like a requirements file"):
        decode(data, "r.txt")
