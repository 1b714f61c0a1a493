"""Bad input and broken indexes, from the command line to the exit code: a message or a gap, never silence."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran, run
from tests.support.distributions import build_wheel, metadata_text_of
from tests.support.faults import (
    BAD_JSON,
    HTML_FOR_JSON,
    Body,
    ContentType,
    CutShort,
    Fault,
    HugeBody,
    Redirect,
    RedirectForever,
    Refuse,
    Stall,
    Status,
)
from tests.support.index_server import CoreMetadata, IndexServer, Ranges

SECRET = "s3cr3t-w0rd"
EMPTY_HTML = Body(b"<!DOCTYPE html><html><body></body></html>", "text/html")
NOTHING = Body(b"")

PAGE_FAULTS: list[tuple[Fault, str]] = [
    (Refuse(), "the connection was closed before the answer was complete"),
    (Stall(2.0), "the server sent nothing for 0.3 s (timed out)"),
    (Stall(2.0, after_bytes=10), "the server sent nothing for 0.3 s (timed out)"),
    (CutShort(), "the answer was cut short"),
    (Status(401), "credentials are missing or refused (status 401)"),
    (Status(403), "access is refused, credentials may be missing (status 403)"),
    (Status(429, retry_after="1"), "the server asks for fewer requests (status 429)"),
    (Status(500), "the server answered with status 500"),
    (BAD_JSON, "the page is not valid JSON"),
    (NOTHING, "the page is not valid JSON"),
    (Body(b"[]"), "the page is not valid JSON"),
    (Body(b'{"files": "none"}'), "the JSON is not a project page"),
    (HTML_FOR_JSON, "the HTML lists no file and does not say that it is an index page"),
    (EMPTY_HTML, "the HTML lists no file and does not say that it is an index page"),
    (ContentType("image/png"), "the answer is not an index page (image/png)"),
    (HugeBody(50_000_000), "the page is not valid JSON"),
    (HugeBody(50_000_000, gzipped=True), "the page is not valid JSON"),
    (HugeBody(160_000_000), "the answer is larger than 150,000,000 bytes"),
    (RedirectForever(), "more than 10 redirects"),
    (Redirect("ftp://index.example/"), "it redirects to something other than http: or https:"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project; the working directory."""
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def index(index_server: IndexServer, tmp_path: Path, folder: Path) -> IndexServer:
    """An index with a package that needs another."""
    index_server.add(build_wheel(tmp_path / "dist", "alpha", "1.0", requires=["beta"]))
    index_server.add(build_wheel(tmp_path / "dist", "beta", "1.0"))
    (folder / "requirements.txt").write_text("alpha==1.0\n")
    return index_server


def arguments(url: str, *more: str) -> list[str]:
    """Return those of a quick run that depends on nothing of this machine."""
    return [
        "check", "--index-url", url, "--cache-dir=../cache", "--retries=0", "--timeout=0.3",
        "--python-version=3.11", "--python-platform=linux", *more,
    ]  # fmt: skip


def check(capsys: pytest.CaptureFixture[str], url: str, *more: str) -> Ran:
    """Runs in this process and looks for what must never be there."""
    ran = run(capsys, *arguments(url, *more))
    assert "Traceback" not in ran.out + ran.err
    assert ran.code != 70
    return ran


def document(ran: Ran) -> dict[str, Any]:
    """Returns the JSON report, which must be all that stands on standard output."""
    loaded: dict[str, Any] = json.loads(ran.out)
    assert loaded["schema"] == 1
    return loaded


def patience(fault: Fault) -> tuple[str, ...]:
    """Returns the option that lets a slow machine make and send a large body."""
    return ("--timeout=20",) if isinstance(fault, HugeBody) else ()


def gaps(ran: Ran) -> list[tuple[str | None, str]]:
    """Returns (package, reason) of a JSON report."""
    return [(gap["package"], gap["reason"]) for gap in document(ran)["coverage"]["gaps"]]


