"""Tables of (what the provider has, what the importer asks, which imports fail)."""

from __future__ import annotations

import pytest

from driftcheck.model.link import LinkReason
from tests.linker.sets import failing, linked, only, wheel

OLD = {
    "lib/__init__.py": "from .a import gone\nVALUE = 1\n",
    "lib/a.py": "def gone(): pass\n",
    "lib/b.py": "X = 1\n",
}
NEW = {"lib/__init__.py": "VALUE = 1\n", "lib/a.py": "def kept(): pass\n"}


@pytest.mark.parametrize(
    "source",
    [
        "from lib import gone",
        "import lib\nlib.gone()",
        "import lib.b",
        "from lib import b",
        "import lib\n@lib.gone\ndef f(): pass",
        "import lib\nclass C(lib.gone): pass",
        "import lib\ndef f(x=lib.gone): pass",
        "import lib\ndef f(x: lib.gone): pass",
        "import lib\nx: lib.gone = 1",
        "import lib\ndef f():\n    return lib.gone\nf()",
        "import importlib\nimportlib.import_module('lib.b')",
        "try:\n    from lib import gone\nexcept KeyError:\n    pass",
        "import sys\nif sys.version_info >= (3, 8):\n    from lib import gone",
        "from lib import *\nfrom lib import gone",
        "class C:\n    from lib import gone",
        "import lib\nfrom lib.a import gone",
        "import lib\n[lib.gone for _ in range(2)]",
        "def f():\n    def g():\n        import lib.b\n    g()\nf()",
        "import lib\nif lib.VALUE == 1:\n    lib.gone()",
    ],
)
def test_a_reference_to_what_went_away_fails(source: str) -> None:
    app = wheel("app", "1.0", {"app.py": source})
    result = linked(app, wheel("lib", "2.0", NEW), older=[wheel("lib", "1.0", OLD)])
    assert failing(result) == ["app"]
    broken = only(result)
    assert broken.reason is LinkReason.UNRESOLVED_IMPORT
    assert (broken.importer, broken.provider) == ("app", "lib")
    assert str(broken.confirmed_with) == "1.0"


@pytest.mark.parametrize(
    "source",
    [
        "from lib import VALUE",
        "import lib.a",
        "from lib import a\na.kept()",
        "try:\n    from lib import gone\nexcept ImportError:\n    gone = None",
        "try:\n    from lib import gone\nexcept Exception:\n    pass",
        "try:\n    from lib import gone\nexcept:\n    pass",
        "try:\n    import lib\n    lib.gone\nexcept AttributeError:\n    pass",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    from lib import gone",
        "def f():\n    from lib import gone",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lib import gone",
        "from __future__ import annotations\nimport lib\ndef f(x: lib.gone): pass",
        "import lib\nif hasattr(lib, 'gone'):\n    lib.gone()",
        "import lib\nx = getattr(lib, 'gone', None)",
        "import sys\nif sys.version_info < (3, 8):\n    from lib import gone",
        "import sys\nif sys.platform == 'win32':\n    from lib import gone",
        "import random\nif random.random() > 0.5:\n    from lib import gone",
        "import importlib.util\nif importlib.util.find_spec('lib.b'):\n    import lib.b",
        "import importlib.metadata as m\nif m.version('lib') < '2':\n    from lib import gone",
        "import lib\nlib.gone = 1\nlib.gone",
        "import lib\ndef f():\n    x: lib.gone = 1\nf()",
        "import os\nif 'UNSET_BY_ALL' in os.environ:\n    from lib import gone",
        "import lib\nx = lib.VALUE or lib.gone",
    ],
)
def test_a_reference_that_works_or_is_guarded_is_silent(source: str) -> None:
    app = wheel("app", "1.0", {"app.py": source})
    assert failing(linked(app, wheel("lib", "2.0", NEW), older=[wheel("lib", "1.0", OLD)])) == []


