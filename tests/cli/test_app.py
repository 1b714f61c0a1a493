"""The command line as a whole: commands, versions, help, and how little is imported for them."""

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from driftcheck import __version__
from driftcheck.cli.app import COMMANDS
from driftcheck.cli.settings import SETTINGS
from tests.cli.running import run, run_process
from tests.support.distributions import build_wheel
from tests.support.index_server import IndexServer

HEAVY = (
    "requests",
    "pypi_simple",
    "pydantic",
    "bs4",
    "email",
    "keyring",
    "resolvelib",
    "http",
    "rich",
    "urllib3",
)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "--version")
    assert (ran.code, ran.out, ran.err) == (0, f"driftcheck {__version__}\n", "")


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help_names_every_command(capsys: pytest.CaptureFixture[str], word: str) -> None:
    ran = run(capsys, word)
    assert ran.code == 0
    assert [command for command in COMMANDS if f"\n  {command}  " not in ran.out] == []


def test_no_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: driftcheck COMMAND")


@pytest.mark.parametrize(
    "word, err",
    [
        ("chek", "driftcheck: there is no command 'chek'\n  did you mean 'check'?\n"),
        ("--verison", "driftcheck: there is no option '--verison'\n  see driftcheck --help\n"),
        ("\x1b[2J", "driftcheck: there is no command '\\x1b[2J'\n"),
    ],
)
def test_an_unknown_word(capsys: pytest.CaptureFixture[str], word: str, err: str) -> None:
    ran = run(capsys, word)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(err)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_is_enough(capsys: pytest.CaptureFixture[str], command: str) -> None:
    ran = run(capsys, command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: driftcheck {command} ")
    assert f"  driftcheck {command}" in ran.out.partition("Examples:")[2]
    assert ran.out.isascii()
    options = [setting.option for setting in SETTINGS if command in setting.commands]
    assert [option for option in options if option not in ran.out] == []
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_a_mistyped_option_is_a_usage_error(capsys: pytest.CaptureFixture[str], command: str) -> None:
    ran = run(capsys, command, "--no-such-option")
    assert (ran.code, ran.out) == (2, "")
    assert "No such option" in ran.err
    assert f"Try 'driftcheck {command} --help' for help." in ran.err


def imported_by(*args: str) -> set[str]:
    """Returns the top-level modules that a command line imports."""
    code = (
        "import sys\nfrom driftcheck.__main__ import main\nmain(sys.argv[1:])\n"
        "sys.stderr.write('\\n' + ' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("args", [("--version",), ("--help",)])
def test_the_quick_answers_import_next_to_nothing(args: tuple[str, ...]) -> None:
    assert not imported_by(*args) & {*HEAVY, "typer", "packaging", "platformdirs", "tomllib", "inspect"}


@pytest.mark.parametrize(
    "args",
    [
        *[(command, "--help") for command in COMMANDS],
        ("check", "--retries", "many"),
        ("check", "--no-such-option"),
        ("cache", "dir"),
    ],
)
def test_help_and_usage_errors_import_nothing_heavy(args: tuple[str, ...]) -> None:
    assert not imported_by(*args) & set(HEAVY)


def test_a_check_imports_what_its_road_needs(index_server: IndexServer, tmp_path: Path) -> None:
    index_server.add(build_wheel(tmp_path, "alpha", "1.0"))
    (tmp_path / "pins.txt").write_text("alpha==1.0\n")
    args = ["check", str(tmp_path / "pins.txt"), "--index-url", index_server.url]
    args += ["--cache-dir", str(tmp_path / "cache")]
    for allowed in ({"requests", "urllib3", "http", "email", "rich"}, {"rich"}):  # cold, then warm
        assert not imported_by(*args) & (set(HEAVY) - allowed)


def test_a_warm_check_on_this_machines_folders_reads_no_html(tmp_path: Path) -> None:
    build_wheel(tmp_path / "links", "alpha", "1.0")
    page = tmp_path / "simple" / "alpha" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<a href="{build_wheel(tmp_path / "files", "alpha", "2.0").as_uri()}">alpha</a>')
    (tmp_path / "pins.txt").write_text("alpha\n")
    args = ["check", str(tmp_path / "pins.txt"), "--index-url", str(tmp_path / "simple")]
    args += ["--find-links", str(tmp_path / "links"), "--cache-dir", str(tmp_path / "cache")]
    assert "pypi_simple" in imported_by(*args)
    time.sleep(2.1)  # a page that changed within the last tick of a clock is not kept
    imported_by(*args)
    assert not imported_by(*args) & (set(HEAVY) - {"rich"})


def test_every_command_is_a_module() -> None:
    assert [name for name in COMMANDS if not callable(import_module(f"driftcheck.cli.{name}").run)] == []


def test_an_ascii_terminal_sees_help(tmp_path: Path) -> None:
    ran = run_process(["check", "--help"], folder=tmp_path, PYTHONIOENCODING="ascii")
    assert ran.code == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a pipe that closes")
def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "driftcheck", "checks"]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