# ------------------------------------------------------------------------------------------------- the input


def test_a_missing_file(capsys: pytest.CaptureFixture[str], index: IndexServer) -> None:
    ran = check(capsys, index.url, "requirement.txt")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "nothing was checked: there is no file requirement.txt\n  did you mean requirements.txt?\n"
    )


def test_a_folder_instead_of_a_file(
    capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path
) -> None:
    (folder / "empty").mkdir()
    (folder / "requirements.txt").write_text("alpha==1.0\n-c empty\n")
    ran = check(capsys, index.url, "requirements.txt")
    assert ran.code == 1
    assert "-c: empty is not a file" in ran.out
    ran = check(capsys, index.url, "empty")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("nothing was checked: empty holds no requirements file")
    ran = check(capsys, index.url, "requirements.txt", "--constraint=empty")
    assert (ran.code, ran.out, ran.err) == (2, "", "nothing was checked: empty is a folder\n")


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but words\n"])
def test_an_empty_file(
    capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path, text: str
) -> None:
    (folder / "requirements.txt").write_text(text)
    ran = check(capsys, index.url)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("nothing was checked: no requirement in requirements.txt\n")


def test_a_binary_file(capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path) -> None:
    (folder / "requirements.txt").write_bytes(bytes(range(256)) * 8)
    ran = check(capsys, index.url)
    assert (ran.code, ran.out) == (2, "")
    assert "requirements.txt does not look like a requirements file: it is not a text" in ran.err


def test_a_file_of_100_000_lines(
    capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path
) -> None:
    lines = ["# nothing", "", "alpha==1.0", "beta>=1 ; python_version < '3'", f"# {'x' * 60}"] * 20_000
    (folder / "requirements.txt").write_text("\n".join(lines))
    ran = check(capsys, index.url, "--format=json", "--strict")
    assert ran.code == 0
    assert document(ran)["inputs"][0]["requirements"] == 40_000
    assert document(ran)["coverage"] == {"packages": 2, "checked": 2, "gaps": []}


@pytest.mark.slow
def test_20_000_packages(capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path) -> None:
    lines = [f"package-{number}==1.{number}" for number in range(20_000)]
    (folder / "requirements.txt").write_text("\n".join(lines))
    # Time grows with the lines, not with their square; an index would be another matter, here none is asked.
    ran = check(capsys, index.url, "--offline", "--format=json")
    assert ran.code == 4
    assert document(ran)["coverage"] | {"gaps": []} == {"packages": 20_000, "checked": 0, "gaps": []}


def test_include_cycles(capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path) -> None:
    (folder / "requirements.txt").write_text("-r other.txt\nalpha==1.0\n")
    (folder / "other.txt").write_text("-r requirements.txt\n-r other.txt\n")
    ran = check(capsys, index.url, "--format=json")
    assert ran.code == 1
    found = [f for f in document(ran)["findings"] if f["check"] == "invalid-requirement"]
    assert [(f["location"]["path"], f["location"]["line"]) for f in found] == [
        ("other.txt", 1),
        ("other.txt", 2),
    ]
    assert "requirements.txt includes itself" in found[0]["message"]
    assert [row["name"] for row in document(ran)["packages"]] == ["alpha", "beta"]


def test_undecodable_bytes(capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path) -> None:
    (folder / "requirements.txt").write_bytes(b"alpha==1.0\n# caf\xe9\nbeta==1.0\n")
    ran = check(capsys, index.url)
    assert ran.code == 1
    assert "requirements.txt:2" in ran.out
    assert "bytes that are not UTF-8" in ran.out
    assert "2 of 2 packages checked" in ran.out


