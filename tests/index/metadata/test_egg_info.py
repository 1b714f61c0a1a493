import pytest
from packaging.requirements import Requirement

from driftcheck.index.metadata.egg_info import lines_from_requires_txt, lists_requires_txt, requirement_line

REQUIRES_TXT = """\
Werkzeug>=0.14
# a comment

foo@ https://index.example/foo;v=1.zip

[:python_version < "3"]
enum34

[:python_version<'3' or sys_platform == "win32"]
futures ; os_name == "nt"

[dev]
pytest>=3
bar @ https://index.example/bar.zip
[dotenv:sys_platform == "linux"]
python-dotenv
[empty]
"""


def test_sections_become_markers() -> None:
    lines = list(lines_from_requires_txt(REQUIRES_TXT.encode()))

    assert lines == [
        "Requires-Dist: Werkzeug>=0.14",
        "Requires-Dist: foo@ https://index.example/foo;v=1.zip",
        'Requires-Dist: enum34; python_version < "3"',
        'Requires-Dist: futures; (os_name == "nt") and (python_version<\'3\' or sys_platform == "win32")',
        "Provides-Extra: dev",
        'Requires-Dist: pytest>=3; extra == "dev"',
        'Requires-Dist: bar @ https://index.example/bar.zip ; extra == "dev"',
        "Provides-Extra: dotenv",
        'Requires-Dist: python-dotenv; (sys_platform == "linux") and extra == "dotenv"',
        "Provides-Extra: empty",
    ]


def test_every_requirement_can_be_parsed() -> None:
    for line in lines_from_requires_txt(REQUIRES_TXT.encode()):
        field, _, text = line.partition(": ")
        if field == "Requires-Dist":
            Requirement(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_any_old_encoding_will_do(encoding: str) -> None:
    assert list(lines_from_requires_txt("# café\na>=1\r\nb\r\n".encode(encoding))) == [
        "Requires-Dist: a>=1",
        "Requires-Dist: b",
    ]


@pytest.mark.parametrize(
    "hostile", ["a\x0bRequires-Dist: b", 'a; extra == "x"\x85Name: other', '[x"y\x1cz]\na']
)
def test_no_line_can_smuggle_another_field(hostile: str) -> None:
    for line in lines_from_requires_txt(hostile.encode()):
        assert "\n" not in line
        assert line.startswith(("Requires-Dist: ", "Provides-Extra: "))


@pytest.mark.parametrize(
    "sources,expected",
    [
        ("setup.py\nfoo.egg-info/PKG-INFO\nfoo.egg-info/requires.txt\n", True),
        ("setup.py\r\nsrc\\foo.egg-info\\requires.txt\r\n", True),
        ("setup.py\nfoo.egg-info/PKG-INFO\nrequires.txt\n", False),
        ("", False),
    ],
)
def test_the_list_of_files_tells_whether_there_are_requirements(sources: str, expected: bool) -> None:
    assert lists_requires_txt(sources.encode()) is expected


def test_an_extra_is_added_to_a_marker() -> None:
    assert requirement_line("a>=1; python_version < '3' or os_name == 'nt'", extra="x") == (
        "Requires-Dist: a>=1; (python_version < '3' or os_name == 'nt') and (extra == \"x\")"
    )