@pytest.mark.parametrize(
    "exports",
    [
        "def __getattr__(name):\n    if name == 'gone':\n        return 1\n    raise AttributeError(name)",
        "globals()['gone'] = 1",
        "globals().update({'gone': 1})",
        "for n in ('gone', 'other'):\n    globals()[n] = n",
        "import sys\nsetattr(sys.modules[__name__], 'gone', 1)",
        "from ._native import *",
        "try:\n    from .absent import gone\nexcept ImportError:\n    gone = None",
        "exec('gone = 1')",
        "from .a import *",
        "import sys\nsys.modules[__name__] = object()",
    ],
)
def test_what_a_module_defines_by_code_is_there(exports: str) -> None:
    files: dict[str, str | bytes] = {
        "lib/__init__.py": exports,
        "lib/a.py": "__all__ = []\n__all__ += ['gone']\ngone = 1\n",
        "lib/_native.so": b"",
    }
    app = wheel("app", "1.0", {"app.py": "from lib import gone"})
    assert failing(linked(app, wheel("lib", "2.0", files), confirmed=False)) == []


@pytest.mark.parametrize(
    "exports",
    [
        "def __getattr__(name):\n    if name == 'old':\n        return 1\n    raise AttributeError(name)",
        "from .a import *",
        "__all__ = ['gone_too']",
    ],
)
def test_what_a_lazy_module_refuses_is_missing(exports: str) -> None:
    files = {"lib/__init__.py": exports, "lib/a.py": "__all__ = ['kept']\nkept = gone = 1\n"}
    app = wheel("app", "1.0", {"app.py": "from lib import gone"})
    result = linked(app, wheel("lib", "2.0", files), older=[wheel("lib", "1.0", OLD)])
    assert failing(result) == ["app"]


def test_dependents_break_with_it_and_are_one_finding() -> None:
    result = linked(
        wheel("app", "1.0", {"app.py": "import mid"}),
        wheel("mid", "1.0", {"mid.py": "from lib import gone"}),
        wheel("lib", "2.0", NEW),
        older=[wheel("lib", "1.0", OLD)],
    )
    broken = only(result)
    assert [b.import_name for b in broken.breaks] == ["app", "mid"]
    assert [(step.package, step.line, step.text) for step in broken.chain] == [
        ("mid", 1, "from lib import gone")
    ]


def test_a_reference_that_never_worked_is_our_misreading() -> None:
    app = wheel("app", "1.0", {"app.py": "from lib import gone"})
    assert failing(linked(app, wheel("lib", "2.0", NEW), older=[wheel("lib", "1.0", NEW)])) == []


def test_what_a_distribution_lacks_of_itself_is_our_misreading() -> None:
    app = wheel("app", "1.0", {"app/__init__.py": "from .other import gone", "app/other.py": ""})
    assert failing(linked(app, confirmed=False)) == []


def test_the_module_of_nobody_is_undeclared() -> None:
    broken = only(linked(wheel("app", "1.0", {"app.py": "import pkg_resources"})))
    assert broken.reason is LinkReason.UNDECLARED_DEPENDENCY
    assert broken.module == "pkg_resources"


@pytest.mark.parametrize(
    "source, minor, reason",
    [
        ("from collections import Mapping", 9, None),
        ("from collections import Mapping", 10, "Mapping"),
        ("import imp", 11, None),
        ("import imp", 12, "imp"),
        ("from distutils.version import LooseVersion", 12, "distutils"),
        ("import inspect\ninspect.getargspec", 11, "getargspec"),
        ("import asyncio\n@asyncio.coroutine\ndef f(): yield", 10, None),
        ("import asyncio\n@asyncio.coroutine\ndef f(): yield", 11, "coroutine"),
        ("x: int | str = 1", 9, "|"),
        ("x: int | str = 1", 10, None),
        ("x: list[int] = []", 8, "list"),
        ("match x:\n    case 1: pass", 9, "match"),
        ("def f(a, /): pass", 7, "3.8"),
        ("import os.path, xml.etree.ElementTree, concurrent.futures as c\nc.ThreadPoolExecutor", 13, None),
    ],
)
def test_what_the_targets_python_lacks(source: str, minor: int, reason: str | None) -> None:
    result = linked(wheel("app", "1.0", {"app.py": source}), minor=minor)
    assert failing(result) == ([] if reason is None else ["app"])
    if reason is not None:
        assert only(result).reason is LinkReason.REMOVED_FROM_PYTHON