def test_absurd_versions(capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path) -> None:
    absurd = [
        "alpha==99999999999999999999999999999999999999999999",
        f"alpha=={'1.' * 400}1",
        f"alpha=={'9' * 3000}",
        "alpha==1!2!3",
        "alpha==latest",
        "alpha=1.0",
        "alpha==1.0 or 2.0",
        "alpha===whatever",
        "alpha>=2,<1",
        "alpha~=1",
        "alpha==1.0.*.*",
        "al\u202epha==1.0",
        "alpha==1.0\x1b[31m",
        "alpha==${UNSET}",
    ]
    for line in absurd:
        (folder / "requirements.txt").write_text(f"{line}\nbeta==1.0\n", encoding="utf-8")
        ran = check(capsys, index.url)
        assert ran.code == 1, line
        assert "requirements.txt:1" in ran.out
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out
        assert document(check(capsys, index.url, "--format=json"))["coverage"]["checked"] >= 1


# ------------------------------------------------------------------------------------------------- the pages


def test_an_unknown_package(capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path) -> None:
    (folder / "requirements.txt").write_text("alpha==1.0\nalpah==1.0\n")
    ran = check(capsys, index.url)
    assert ran.code == 1
    assert "no index has a project named alpah; did you mean alpha" in ran.out


@pytest.mark.parametrize("fault, reason", PAGE_FAULTS, ids=[str(fault)[:60] for fault, _ in PAGE_FAULTS])
def test_a_bad_page_of_one_transitive_package(
    capsys: pytest.CaptureFixture[str], index: IndexServer, fault: Fault, reason: str
) -> None:
    index.fail("/simple/beta/*", fault)
    more = patience(fault)
    ran = check(capsys, index.url, "--format=json", *more)
    assert ran.code == 0
    assert document(ran)["coverage"] | {"gaps": []} == {"packages": 2, "checked": 1, "gaps": []}
    assert [package for package, _ in gaps(ran)] == ["beta"]
    assert reason in gaps(ran)[0][1]
    ran = check(capsys, index.url, "--strict", *more)
    assert ran.code == 4
    assert "nothing found" not in ran.out
    assert "not checked\n  - beta" in ran.out
    assert "1 of 2 packages checked" in ran.out


@pytest.mark.parametrize("fault, reason", PAGE_FAULTS, ids=[str(fault)[:60] for fault, _ in PAGE_FAULTS])
def test_an_index_that_is_broken_altogether(
    capsys: pytest.CaptureFixture[str], index: IndexServer, fault: Fault, reason: str
) -> None:
    index.fail("*", fault)
    ran = check(capsys, index.url, "--format=json", *patience(fault))
    assert ran.code == 4
    assert document(ran)["coverage"]["checked"] == 0
    assert gaps(ran)[0][0] == "alpha"
    assert reason in gaps(ran)[0][1]


def test_an_index_that_is_not_there(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "requirements.txt").write_text("alpha==1.0\n")
    ran = check(capsys, "http://127.0.0.1:1/simple/")
    assert ran.code == 4
    assert "the connection was refused" in " ".join(ran.out.split())
    assert "0 of 1 package checked" in ran.out


def test_an_index_that_knows_nothing_is_not_all_clear(
    capsys: pytest.CaptureFixture[str], index: IndexServer
) -> None:
    index.fail("*", Status(404))
    ran = check(capsys, index.url)
    assert ran.code == 1
    assert "no index has a project named alpha" in ran.out


def test_one_of_two_indexes_fails_for_one_project(
    capsys: pytest.CaptureFixture[str], index: IndexServer
) -> None:
    with IndexServer() as other:
        other.fail("/simple/beta/", Status(403))
        ran = check(capsys, index.url, f"--extra-index-url={other.url}", "--format=json")
        assert ran.code == 0
        assert any("asked for beta" in reason and other.base_url in reason for _, reason in gaps(ran))
        assert check(capsys, index.url, f"--extra-index-url={other.url}", "--strict").code == 4


