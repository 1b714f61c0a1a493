"""`driftcheck explain CHECK`."""

import pytest

from driftcheck.checks import check_names
from tests.cli.running import run


def test_a_check_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "explain", "yanked-release")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("yanked-release (warning)\n")
    assert "When it can be wrong" in ran.out


@pytest.mark.parametrize(
    "args, err",
    [
        (("yanked-relase",), "nothing was explained: there is no check 'yanked-relase'\n  did you mean"),
        (("../checks",), "nothing was explained: there is no check '../checks'\n"),
        ((), "nothing was explained: no check was named\n  known are conflicting-requirements, "),
    ],
)  # fmt: skip
def test_an_unknown_one_is_met_with_the_nearest(
    capsys: pytest.CaptureFixture[str], args: tuple[str, ...], err: str
) -> None:
    ran = run(capsys, "explain", *args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(err)


@pytest.mark.parametrize("name", check_names())
@pytest.mark.parametrize("width", [40, 80, 300])
def test_paragraphs_fit_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    whole = run(capsys, "explain", name).out
    monkeypatch.setenv("COLUMNS", str(width))
    ran = run(capsys, "explain", name)
    assert ran.out.split() == whole.split()
    too_long = [line for line in ran.out.splitlines() if len(line) > min(width, 100)]
    assert all(line.startswith("    ") or len(line.removeprefix("- ").split()) == 1 for line in too_long)


def test_list_items_hang_and_examples_stay(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    out = run(capsys, "explain", "conflicting-requirements").out
    assert "\n    flask==2.0.1\n    werkzeug==1.0.1\n" in out
    assert "\n- pip's resolver,\n  https://pip.pypa.io/" in out
