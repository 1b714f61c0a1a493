"""The configuration file."""

from pathlib import Path

import pytest

from driftcheck.cli.configuration import read_configuration
from driftcheck.model.errors import SettingsError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a folder in it, which is the working directory."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    inner = tmp_path / "repository" / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    return tmp_path / "repository"


def test_none_is_none(project: Path) -> None:
    assert read_configuration(".").path is None
    assert read_configuration(".").values == {}


@pytest.mark.parametrize("first_input", [".", "-", "requirements.txt", "missing/requirements.txt", ""])
def test_it_is_found_in_a_parent(project: Path, first_input: str) -> None:
    (project / "pyproject.toml").write_text('[tool.driftcheck]\nfail-on = "note"\n')
    found = read_configuration(first_input)
    assert found.path == project / "pyproject.toml"
    assert found.values == {"fail-on": "note"}


def test_links_in_a_circle_lead_to_no_configuration(project: Path) -> None:
    (project / "inner" / "one").symlink_to("two")
    (project / "inner" / "two").symlink_to("one")
    (project / "pyproject.toml").write_text('[tool.driftcheck]\nfail-on = "note"\n')
    assert read_configuration("one/requirements.txt").path in {None, project / "pyproject.toml"}


def test_the_folder_of_the_input_counts(project: Path) -> None:
    other = project / "other"
    other.mkdir()
    (other / "driftcheck.toml").write_text("strict = true\n")
    assert read_configuration("../other/requirements.txt").values == {"strict": True}
    assert read_configuration(".").values == {}


def test_the_repository_is_the_end(project: Path) -> None:
    (project.parent / "driftcheck.toml").write_text("strict = true\n")
    assert read_configuration(".").path is None


def test_the_nearest_wins_and_the_own_file_before_the_shared(project: Path) -> None:
    (project / "driftcheck.toml").write_text("retries = 1\n")
    (project / "inner" / "pyproject.toml").write_text("[project]\nname = 'driftcheck'\n")
    assert read_configuration(".").values == {"retries": 1}, "a pyproject.toml without the table is passed by"
    (project / "inner" / "pyproject.toml").write_text("[tool.driftcheck]\nretries = 2\n")
    assert read_configuration(".").values == {"retries": 2}
    (project / "inner" / "driftcheck.toml").write_text("retries = 3\n")
    assert read_configuration(".").values == {"retries": 3}


def test_paths_are_relative_to_the_file(project: Path) -> None:
    (project / "driftcheck.toml").write_text('cert = "ca.pem"\n')
    assert read_configuration(".").values == {"cert": str(project / "ca.pem")}


@pytest.mark.parametrize(
    "name, text, message, hint",
    [
        ("pyproject.toml", "[tool.driftcheck]\nselct = []\n", "tool.driftcheck.selct is no setting",
         "did you mean 'select'?"),
        ("driftcheck.toml", "python-version = '3.9'\n", "expected a list of strings, found '3.9'",
         'write python-version = ["3.9"]'),
        ("driftcheck.toml", "python-version = 3.10\n", "expected a list of strings, found 3.1",
         'write python-version = ["…"]'),
        ("driftcheck.toml", "fail-on = 3\n", "fail-on: expected error or warning or note or never, found 3",
         None),
        ("driftcheck.toml", "output = 'x'\n", "output is no setting", None),
        ("driftcheck.toml", "strict = 1\n", "strict: expected true or false, found 1", None),
        ("driftcheck.toml", "strict =\n", " is not valid TOML: ", None),
        ("pyproject.toml", "[tool]\ndriftcheck = 3\n", "tool.driftcheck: expected a table, found 3", None),
        ("driftcheck.toml", '"\\u001b[31m" = 1\n', r"\x1b[31m is no setting", None),
    ],
)  # fmt: skip
def test_a_fault_names_file_key_and_what_was_expected(
    project: Path, name: str, text: str, message: str, hint: str | None
) -> None:
    (project / "inner" / name).write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_configuration(".")
    assert caught.value.message.startswith(name)
    assert message in caught.value.message
    if hint:
        assert caught.value.hint == hint


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x = 1\n" * 400_000, b"a = " + b"[" * 100_000])
def test_a_hostile_file_is_refused(project: Path, data: bytes) -> None:
    (project / "driftcheck.toml").write_bytes(data)
    with pytest.raises(SettingsError, match=r"driftcheck\.toml is "):
        read_configuration(".")


def test_a_pyproject_of_others_may_be_anything(project: Path) -> None:
    (project / "pyproject.toml").write_bytes(b"\xff not TOML")
    assert read_configuration(".").path is None