def test_a_good_page_of_50_megabytes(
    capsys: pytest.CaptureFixture[str], index: IndexServer, tmp_path: Path
) -> None:
    page = {
        "meta": {"api-version": "1.1"},
        "name": "beta",
        "_more": "x" * 50_000_000,
        "files": [
            {"filename": "beta-1.0-py3-none-any.whl", "url": f"{index.files_url}beta-1.0-py3-none-any.whl"}
        ],
    }
    index.serve("/simple/beta/", json.dumps(page), content_type="application/vnd.pypi.simple.v1+json")
    ran = check(capsys, index.url, "--timeout=5", "--strict")
    assert ran.code == 0
    assert "2 of 2 packages checked" in ran.out


# ---------------------------------------------------------------------------------------------- the metadata


def wheel_of(folder: Path, members: dict[str, bytes]) -> Path:
    """Writes a wheel of beta 2.0 with these members alone."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "beta-2.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "members, reason",
    [
        ({"beta/__init__.py": b""}, "holds no .dist-info folders"),
        ({"beta-2.0.dist-info/WHEEL": b""}, "holds no METADATA files"),
        ({"beta-2.0.dist-info/METADATA": b"M" * 20_000_000}, "the METADATA of beta-2.0-py3-none-any.whl has"),
        ({"beta-2.0.dist-info/METADATA": b""}, "is not core metadata"),
        ({"other-2.0.dist-info/METADATA": b"Name: other"}, "holds the metadata of another project"),
    ],
    ids=["no dist-info", "no METADATA", "huge", "empty", "another's"],
)
@pytest.mark.parametrize("ranges", [Ranges.HONOURED, Ranges.IGNORED], ids=["ranges", "no ranges"])
def test_a_wheel_without_readable_metadata(
    capsys: pytest.CaptureFixture[str],
    index: IndexServer,
    folder: Path,
    tmp_path: Path,
    members: dict[str, bytes],
    reason: str,
    ranges: Ranges,
) -> None:
    index.offers.ranges = ranges
    index.add(wheel_of(tmp_path / "bad", members), core_metadata=False, requires_python="")
    (folder / "requirements.txt").write_text("alpha==1.0\nbeta==2.0\n")
    ran = check(capsys, index.url, "--format=json")
    assert ran.code == 0
    assert gaps(ran)[0][0] == "beta"
    assert reason in gaps(ran)[0][1]
    assert document(ran)["coverage"] | {"gaps": []} == {"packages": 2, "checked": 1, "gaps": []}
    assert check(capsys, index.url, "--strict").code == 4


@pytest.mark.parametrize("ranges", list(Ranges), ids=lambda ranges: ranges.value)
def test_metadata_that_is_not_utf8_on_any_server(
    capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path, tmp_path: Path, ranges: Ranges
) -> None:
    index.offers.ranges = ranges
    text = metadata_text_of("beta", "2.0", headers=[("Author", "Ren\xe9"), ("Summary", "caf\xe9")])
    wheel = wheel_of(tmp_path / "bad", {"beta-2.0.dist-info/METADATA": text.encode("latin-1")})
    index.add(wheel, core_metadata=False, requires_python="")
    (folder / "requirements.txt").write_text("alpha==1.0\nbeta==2.0\n")
    ran = check(capsys, index.url, "--strict")
    assert ran.code == 0
    assert "2 of 2 packages checked" in ran.out


@pytest.mark.parametrize("fault", [Status(500), Status(404), CutShort(), Refuse(), Stall(2.0)], ids=str)
def test_a_file_that_can_not_be_fetched(
    capsys: pytest.CaptureFixture[str], index: IndexServer, fault: Fault
) -> None:
    index.offers.core_metadata = CoreMetadata.ABSENT
    index.fail("/files/beta*", fault)
    ran = check(capsys, index.url, "--format=json")
    assert ran.code == 0
    assert [package for package, _ in gaps(ran)] == ["beta"]
    assert check(capsys, index.url, "--strict").code == 4


# ------------------------------------------------------------------------------------------ cache and process


def test_a_cache_folder_that_can_not_be_written(
    capsys: pytest.CaptureFixture[str], index: IndexServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = check(capsys, index.url, f"--cache-dir={tmp_path / 'file' / 'cache'}")
    assert ran.code == 0
    assert ran.err.startswith("warning: the cache can't be written: ")
    assert "2 of 2 packages checked" in ran.out
    blocked = f"--cache-dir={tmp_path / 'file' / 'cache'}"
    assert (
        check(capsys, index.url, blocked, "--strict", "--quiet").code == 0
    )  # it costs nothing of the answer


def started(args: Sequence[str], folder: Path) -> "subprocess.Popen[bytes]":
    """Starts a run as a user would."""
    command = [sys.executable, "-m", "driftcheck", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)


def test_two_processes_on_one_cold_cache(
    capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path, tmp_path: Path
) -> None:
    names = [f"package{number}" for number in range(20)]
    for name in names:
        index.add(build_wheel(tmp_path / "dist", name, "1.0", requires=["beta"]))
    (folder / "requirements.txt").write_text("".join(f"{name}==1.0\n" for name in names))
    args = arguments(index.url, "--format=json", "--strict", "--timeout=20")
    runs = [started(args, folder) for _ in range(2)]
    ends = [process.communicate(timeout=60) for process in runs]
    assert [(process.returncode, err) for process, (_, err) in zip(runs, ends, strict=True)] == [(0, b"")] * 2
    one, other = ({**json.loads(out), "as_of": ""} for out, _ in ends)
    assert one == other
    index.forget()
    ran = check(capsys, index.url, "--offline", "--format=json", "--strict")
    assert {**document(ran), "as_of": ""} == one
    assert index.count() == 0


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")
def test_an_interrupt_leaves_the_cache_whole(
    capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path, tmp_path: Path
) -> None:
    index.fail("/simple/beta/", Stall(20.0), times=1)
    process = started(arguments(index.url, "--timeout=30"), folder)
    deadline = time.monotonic() + 30
    while not index.count("/simple/beta/") and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (130, b"", b"nothing was checked: interrupted\n")
    assert not list((tmp_path / "cache").rglob("*.tmp"))
    index.forget()
    assert check(capsys, index.url, "--strict", "--timeout=5").code == 0
    assert index.count("/simple/alpha/") == 0  # the first run kept what it had


# ------------------------------------------------------------------------------------------------- secrets


def with_login(url: str, login: str = f"user:{SECRET}") -> str:
    """Puts a login into a URL."""
    return url.replace("://", f"://{login}@")


def assert_secret_is_nowhere(ran: Ran, *folders: Path) -> None:
    """Looks for the password in what was printed, and in every file of the folders and every file's name."""
    assert SECRET not in ran.out + ran.err
    for folder in folders:
        for path in folder.rglob("*"):
            assert SECRET not in str(path)
            assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("form", ["terminal", "json"])
