"""What strangers write into an index or a file stays text, and reports do not depend on chance."""

import json
from pathlib import Path

import pytest

from tests.cli.running import run, run_process
from tests.support.distributions import build_sdist, build_wheel
from tests.support.faults import Stall
from tests.support.index_server import IndexServer

HOSTILE = "\x1b]0;pwned\x07[bold red]x[/] \u202eevil\u2066 \x9b31m\r\n::error::x \u2028 </script>"
DANGEROUS = "\x1b\x07\x9b\r\u202e\u2066\u2028\u200b"


@pytest.fixture
def hostile(index_server: IndexServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexServer:
    """An index that writes evil into every field that it may; the working directory is an empty project."""
    (tmp_path / "project" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    one_line = HOSTILE.replace("\r\n", " ").replace("\u2028", " ")
    index_server.add(
        build_wheel(
            tmp_path, "alpha", "1.0",
            requires=[f"beta>=1; extra == '{one_line}'", f"gamma[{one_line}", "beta", "delta @ http://h/\x1b[1m.whl"],
            classifiers=["Development Status :: 7 - Inactive", one_line],
            headers=[("Summary", one_line), ("License", one_line)],
        ),
        yanked=HOSTILE,
    )  # fmt: skip
    index_server.add(build_wheel(tmp_path, "beta", "1.0"), requires_python=f">=3.99 {HOSTILE}")
    index_server.add(build_wheel(tmp_path, "gamma", "1.0"), requires_python=f">=4,{HOSTILE}")
    index_server.add(build_sdist(tmp_path, "epsilon", "1.0", requires_python=one_line))
    index_server.project("alpha", status="archived", status_reason=HOSTILE)
    page = {
        "meta": {"api-version": f"1.{HOSTILE}"},
        "project-status": {"status": HOSTILE, "reason": HOSTILE},
        "files": [{"filename": f"zeta-1.0{HOSTILE}.whl", "url": HOSTILE}, {"filename": HOSTILE}, HOSTILE],
    }
    content_type = "application/vnd.pypi.simple.v1+json"
    index_server.serve("/simple/zeta/", json.dumps(page), content_type=content_type)
    page["meta"] = {"api-version": f"2{HOSTILE}"}
    index_server.serve("/simple/eta/", json.dumps(page), content_type=content_type)
    return index_server


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_no_text_of_a_stranger_reaches_the_terminal_as_more_than_text(
    capsys: pytest.CaptureFixture[str], hostile: IndexServer, form: str
) -> None:
    lines = ["alpha==1.0", "beta", "gamma", "epsilon", "zeta", "eta", f"theta {HOSTILE}", f"--{HOSTILE}"]
    name = "re[bold]\x1b[31m\u202e.txt"
    Path(name).write_bytes("\n".join(lines).encode())
    for command in ("check", "drift"):
        ran = run(
            capsys, command, name, "--index-url", hostile.url, "--no-cache", "--retries=0", "-v",
            "--python-version=3.11", "--python-platform=linux", f"--format={form}",
            *(("--since=2030-01-01",) if command == "drift" else ()),
        )  # fmt: skip
        assert ran.code in {0, 1}
        assert not set(DANGEROUS) & set(ran.out + ran.err)
        if form == "json":
            json.loads(ran.out)
        elif command == "check":
            assert "[bold red]x[/]" in ran.out


def test_neither_hash_seeds_nor_the_order_of_answers_change_a_report(
    index_server: IndexServer, tmp_path: Path
) -> None:
    names = [f"package-{letter}" for letter in "abcdefghij"]
    for name in names:
        needs = [
            f"common<{names.index(name)}",
            "common[extra]",
            *(f"{other}>=1" for other in names[:3] if other != name),
        ]
        index_server.add(build_wheel(tmp_path, name, "1.0", requires=needs), yanked=f"bad {name}")
    for version in range(12):
        index_server.add(build_wheel(tmp_path, "common", f"{version}.0", extras={"extra": names[3:6]}))
    (tmp_path / "requirements.txt").write_text("".join(f"{name}==1.0\n" for name in names) + "nothing==1\n")
    reports = set()
    for seed, slow in (("0", "a"), ("1", "j"), ("2", "c")):
        index_server.fail(f"/simple/package-{slow}/", Stall(0.3), times=1)
        ran = run_process(
            ["check", "--index-url", index_server.url, "--no-cache", "--format=json", "--as-of=2026-01-01",
             "--python-version=3.9", "--python-version=3.12", "--python-platform=linux"],
            folder=tmp_path, PYTHONHASHSEED=seed,
        )  # fmt: skip
        assert ran.code == 1
        reports.add(ran.out)
    assert len(reports) == 1
