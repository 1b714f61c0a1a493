"""What the user points at becomes documents, or an error that says what was looked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from driftcheck.model.errors import InputError, NothingToCheckError
from driftcheck.model.exit_code import ExitCode
from driftcheck.model.project import FormatControl
from tests.readers.reading import read


def test_a_folder_means_its_requirements_txt(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("a")
    (tmp_path / "requirements-dev.txt").write_text("b")
    project = read(tmp_path, ".")
    assert [d.name for d in project.declarations] == ["a"]
    assert project.name == "."
    assert project.inputs[0].path == "requirements.txt"


@pytest.mark.parametrize("name", ["requirements.in", "requirements-prod.txt"])
def test_a_folder_with_one_other_file_means_that(tmp_path: Path, name: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / name).write_text("a")
    assert read(tmp_path, "app").inputs[0].path == f"app/{name}"


def test_a_folder_with_several_asks_for_one(tmp_path: Path) -> None:
    for name in ("requirements-a.txt", "requirements-b.txt"):
        (tmp_path / name).write_text("a")
    with pytest.raises(
        InputError, match=r"several requirements files: requirements-a.txt, requirements-b.txt"
    ):
        read(tmp_path, ".")


def test_an_empty_folder_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(NothingToCheckError, match=r"looked for requirements.txt, requirements.in") as caught:
        read(tmp_path, ".")
    assert caught.value.exit_code is ExitCode.NOTHING_TO_CHECK


def test_a_missing_file_hints_at_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("a")
    with pytest.raises(InputError, match=r"there is no file requirments.txt") as caught:
        read(tmp_path, "requirments.txt")
    assert caught.value.hint == "did you mean requirements.txt?"
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_url_is_refused_as_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no files from the network: https://\*\*\*\*@index.example/r.txt"):
        read(tmp_path, "https://user:secret@index.example/r.txt")


def test_standard_input_without_a_requirement_is_named(tmp_path: Path) -> None:
    with pytest.raises(NothingToCheckError, match="no requirement in standard input"):
        read(tmp_path, "-")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "absent/requirements.txt")
    assert caught.value.hint == f"there is no folder {tmp_path / 'absent'} either"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions bind neither Windows nor root")
def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("a")
    (tmp_path / "r.txt").chmod(0)
    with pytest.raises(InputError, match="can't be read: permission denied"):
        read(tmp_path, "r.txt")


def test_a_huge_file_is_an_error(tmp_path: Path) -> None:
    with (tmp_path / "r.txt").open("wb") as stream:
        stream.truncate(21 * 1024**2)
    with pytest.raises(InputError, match="larger than 20 MB"):
        read(tmp_path, "r.txt")


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_impossible_names_are_errors(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, path)


def test_standard_input(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("b")
    project = read(tmp_path, "-", stdin=b"a==1\n-r base.txt\n")
    assert [str(d.location) for d in project.declarations] == ["-:1", "base.txt:1"]
    assert project.name == "standard input"


def test_standard_input_only_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only once"):
        read(tmp_path, "-", "-")


@pytest.mark.parametrize("text", ["", "# nothing\n\n", "--index-url https://index.example\n"])
def test_no_requirement_at_all_is_nothing_to_check(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.txt").write_text(text)
    (tmp_path / "c.txt").write_text("a<2")
    with pytest.raises(NothingToCheckError, match=r"no requirement in r.txt"):
        read(tmp_path, "r.txt", constraints=("c.txt",))
    with pytest.raises(NothingToCheckError, match="constraints alone install nothing"):
        read(tmp_path, constraints=("c.txt",))


def test_one_file_with_a_requirement_is_enough_and_a_fault_is_not_hidden(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("")
    (tmp_path / "s.txt").write_text("a")
    (tmp_path / "t.txt").write_text("<<<<")
    assert len(read(tmp_path, "r.txt", "s.txt").declarations) == 1
    assert len(read(tmp_path, "t.txt").faults) == 1


def test_options_of_several_files_come_together_in_order(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("--only-binary :all:\na")
    (tmp_path / "s.txt").write_text("--no-binary b\nb")
    control = read(tmp_path, "r.txt", "s.txt").index_options.format_control
    assert control == FormatControl(only_binary=frozenset({":all:"}), no_binary=frozenset({"b"}))


def test_files_outside_are_shown_as_typed_and_their_includes_absolutely(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "r.txt").write_text("a\n-r s.txt")
    (tmp_path / "s.txt").write_text("b")
    project = read(tmp_path / "work", "../r.txt")
    assert [d.location.path for d in project.declarations] == ["../r.txt", str(tmp_path / "s.txt")]


@pytest.mark.parametrize("name", ["poetry.lock", "environment.yml", "Dockerfile", "setup.py"])
def test_other_formats_are_refused_rather_than_read_as_nonsense(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x = 1")
    with pytest.raises(InputError, match="of a format that driftcheck does not read"):
        read(tmp_path, name)


@pytest.mark.parametrize("name", ["requirements", "base.requirements"])
def test_any_other_name_is_taken_for_requirements(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a")
    assert len(read(tmp_path, name).declarations) == 1


def test_a_file_that_two_inputs_include_counts_once(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("a\n<<<\n-e .\n")
    for name in ("r.txt", "s.txt"):
        (tmp_path / name).write_text(f"-r base.txt\n{name[0]}\n")
    project = read(tmp_path, "r.txt", "s.txt")
    assert [d.display_name for d in project.declarations] == ["a", ".", "r", "s"]
    assert len(project.faults) == len(project.gaps) == 1
    assert [i.path for i in project.inputs] == ["r.txt", "base.txt", "s.txt"]


def test_too_many_lines_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("<\n" * 200_001)
    with pytest.raises(InputError, match="have more than 200,000 lines"):
        read(tmp_path, "r.txt")


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="no /dev/fd here")
def test_a_pipe_is_read(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"a==1\n")
    os.close(writer)
    try:
        project = read(tmp_path, f"/dev/fd/{reader}")
    finally:
        os.close(reader)
    assert [d.name for d in project.declarations] == ["a"]