@pytest.mark.parametrize("fault", [None, *(fault for fault, _ in PAGE_FAULTS[:9])], ids=str)
def test_a_password_in_the_index_url_is_never_shown(
    capsys: pytest.CaptureFixture[str], index: IndexServer, tmp_path: Path, fault: Fault | None, form: str
) -> None:
    index.credentials = ("user", SECRET)
    if fault is not None:
        index.fail("/simple/*", fault)
    ran = check(capsys, with_login(index.url), "-v", f"--format={form}")
    assert ran.code == (0 if fault is None else 4)
    assert_secret_is_nowhere(ran, tmp_path / "cache")
    assert_secret_is_nowhere(run(capsys, "cache", "show", "--cache-dir=../cache"))


@pytest.mark.parametrize(
    "login", [f"user:{SECRET}", f"user:x@{SECRET}", f"{SECRET}:", SECRET, f"us%40er:{SECRET}"]
)
@pytest.mark.parametrize("host", ["127.0.0.1:1", "127.0.0.1:port", "[::1", "no such host", ""])
def test_logins_of_any_shape_before_hosts_of_any_shape(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, login: str, host: str
) -> None:
    url = f"http://{login}@{host}/simple/"
    (folder / "requirements.txt").write_text(f"alpha==1.0\nbeta @ {url}beta-1.0-py3-none-any.whl\n")
    ran = check(capsys, url, f"--extra-index-url={url}", f"--find-links={url}", "-v")
    assert ran.code in (1, 4)
    assert_secret_is_nowhere(ran, tmp_path / "cache")
    assert_secret_is_nowhere(check(capsys, url, f"--find-links={url}", "--format=json", "-v"))


