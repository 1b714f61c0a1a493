"""`driftcheck check` and `drift`, from the arguments to the exit code, against a local index."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from driftcheck import pipeline
from tests.cli.running import run, run_process
from tests.reporters.reports import report
from tests.support.distributions import build_wheel
from tests.support.faults import Status
from tests.support.index_server import IndexServer


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a requirements file; the working directory."""
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def index(index_server: IndexServer, tmp_path: Path, folder: Path) -> IndexServer:
    """An index with two releases of a package, one yanked, and what they need; the project's default."""
    for version, yanked in (("1.0", "broken"), ("2.0", False)):
        index_server.add(build_wheel(tmp_path, "alpha", version, requires=["beta"]), yanked=yanked)
    index_server.add(build_wheel(tmp_path, "beta", "1.0"))
    (folder / "driftcheck.toml").write_text(f'index-url = "{index_server.url}"\ncache-dir = "../cache"\n')
    return index_server


def requirements(folder: Path, text: str) -> None:
    (folder / "requirements.txt").write_text(text)


def test_nothing_found(capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer) -> None:
    requirements(folder, "alpha==2.0\n")
    ran = run(capsys, "check", "requirements.txt")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("nothing found: 2 of 2 packages checked in requirements.txt for Python 3.")


def test_findings_fail_only_from_fail_on_up(
    capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer
) -> None:
    requirements(folder, "alpha==1.0\n")
    assert run(capsys, "check", "requirements.txt").code == 0
    ran = run(capsys, "check", "requirements.txt", "--fail-on", "warning")
    assert ran.code == 1
    assert "  warning  alpha 1.0 was yanked" in ran.out
    assert (
        run(capsys, "check", "-r", "requirements.txt", "--fail-on=warning", "--ignore", "yanked-release").code
        == 0
    )
    ignored = run(
        capsys, "check", "--fail-on=warning", "--ignore", "yanked-release:Alpha", "--format", "json"
    )
    assert ignored.code == 0
    assert [f["check"] for f in json.loads(ignored.out)["suppressed"]] == ["yanked-release"]
    selected = run(capsys, "check", "--fail-on=note", "--select", "unpinned-requirement")
    assert selected.code == 0


def test_json_is_the_same_twice_and_alone_on_standard_output(folder: Path, index: IndexServer) -> None:
    requirements(folder, "alpha==1.0\n")
    first, second = (run_process(["check", "--output-format=json"], folder=folder) for _ in range(2))
    assert first.err == ""
    assert {**json.loads(first.out), "as_of": ""} == {**json.loads(second.out), "as_of": ""}
    assert [row["name"] for row in json.loads(first.out)["packages"]] == ["alpha", "beta"]


def test_several_reports_of_one_run(
    capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer
) -> None:
    requirements(folder, "alpha==2.0\n")
    ran = run(capsys, "check", "-o", "json:r.json", "-o", "-")
    assert ran.out.startswith("nothing found")
    assert json.loads((folder / "r.json").read_text(encoding="utf-8"))["schema"] == 1


def test_a_matrix(capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer) -> None:
    requirements(folder, "alpha==2.0\n")
    ran = run(
        capsys, "check", "--format=json", "--python-version=3.9.18", "--python-version=3.12.4",
        "--python-platform=linux", "--python-platform=windows",
    )  # fmt: skip
    targets = [(t["python_version"], t["platform"]) for t in json.loads(ran.out)["targets"]]
    assert targets == [("3.9.18", "linux"), ("3.9.18", "windows"), ("3.12.4", "linux"), ("3.12.4", "windows")]


def test_standard_input(folder: Path, index: IndexServer) -> None:
    ran = run_process(["check", "-"], folder=folder, stdin="alpha==2.0\n")
    assert ran.code == 0
    assert "2 of 2 packages checked in standard input" in ran.out


def test_a_date_is_named(capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer) -> None:
    requirements(folder, "alpha==2.0\n")
    assert "as of 2022-05-01" in " ".join(run(capsys, "check", "--as-of", "2022-05-01").out.split())


@pytest.mark.parametrize(
    "args, code, err",
    [
        (("missing.txt",), 2, "nothing was checked: there is no file missing.txt"),
        ((), 3, "nothing was checked: "),
        (("--timeout", "soon"), 2, "nothing was checked: --timeout: expected a number of seconds"),
        (
            ("--select", "yanked"),
            2,
            "nothing was checked: select: there is no check 'yanked'\n  did you mean",
        ),
        (("--python-version", "thirteen"), 2, "nothing was checked: "),
    ],
)
def test_failures_begin_with_what_was_not_done(
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    index: IndexServer,
    args: tuple[str, ...],
    code: int,
    err: str,
) -> None:
    if "--python-version" in args:
        requirements(folder, "alpha==2.0\n")
    ran = run(capsys, "check", *args)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(err)