def test_setuptools_stands_in_for_distutils() -> None:
    files = {
        "setuptools/__init__.py": "",
        "setuptools/_distutils/__init__.py": "",
        "setuptools/_distutils/version.py": "class LooseVersion: pass",
    }
    setuptools = wheel("setuptools", "70.0", files)
    app = wheel("app", "1.0", {"app.py": "from distutils.version import LooseVersion"})
    assert failing(linked(app, setuptools, minor=12)) == []


def test_circular_imports_see_what_is_there_already() -> None:
    files = {
        "app/__init__.py": "X = 1\nfrom . import b\nY = 2",
        "app/b.py": "from app import X\nimport app\n",
    }
    assert failing(linked(wheel("app", "1.0", files))) == []


def test_what_a_failed_root_had_loaded_is_not_there_for_the_next() -> None:
    result = linked(
        wheel("app", "1.0", {"app/__init__.py": "from . import sub\nimport nowhere", "app/sub.py": ""}),
        wheel("user", "1.0", {"user.py": "from app.sub import *"}),
    )
    assert failing(result) == ["app", "user"]
    assert len(result.broken) == 1


def test_a_wheel_for_numpy_1_fails_with_numpy_2() -> None:
    numpy = wheel("numpy", "2.1.0", {"numpy/__init__.py": ""})
    old = wheel(
        "old",
        "1.0",
        {"old/__init__.py": "from ._c import x", "old/_c.so": b"..numpy.core._multiarray_umath.."},
    )
    both = b"numpy.core._multiarray_umath numpy._core._multiarray_umath"
    new = wheel("new", "1.0", {"new/__init__.py": "from ._c import x", "new/_c.so": both})
    result = linked(numpy, old, new)
    assert failing(result) == ["old"]
    assert only(result).reason is LinkReason.NUMPY_ABI


def test_old_generated_code_fails_with_protobuf_4() -> None:
    protobuf = wheel(
        "protobuf",
        "4.21.0",
        {"google/protobuf/__init__.py": "", "google/protobuf/descriptor.py": "class FieldDescriptor: pass"},
    )
    app = wheel(
        "app",
        "1.0",
        {"x_pb2.py": "from google.protobuf import descriptor as d\nF = d.FieldDescriptor(name='x')"},
    )
    result = linked(protobuf, app)
    assert failing(result) == ["x_pb2"]
    assert only(result).reason is LinkReason.PROTOBUF_GENCODE


def test_a_folder_added_to_a_package_path_is_searched() -> None:
    files = {
        "lib/__init__.py": "import os as _os\n_here = _os.path.join(_os.path.dirname(__file__), 'api')\n"
        "if _here not in __path__:\n    __path__.append(_here)",
        "lib/api/__init__.py": "",
        "lib/api/compat.py": "kept = 1",
    }
    app = wheel("app", "1.0", {"app.py": "import lib.compat\nfrom lib.compat import kept"})
    assert failing(linked(app, wheel("lib", "1.0", files), confirmed=False)) == []


@pytest.mark.parametrize(
    "change", ["sys.path.append(here)", "sys.path = [here] + sys.path", "sys.path += [here]"]
)
def test_a_changed_path_may_find_what_the_wheel_holds_elsewhere(change: str) -> None:
    source = f"import os, sys\nhere = os.path.dirname(__file__) + '/vendor'\n{change}\nimport bundled"
    files = {"app/__init__.py": source, "app/vendor/bundled/__init__.py": ""}
    assert failing(linked(wheel("app", "1.0", files))) == []


def test_what_a_module_raises_by_itself_is_not_the_doing_of_a_handler_above_it() -> None:
    files = {
        "app/__init__.py": "try:\n    import nowhere\nexcept ImportError:\n    from . import other",
        "app/other.py": "undefined_name",
    }
    assert failing(linked(wheel("app", "1.0", files))) == []


def test_what_a_handler_raises_is_the_doing_of_what_it_handles() -> None:
    source = "try:\n    import nowhere\nexcept ImportError as e:\n    raise ImportError('install it') from e"
    broken = only(linked(wheel("app", "1.0", {"app.py": source})))
    assert (broken.reason, broken.module) == (LinkReason.UNDECLARED_DEPENDENCY, "nowhere")