def test_a_password_in_a_requirements_file_is_never_shown(
    capsys: pytest.CaptureFixture[str],
    index: IndexServer,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    place = index.base_url.removeprefix("http://")
    lines = [
        f"--extra-index-url http://user:{SECRET}@127.0.0.1:1/simple/",
        "--extra-index-url http://user:${TOKEN}@127.0.0.1:1/simple2/",
        f"--find-links http://user:{SECRET}@127.0.0.1:1/links/",
        "--find-links=http://user:${TOKEN}@127.0.0.1:1/links2/",
        "alpha==1.0",
        f"gamma @ http://user:{SECRET}@{place}/files/gamma-1.0-py3-none-any.whl",
        f"http://user:${{TOKEN}}@{place}/files/delta-1.0-py3-none-any.whl",
        f"http://user:{SECRET}@{place}/files/what.whl",
        f"http://user:{SECRET}@{place}/files/what",
        f"git+https://user:{SECRET}@git.example/epsilon.git@main#egg=epsilon",
        "git+https://${TOKEN}@git.example/zeta.git#egg=zeta",
        f"-e git+https://user:{SECRET}@git.example/eta.git",
        f"-r https://user:{SECRET}@files.example/more.txt",
        f"alpha==1.0 --index-url=https://user:{SECRET}@index.example/simple",
        f"--index-url https://user:{SECRET}@index.example/simple stray words",
        f"--no-such-option https://user:{SECRET}@index.example/",
        f"alpha=1 # https://user:{SECRET}@index.example/",
        f"theta[ @ https://user:{SECRET}@index.example/theta.whl",
    ]
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n")
    for more in ((), ("-v",), ("--format=json",)):
        ran = check(capsys, index.url, *more)
        assert ran.code == 1
        assert_secret_is_nowhere(ran, tmp_path / "cache")


def test_a_password_in_a_redirect_is_never_shown(
    capsys: pytest.CaptureFixture[str], index: IndexServer, tmp_path: Path
) -> None:
    index.fail("/simple/alpha/", Redirect(f"http://user:{SECRET}@127.0.0.1:1/simple/alpha/"))
    index.fail("/simple/beta/", Redirect(with_login(f"{index.base_url}/else/")))
    ran = check(capsys, index.url, "-v")
    assert ran.code == 4
    assert_secret_is_nowhere(ran, tmp_path / "cache")


def test_a_password_in_the_configuration_is_never_shown(
    capsys: pytest.CaptureFixture[str], index: IndexServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"http://user:{SECRET}@127.0.0.1:1/simple/")
    monkeypatch.setenv("UV_FIND_LINKS", f"http://user:{SECRET}@127.0.0.1:1/links/")
    assert_secret_is_nowhere(check(capsys, index.url, "-v"))
    for line in (
        f'timeout = "http://user:{SECRET}@index.example/"',
        f'select = ["http://user:{SECRET}@index.example/"]',
        f'extra-index-url = "http://user:{SECRET}@index.example/"',
        f'index-url = "http://user:{SECRET}@index.example/',
        f'format = "http://user:{SECRET}@index.example/"',
    ):
        (folder / "driftcheck.toml").write_text(line)
        ran = check(capsys, index.url, "-v")
        assert ran.code == 2
        assert_secret_is_nowhere(ran)