def test_a_broken_index_is_never_all_clear(
    capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer
) -> None:
    requirements(folder, "alpha==2.0\n")
    index.fail("*", Status(503))
    ran = run(capsys, "check", "--retries=0", "--no-cache")
    assert ran.code == 4
    assert "nothing found" not in ran.out


def test_strict_minds_a_gap(capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer) -> None:
    requirements(folder, "alpha==2.0\ngit+https://git.example/gamma.git#egg=gamma\n")
    assert run(capsys, "check").code == 0
    ran = run(capsys, "check", "--strict")
    assert ran.code == 4
    assert "not checked\n" in ran.out
    (folder / "driftcheck.toml").write_text((folder / "driftcheck.toml").read_text() + "strict = true\n")
    assert run(capsys, "check").code == 4
    assert run(capsys, "check", "--no-strict").code == 0


def test_offline_names_what_is_missing(
    capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer
) -> None:
    requirements(folder, "alpha==2.0\n")
    assert run(capsys, "check", "--offline").code == 4
    assert run(capsys, "check").code == 0
    index.forget()
    assert run(capsys, "check", "--offline").code == 0
    assert index.count() == 0


def test_a_bug_is_70_without_a_traceback(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "check", broken)
    ran = run(capsys, "check")
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.startswith("nothing was checked: driftcheck itself failed (ZeroDivisionError: )")
    assert "Traceback" not in ran.err
    assert "Traceback" in run(capsys, "check", "-v").err


def test_a_mistyped_variable_is_warned_about_unless_quiet(
    capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements(folder, "alpha==2.0\n")
    monkeypatch.setenv("DRIFTCHECK_STRIKT", "1")
    ran = run(capsys, "check", "-v")
    assert "DRIFTCHECK_STRIKT is no setting; did you mean DRIFTCHECK_STRICT?" in ran.err
    assert f"configuration: {folder / 'driftcheck.toml'}" in ran.err
    assert run(capsys, "check", "-q").err == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_any_encoding_of_the_terminal_will_do(folder: Path, index: IndexServer, encoding: str) -> None:
    requirements(folder, "alpha==1.0\n")
    done = subprocess.run(
        [sys.executable, "-m", "driftcheck", "check", "-v"],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding, "LANG": "C"},
    )  # fmt: skip
    assert done.returncode == 0
    assert "yanked" in done.stdout.decode(encoding)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")
def test_an_interrupt_is_130_and_one_line(folder: Path, index: IndexServer) -> None:
    requirements(folder, "alpha==2.0\n")
    index.serve("/simple/alpha/", b"", status=503)
    command = [sys.executable, "-m", "driftcheck", "check", "--retries=50", "--no-cache"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
    deadline = time.monotonic() + 30
    while not index.count("/simple/alpha/") and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"nothing was checked: interrupted\n")


def test_drift(capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer) -> None:
    requirements(folder, "alpha\n")
    ran = run(capsys, "drift", "--since", "2021-01-01")
    assert (ran.code, ran.err) == (0, "")
    assert "then: 2021-01-01" in ran.out
    document = json.loads(run(capsys, "drift", "--since", "2021-01-01", "--format", "json").out)
    assert [row["name"] for row in document["environments"][0]["packages"]] == ["alpha", "beta"]


def test_drift_without_a_date_to_go_by(
    capsys: pytest.CaptureFixture[str], folder: Path, index: IndexServer
) -> None:
    requirements(folder, "alpha\n")
    ran = run(capsys, "drift")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("nothing was compared: ")


def test_closed_standard_input_is_an_input_error(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = io.TextIOWrapper(io.BytesIO())
    closed.close()
    monkeypatch.setattr(sys, "stdin", closed)
    ran = run(capsys, "check", "-")
    assert ran.code == 2
    assert ran.err.startswith("nothing was checked: ")


def test_a_check_that_raised_does_not_silence_the_others(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    outcome = pipeline.Outcome(report=report(), crashed=("yanked-release: Traceback …",))
    monkeypatch.setattr(pipeline, "check", lambda *_, **__: outcome)
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "log")
    ran = run(capsys, "check")
    assert ran.code == 70
    assert "42 of 42 packages checked" in ran.out
    assert ran.err.startswith("a check failed, and what it would have found is missing from the report\n")
    assert len(list((tmp_path / "log").iterdir())) == 1
