"""`driftcheck explain CHECK`."""

import pytest

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
