"""A requirements file means what pip takes it to mean; what pip refuses is a fault that names its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftcheck.model.errors import InputError
from driftcheck.model.location import Location
from driftcheck.model.project import FormatControl, Hash, InputFile
from driftcheck.model.requirement_source import FromArchive, FromFolder, FromIndex, FromVcs
from tests.readers.reading import read, read_text

DIGEST = "ab" * 32


@pytest.mark.parametrize(
    "line, name, specifier, extras, marker",
    [
        ("Flask==1.1.2", "flask", "==1.1.2", (), None),
        ("flask", "flask", "", (), None),
        ("foo.bar_baz == 1.0 # why", "foo-bar-baz", "==1.0", (), None),
        ("a>=1,<2,!=1.5", "a", "!=1.5,<2,>=1", (), None),
        ("a (>=1)", "a", ">=1", (), None),
        ("a[Two, one_x]~=1.4", "a", "~=1.4", ("one-x", "two"), None),
        ("a===1.0-custom", "a", "===1.0-custom", (), None),
        ("a==1.*;python_version<'3.9'", "a", "==1.*", (), 'python_version < "3.9"'),
        ("a; ", "a", "", (), None),
        ("a==1.0+local.7", "a", "==1.0+local.7", (), None),
    ],
)
def test_ordinary_requirements(
    tmp_path: Path, line: str, name: str, specifier: str, extras: tuple[str, ...], marker: str | None
) -> None:
    project = read_text(tmp_path, line)
    (declaration,) = project.declarations
    assert declaration.name == name
    assert str(declaration.specifier) == specifier
    assert declaration.extras == extras
    assert (str(declaration.marker) if declaration.marker else None) == marker
    assert declaration.source == FromIndex()
    assert declaration.location == Location(path="requirements.txt", line=1)
    assert not project.faults
    assert not project.gaps


@pytest.mark.parametrize(
    "line, message",
    [
        ("<<<<<<< HEAD", "left over from a merge"),
        ("=======", "left over from a merge"),
        (">>>>>>> 1a2b3c4 (Update)", "left over from a merge"),
        ("======== a title", "expected package name"),
        ("a=>1.0", "=> is not an operator; did you mean >= ?"),
        ("a =< 1.0; python_version >= '3.8'", "=< is not an operator; did you mean <= ?"),
        ("_libgcc_mutex==0.1", "expected package name"),
        ("a>=1.*", ".* suffix can only be used with"),
        ("a==1.0-custom", "expected"),
        ("a=1.0", "= is not an operator"),
        ("a==1 b==2", "expected"),
        ("pytest >= 2.0.0 [tests]", "expected"),
        ("a; python_version", "not a marker"),
        ("some/path", "looks like a path"),
        ("a --frobnicate", "no option --frobnicate"),
        ("a --install-option=x", "no longer has the option"),
        ("a --hash=md5:abc", "sha256, sha384, sha512, not 'md5'"),
        ("a --hash=abc", "an algorithm and a digest"),
        ("a --hash='x", "no closing quotation"),
        ("-r", "-r needs a value"),
        ("--pre=yes", "--pre takes no value"),
        ("--no-binary -x", "--no-binary needs a value"),
        ("--no", "could be --no-binary, --no-index, --no-require-hashes"),
        ("https://index.example/a-1.tar.gz#egg=a==1", "bare project name"),
        ("https://index.example/a-1.whl", "not a wheel's file name"),
        ("-e a", "takes a folder or the URL"),
        ("-e git+https://git.example/a", "needs the project's name"),
        ("-e git@git.example:me/a.git#egg=a", "write git+ssh://user@host/path"),
        ("-e ../a#egg=a", "no #egg= behind a path"),
        ("-e a @ https://index.example/a-1.tar.gz", "needs quotes"),
        ("-e 'a @ https://index.example/a-1.tar.gz'", "takes a folder or the URL"),
        ("http://[x/a.zip", "is not a URL"),
        ("-r absent.txt", "-r: there is no file absent.txt"),
        ("-c absent.txt", "-c: there is no file absent.txt"),
        ("-r .", "is not a file"),
        (f"a; {'(' * 500}", "parentheses"),
        (f"a; {'x' * 5000}", "5,003 characters"),
    ],
)
def test_what_pip_refuses_is_a_fault_and_the_rest_is_read(tmp_path: Path, line: str, message: str) -> None:
    project = read_text(tmp_path, f"b==1\n{line}\nc==2")
    (fault,) = project.faults
    assert fault.location == Location(path="requirements.txt", line=2)
    assert message in fault.message
    assert fault.text == line[:200]
    assert [d.name for d in project.declarations] == ["b", "c"]


@pytest.mark.parametrize(
    "line, name, source",
    [
        ("a @ https://h.example/a-1.tar.gz", "a", FromArchive(url="https://h.example/a-1.tar.gz")),
        ("https://h.example/a-1.zip#egg=A_b", "a-b", FromArchive(url="https://h.example/a-1.zip#egg=A_b")),
        ("https://h.example/Ab-1.0-py3-none-any.whl", "ab", FromArchive(url="https://h.example/Ab-1.0-py3-none-any.whl")),
        ("a @ file:///w/a-1-py3-none-any.whl", "a", FromArchive(url="file:///w/a-1-py3-none-any.whl")),
        ("/w/a-1-py3-none-any.whl[x]", "a", FromArchive(url="file:///w/a-1-py3-none-any.whl")),
        (r"C:\w\a-1-py3-none-any.whl", "a", FromArchive(url="file:///C:/w/a-1-py3-none-any.whl")),
        ("/w/a-1.tar.gz", None, FromArchive(url="file:///w/a-1.tar.gz")),
        ("a @ git+https://h.example/a@v1", "a", FromVcs(url="git+https://h.example/a@v1")),
        ("git+ssh://git@h.example/a#egg=a", "a", FromVcs(url="git+ssh://git@h.example/a#egg=a")),
        ("-e git+https://h.example/a#egg=a", "a", FromVcs(url="git+https://h.example/a#egg=a")),
        ("-e git://h.example/a#egg=a", "a", FromVcs(url="git+git://h.example/a#egg=a")),
        ('-e "a[x] @ git+https://h.example/a"', "a", FromVcs(url="git+https://h.example/a")),
        ("a @ file:///src/a", "a", FromFolder(path="/src/a", is_editable=False)),
        ("-e file:///src/a#egg=a", "a", FromFolder(path="/src/a", is_editable=True)),
        ("/src/a", None, FromFolder(path="/src/a", is_editable=False)),
        ("-e /src/a[x]", None, FromFolder(path="/src/a", is_editable=True)),
        (r"C:\src\a", None, FromFolder(path=r"C:\src\a", is_editable=False)),
    ],
)  # fmt: skip
def test_direct_sources(
    tmp_path: Path, line: str, name: str | None, source: FromArchive | FromVcs | FromFolder
) -> None:
    project = read_text(tmp_path, line)
    assert not project.faults
    (declaration,) = project.declarations
    assert declaration.source == source
    assert declaration.name == name
    is_checkable = isinstance(source, FromArchive) and name is not None
    assert [(g.subject, g.is_package) for g in project.gaps] == (
        [] if is_checkable else [(name or line, True)]
    )


def test_relative_paths_start_at_the_working_directory_not_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "r.txt").write_text("./lib/x\n../y/a-1-py3-none-any.whl\n-e .\n")
    (tmp_path / "pyproject.toml").write_text("")
    project = read(tmp_path, "sub/r.txt")
    folder, wheel, itself = (d.source for d in project.declarations)
    assert folder == FromFolder(path=str(tmp_path / "lib" / "x"), is_editable=False)
    assert wheel == FromArchive(url=f"file://{tmp_path.parent}/y/a-1-py3-none-any.whl")
    assert itself == FromFolder(path=str(tmp_path), is_editable=True)
    assert "does not exist here" in project.gaps[0].reason
    assert "does not exist here" not in project.gaps[1].reason


def test_a_wheel_pins_its_version_and_its_fragment_is_a_hash(tmp_path: Path) -> None:
    url = f"https://h.example/a-1.2-py3-none-any.whl#sha256={DIGEST}"
    (declaration,) = read_text(tmp_path, url).declarations
    assert str(declaration.pin) == "1.2"
    assert declaration.hashes == (Hash(algorithm="sha256", digest=DIGEST),)


def test_a_folder_without_a_project_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (fault,) = read_text(tmp_path, "./lib").faults
    assert fault.message == "the folder ./lib has neither pyproject.toml nor setup.py"


def test_freeze_output(tmp_path: Path) -> None:
    text = (
        "# Editable Git install with no remote (mine==0.1)\n-e /src/mine\n"
        "-e git+https://h.example/b@0123#egg=b&subdirectory=x\nc @ file:///work/c-1.tar.gz#sha256=00\nd==4\n"
    )
    project = read_text(tmp_path, text)
    assert [(d.name, d.location.line) for d in project.declarations] == [
        (None, 2),
        ("b", 3),
        ("c", 4),
        ("d", 5),
    ]
    assert not project.faults


def test_hashes_and_continuations(tmp_path: Path) -> None:
    text = f"a==1 \\\n    --hash=sha256:{DIGEST.upper()} \\\n    --hash=sha512:cd\nb==2\n"
    project = read_text(tmp_path, text)
    first, second = project.declarations
    assert first.hashes == (Hash(algorithm="sha256", digest=DIGEST), Hash(algorithm="sha512", digest="cd"))
    assert first.text == f"a==1     --hash=sha256:{DIGEST.upper()}     --hash=sha512:cd"
    assert (second.location.line, second.hashes) == (4, ())
    assert project.claims_complete


@pytest.mark.parametrize(
    "text, is_complete",
    [
        ("a==1", False),
        ("--require-hashes\na==1", True),
        (f"a==1 --hash=sha256:{DIGEST}\nb", True),
        (f"--no-require-hashes\na==1 --hash=sha256:{DIGEST}\nb", False),
    ],
)
def test_hashes_claim_completeness(tmp_path: Path, text: str, is_complete: bool) -> None:
    assert read_text(tmp_path, text).claims_complete is is_complete


def test_no_deps_claims_completeness_and_installs_no_dependencies(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("a")
    project = read(tmp_path, "r.txt", no_deps=True)
    assert project.claims_complete
    assert not project.installs_dependencies


def test_index_options(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    text = (
        "--index-url=https://one.example/simple --extra-index-url https://two.example\n"
        "--extra-index https://three.example\n-f wheels\n--find-links https://four.example/links.html\n"
        "--trusted-host one.example --prefer-binary --pre\n--only-binary :all:\na --no-binary=B,a\n"
        "--use-feature fast-deps\nb --config-settings k=v --global-option='x y'\n"
    )
    project = read_text(tmp_path, text)
    options = project.index_options
    assert options.index_url == "https://one.example/simple"
    assert options.extra_index_urls == ("https://two.example", "https://three.example")
    assert options.find_links == (str(tmp_path / "wheels"), "https://four.example/links.html")
    assert options.trusted_hosts == ("one.example",)
    assert (options.prefer_binary, options.pre) == (True, True)
    # Behind a requirement too, for every package named: pip hands the option to its finder while parsing.
    assert options.format_control == FormatControl(
        only_binary=frozenset({":all:"}), no_binary=frozenset({"a", "b"})
    )
    assert not project.faults


def test_a_later_index_url_forgets_the_extra_indexes_before_it_as_in_pip(tmp_path: Path) -> None:
    options = read_text(tmp_path, "--extra-index-url https://x\n-i https://y\na").index_options
    assert (options.index_url, options.extra_index_urls) == ("https://y", ())


def test_no_index_silences_what_follows(tmp_path: Path) -> None:
    options = read_text(tmp_path, "-i https://x\n--no-index\n-i https://y\na").index_options
    assert (options.no_index, options.index_url) == (True, None)


def test_options_behind_a_requirement_change_nothing_else(tmp_path: Path) -> None:
    assert read_text(tmp_path, "a --pre --index-url https://x").index_options.index_url is None


@pytest.mark.parametrize(
    "line, reason",
    [
        ("--pre b==2", "pip passes over 'b==2', because it stands behind an option"),
        ("-r other.txt -r more.txt", "pip takes only the first -r of a line"),
        ("--all-releases b", "--all-releases and --only-final of b are not taken into account"),
        ("-r https://u:secret@h.example/r.txt", "-r https://****@h.example/r.txt is not read"),
    ],
)
def test_what_is_passed_over_is_a_gap(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "other.txt").write_text("c")
    (gap,) = read_text(tmp_path, f"a\n{line}").gaps
    assert gap.reason.startswith(reason)
    assert gap.location == Location(path="requirements.txt", line=2)
    assert "secret" not in repr(gap)


def test_includes_are_relative_to_their_file_and_remember_the_way(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "base.txt").write_text("-r more.txt\nb\n")
    (tmp_path / "deep" / "more.txt").write_text("c\n-c ../limits.txt")
    (tmp_path / "limits.txt").write_text("d<2\nd[x]<3\n-e /src/e\n/src/f\n")
    project = read_text(tmp_path, "a\n-rdeep/base.txt\n")
    assert [(str(d.location), d.is_constraint) for d in project.declarations] == [
        ("requirements.txt:1", False),
        ("deep/more.txt:1", False),
        ("limits.txt:1", True),
        ("limits.txt:2", True),
        ("deep/base.txt:2", False),
    ]
    assert [str(place) for place in project.constraints[0].via] == [
        "requirements.txt:2", "deep/base.txt:1", "deep/more.txt:2",
    ]  # fmt: skip
    assert [(str(f.location), f.message) for f in project.faults] == [
        ("limits.txt:2", "pip takes no extras in a constraints file"),
        ("limits.txt:3", "pip takes no -e in a constraints file"),
        ("limits.txt:4", "pip takes no constraint without a name; write `name @ URL`"),
    ]
    assert project.constraints[1].extras == ()
    assert project.inputs[0] == InputFile(path="requirements.txt", format="requirements.txt", requirements=1)
    assert [(i.path, i.requirements) for i in project.inputs[1:]] == [
        ("deep/base.txt", 1), ("deep/more.txt", 1), ("limits.txt", 2),
    ]  # fmt: skip


def test_include_cycles_end_in_a_fault(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("b\n-r requirements.txt")
    project = read_text(tmp_path, "a\n-r b.txt\n-r requirements.txt")
    assert [d.name for d in project.declarations] == ["a", "b"]
    assert [(str(f.location), f.message) for f in project.faults] == [
        ("b.txt:2", "requirements.txt includes itself, by way of this line"),
        ("requirements.txt:3", "requirements.txt includes itself, by way of this line"),
    ]


def test_a_file_included_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("b")
    assert len(read_text(tmp_path, "-r b.txt\n-r b.txt").declarations) == 1


def test_too_many_and_too_deep_includes_end_in_a_fault(tmp_path: Path) -> None:
    for number in range(1100):
        (tmp_path / f"r{number}.txt").write_text(f"a{number}\n-r r{number + 1}.txt")
    deep = read(tmp_path, "r0.txt")
    assert [f.message for f in deep.faults] == ["-r: more than 50 files include each other here"]
    (tmp_path / "wide.txt").write_text("".join(f"-r s{n}.txt\n" for n in range(1100)))
    for number in range(1100):
        (tmp_path / f"s{number}.txt").write_text("")
    wide = read(tmp_path, "wide.txt")
    assert len(wide.faults) == 100


def test_environment_variables(tmp_path: Path) -> None:
    text = "--index-url https://${USER_1}:${TOKEN}@h.example/\na @ https://${TOKEN}@h.example/a-1.zip\nb==${unset}"
    project = read_text(tmp_path, text, {"TOKEN": "secret", "USER_1": "me", "EMPTY": ""})
    assert project.index_options.index_url == "https://me:secret@h.example/"
    (declaration,) = project.declarations
    assert declaration.source == FromArchive(url="https://secret@h.example/a-1.zip")
    assert "secret" not in declaration.text + declaration.display_name
    assert project.faults[0].text == "b==${unset}"


def test_secrets_are_shown_nowhere(tmp_path: Path) -> None:
    text = "git+https://me:secret@h.example/a#egg=a\nhttps://me:secret@h.example/a.zip\nb @@ https://me:secret@h\n"
    project = read_text(tmp_path, text)
    shown = (
        repr(project.gaps)
        + repr(project.faults)
        + "".join(d.text + d.display_name for d in project.declarations)
    )
    assert "secret" not in shown
    assert len(project.faults) == 1


def test_a_binary_include_is_a_fault_and_a_binary_input_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"\x89PNG\r\n\x00\x00")
    (fault,) = read_text(tmp_path, "a\n-r x.txt").faults
    assert fault.message == "-r: x.txt does not look like a requirements file: it is not a text"
    with pytest.raises(InputError, match="does not look like a requirements file"):
        read(tmp_path, "x.txt")


@pytest.mark.parametrize(
    "line", [f"./{'x' * 3000}", f"-e ./{'x' * 3000}", f"-f ./{'x' * 3000}", f"/{'x/' * 1900}"]
)
def test_a_path_too_long_for_the_system_is_a_path_that_is_not_there(tmp_path: Path, line: str) -> None:
    project = read_text(tmp_path, f"a\n{line}")
    assert not project.faults


def test_half_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    project = read_text(tmp_path, b"# coding: utf-7\na\n./+2AA-/x\n/b+2AA-.zip\n")
    assert len(project.declarations) == 3
    repr(project).encode()


@pytest.mark.parametrize(
    "line",
    [
        "https://h.example/${TOKEN}/a.zip",
        "git+https://h.example/${TOKEN}/a",
        "-e ./${TOKEN}",
        "-r https://h.example/${TOKEN}/r.txt",
        "-r ${TOKEN}.txt",
        "--pre ${TOKEN}",
        "a --hash=${TOKEN}:x",
        "https://h.example/${TOKEN}.whl",
        "https://h.example/a.zip#egg=${TOKEN}==1",
    ],
)
def test_the_value_of_a_variable_is_shown_nowhere(tmp_path: Path, line: str) -> None:
    project = read_text(tmp_path, f"b\n{line}", {"TOKEN": "tops3cret"})
    shown = [*map(repr, project.gaps), *map(repr, project.faults)]
    assert shown
    shown += [d.text + d.display_name for d in project.declarations]
    assert "tops3cret" not in "".join(shown)
    assert "${TOKEN}" in "".join(shown)
