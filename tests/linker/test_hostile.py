"""What a stranger may put into a wheel: each ends within bounds, without a traceback or finding."""

from __future__ import annotations

import pytest

from tests.linker.sets import failing, linked, wheel

_STAR = {"a/__init__.py": "from b import *\nX = 1", "b/__init__.py": "from a import *\nY = 1"}


@pytest.mark.parametrize(
    "source",
    [
        b"\xff\xfe\x00not utf-8",
        b"# -*- coding: nonsense -*-\nx = 1",
        "# -*- coding: latin-1 -*-\nx = 'é'".encode("latin-1"),
        b"x = " + b"(" * 5000 + b")" * 5000,
        b"x = " + b"[" * 90 + b"]" * 90,
        b"x = " + b"-" * 20_000 + b"1",
        b"x = " + b"+".join([b"1"] * 20_000),
        b"x" * 2_000_000,
        b"def f():\n return f()\nf()",
        b"while True:\n pass",
        b"x = 'a' * 10\nwhile True:\n x = x + x",
        b"for i in range(10**12):\n x = i",
        b"def f(n):\n f(n + 1)\n f(n + 2)\n f(n + 3)\nf(0)",
        b"x = 9 ** 9 ** 9 ** 9",
        b"x = '%99999999999d' % 1",
        b"x = '{:>9999999999}'.format(1)",
        b"x = 'a'.zfill(99999999999)",
        b"class A:\n pass\nclass B(A, A): pass\nA.__bases__ = (A,)\nA.x",
        b"import sys\nsys.modules[sys] = 1\ndel sys.modules['sys']",
        b"import app\nfrom app import *\nfrom . import app",
        b"\n".join(b"x%d = %d" % (i, i) for i in range(50_000)),
        b"\x00",
        b"",
        b"return 1",
        b"raise 1",
        b"raise",
        b"del x.y, z[0]",
        b"(a, *b), c = [1, 2], 3",
        b"global x\nnonlocal y",
        b"lambda: (yield)",
    ],
)
def test_a_strange_module_is_no_finding(source: bytes) -> None:
    assert failing(linked(wheel("app", "1.0", {"app.py": source}))) == []


@pytest.mark.parametrize(
    "name", ["../evil.py", "/etc/evil.py", "a/../../evil.py", "", "/", "a//b.py", "é.py", "x" * 9000 + ".py"]
)
def test_a_strange_member_is_left_alone(name: str) -> None:
    assert failing(linked(wheel("app", "1.0", {name: "import nothing_of_the_kind", "app.py": ""}))) in (
        [],
        ["é"],
    )


def test_circular_star_imports_end() -> None:
    assert failing(linked(wheel("a", "1.0", _STAR))) == []


def test_a_long_chain_of_imports_ends() -> None:
    files = {f"m{i}.py": f"import m{i + 1}" for i in range(2000)}
    assert failing(linked(wheel("m", "1.0", {**files, "m2000.py": ""}))) == []
