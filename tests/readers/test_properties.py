"""What holds for every requirements file, whatever stands in it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from driftcheck.model.errors import InputError, NothingToCheckError
from driftcheck.model.project import Declaration, Project
from tests.readers.reading import read_text

NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,10}[A-Za-z0-9])?", fullmatch=True).filter(
    lambda name: (
        not name.lower().endswith((".zip", ".whl", ".tar", ".tgz", ".tbz", ".txz", ".tlz", ".gz", ".xz"))
    )
)
VERSIONS = st.from_regex(
    r"([1-9]!)?[0-9]{1,3}(\.[0-9]{1,3}){0,3}((a|b|rc)[0-9])?(\.post[0-9])?", fullmatch=True
)
CLAUSES = st.tuples(st.sampled_from(["==", ">=", "<=", "<", ">", "!="]), VERSIONS).map("".join)
MARKERS = st.sampled_from(
    ["", "python_version < '3.9'", "os_name == 'nt' and extra == 'x'", "platform_machine in 'a b'"]
)
HASHES = st.lists(st.from_regex("[0-9a-f]{64}", fullmatch=True), max_size=3)
EXTRAS = st.lists(NAMES, max_size=3)
SPACES = st.sampled_from(["", " ", "  "])
ENDS = st.sampled_from(["\n", "\r\n", "  # why\n", "\n\n# alone\n"])
LINES = st.tuples(NAMES, EXTRAS, st.lists(CLAUSES, max_size=3), MARKERS, HASHES, SPACES, ENDS)

PIECES = st.sampled_from([
    "a==1", "-r ", "-c ", "-e ", "requirements.txt", "\n", "\\\n", " ", "#", "--hash=sha256:",
    "git+https://", "file:", "@",
    "; ", "[x]", "://", "..", "/", "C:\\", "${A}", "'", '"', "--index-url ", "--no-binary ", ":all:", ",",
    "=", "\0", "\f",
    ".whl", "#egg=", "%00", "//[", "-f ", "~", "é", "\ud7ff", "1" * 50,
])  # fmt: skip


def read(data: str | bytes) -> Project | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read_text(Path(folder), data, {"A": "x\n-r y"})
        except (InputError, NothingToCheckError):
            return None


def written(declaration: Declaration) -> str:
    extras = f"[{','.join(declaration.extras)}]" if declaration.extras else ""
    marker = f" ; {declaration.marker}" if declaration.marker else ""
    hashes = "".join(f" \\\n    --hash={h.algorithm}:{h.digest}" for h in declaration.hashes)
    return f"{declaration.display_name}{extras}{declaration.specifier}{marker}{hashes}\n"


def facts(project: Project) -> list[tuple[object, ...]]:
    return [
        (d.name, d.display_name, d.specifier, d.extras, str(d.marker), d.hashes, d.source)
        for d in project.declarations
    ]


@given(st.lists(LINES, min_size=1, max_size=6))
def test_what_was_written_is_read_and_written_again_the_same(lines: list[tuple[object, ...]]) -> None:
    text = ""
    for name, extras, clauses, marker, hashes, space, end in lines:
        assert isinstance(extras, list)
        assert isinstance(clauses, list)
        assert isinstance(hashes, list)
        shown_extras = f"[{','.join(extras)}]" if extras else ""
        text += f"{name}{space}{shown_extras}{space}{','.join(clauses)}"
        text += f" ; {marker}" if marker else ""
        text += "".join(f" --hash=sha256:{digest}" for digest in hashes) + str(end)
    project = read(text)
    assert project is not None
    assert not project.faults, project.faults
    assert [d.name for d in project.declarations] == [canonicalize_name(str(line[0])) for line in lines]
    assert [len(d.hashes) for d in project.declarations] == [len(set(line[4])) for line in lines]  # type: ignore[call-overload]
    again = read("".join(written(d) for d in project.declarations))
    assert again is not None
    assert facts(again) == facts(project)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_no_line_raises_anything_undeclared(text: str) -> None:
    read(text.encode("utf-8", "replace"))


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_undeclared(data: bytes) -> None:
    read(data)


@given(st.lists(st.text("ab=<>1. ;[](),@/:!~é", min_size=1), max_size=5))
def test_every_line_is_declared_or_named(lines: list[str]) -> None:
    project = read("\n".join(["a==1", *lines]))
    assert project is not None
    places = [d.location for d in project.declarations] + [f.location for f in project.faults]
    expected = [number for number, line in enumerate(["a==1", *lines], start=1) if line.strip()]
    assert sorted(place.line or 0 for place in places) == expected


def test_a_hundred_thousand_lines_take_seconds(tmp_path: Path) -> None:
    text = "".join(f"package-{n}[x]>=1.{n % 90},<3; python_version>'3.{n % 9}'\n" for n in range(50_000))
    text += "".join(f"other-{n}==1.{n}.0\n" for n in range(50_000))
    started = time.process_time()
    project = read_text(tmp_path, text)
    assert len(project.declarations) == 100_000
    assert time.process_time() - started < 20  # 2 s on an idle machine; a slow one is no failure


def test_hostile_lines_take_no_time(tmp_path: Path) -> None:
    hostile = [
        "a" + " " * 900_000 + "b",
        "a " + "#" * 500_000,
        "a" * 900_000,
        " ".join(["--hash=sha256:x"] * 50_000),
        *(
            pattern * (3900 // len(pattern))
            for pattern in ("[", "a[", "[a]", "(", " ", "a,", "==1,", "1.", "a ", "-", "@")
        ),
        *(
            "a" + pattern * (3900 // len(pattern))
            for pattern in (" ", "[", ">=1 ", "\t;", "0", ".0", "; a", " @ x")
        ),
        *("a==" + pattern * (3900 // len(pattern)) for pattern in ("1", "1.", "1-", "1a", " ", "1+a.")),
        "https://" + "a@" * 1900,
        "file:" + "/.." * 1300,
    ]
    started = time.process_time()
    read_text(tmp_path, "\n".join(["b==1", *hostile]))
    assert time.process_time() - started < 10
