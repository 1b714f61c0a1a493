import pytest
from packaging.utils import canonicalize_name

from driftcheck.index.metadata.static_project import StaticProject, read_static_project

STATIC = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "Foo.Bar"
requires-python = ">=3.8"
dependencies = ["a>=1", "b @ https://index.example/b.zip"]
[project.optional-dependencies]
dev = ["pytest; python_version < '3'"]
"""


def read(text: str) -> StaticProject:
    return read_static_project(text.encode(), canonicalize_name("foo-bar"))


def test_what_is_written_down_becomes_metadata() -> None:
    assert list(read(STATIC).metadata_lines()) == [
        "Requires-Python: >=3.8",
        "Requires-Dist: a>=1",
        "Requires-Dist: b @ https://index.example/b.zip",
        "Provides-Extra: dev",
        "Requires-Dist: pytest; (python_version < '3') and (extra == \"dev\")",
    ]


@pytest.mark.parametrize(
    "before,after",
    [
        ('name = "Foo.Bar"', 'name = "other"'),
        ('name = "Foo.Bar"', ""),
        ('name = "Foo.Bar"', 'name = "foo-bar"\ndynamic = ["dependencies"]'),
        ('name = "Foo.Bar"', 'name = "foo-bar"\ndynamic = ["optional-dependencies"]'),
        ('name = "Foo.Bar"', 'name = "foo-bar"\ndynamic = "version"'),
        ('dependencies = ["a>=1", "b @ https://index.example/b.zip"]', ""),
        ('["a>=1", "b @ https://index.example/b.zip"]', '{a = "1"}'),
        ('dev = ["pytest', "dev = 3 #"),
        ("[project]", "[project"),
        ("[project]", "[other]"),
    ],
)
def test_what_is_not_written_down_for_good_is_unknown(before: str, after: str) -> None:
    assert before in STATIC
    assert read(STATIC.replace(before, after)).dependencies is None


@pytest.mark.parametrize(
    "backend,is_complete",
    [
        ("poetry.core.masonry.api", True),
        ("flit_core.buildapi", True),
        ("hatchling.build", True),
        ("setuptools.build_meta", False),
        ("setuptools.build_meta:__legacy__", False),
        ("mesonpy", False),
    ],
)
def test_backends_that_write_everything_are_known(backend: str, is_complete: bool) -> None:
    assert read(f'[build-system]\nbuild-backend = "{backend}"').has_complete_backend is is_complete


@pytest.mark.parametrize(
    "text", ["", "build-system = 3", "[build-system]\nbuild-backend = 3", "\xff\x00", "[" * 5000]
)
def test_anything_else_says_nothing(text: str) -> None:
    assert read(text) == StaticProject()
