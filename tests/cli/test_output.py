"""Where reports go."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from driftcheck.cli.output import Destination, deliver, destinations
from driftcheck.cli.run_settings import Wishes
from driftcheck.cli.values import Value
from driftcheck.model.errors import DriftcheckError, SettingsError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wishes(**values: Value) -> Wishes:
    return Wishes(values=values)


def draw(name: str, width: int, colour: bool) -> str:
    return f"{name} {width} {colour} é\n"


def written(places: tuple[Destination, ...], **values: Value) -> None:
    deliver(places, draw, wishes(**values), {})


@pytest.mark.parametrize(
    "values, expected",
    [
        ({}, [("terminal", None)]),
        ({"format": "json"}, [("json", None)]),
        ({"format": "json", "output": ("r.json",)}, [("json", "r.json")]),
        ({"output": ("json:r.json", "terminal:-")}, [("json", "r.json"), ("terminal", None)]),
        ({"output": ("-", "json:a:b.json")}, [("terminal", None), ("json", "a:b.json")]),
        ({"output": ("./json:x", "C:x")}, [("terminal", "json:x"), ("terminal", "C:x")]),
    ],
)
def test_formats_and_files(
    folder: Path, values: Mapping[str, Value], expected: list[tuple[str, str | None]]
) -> None:
    if os.path.sep != "/" and "./json:x" in str(values):
        pytest.skip("no colons in names here")
    (folder / "json:x").touch() if "./json:x" in str(values) else None
    shown = [(p.format, None if p.path is None else str(p.path)) for p in destinations(wishes(**values))]
    assert [(f, n and n.removeprefix("./")) for f, n in shown] == expected


@pytest.mark.parametrize(
    "output, message",
    [
        (("a", "json:./a"), "two reports are to go to"),
        (("-", "json:-"), "two reports are to go to standard output"),
        (("sarif:x",), "there is no format 'sarif'"),
        (("json:",), "no file after the colon"),
        (("missing/x",), "the folder missing does not exist"),
        ((".",), r"\. is a folder"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_run(output: tuple[str, ...], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        destinations(wishes(output=output))


def test_a_link_and_its_file_are_one(folder: Path) -> None:
    (folder / "real").touch()
    (folder / "link").symlink_to("real")
    with pytest.raises(SettingsError, match="two reports"):
        destinations(wishes(output=("real", "link")))


def test_several_reports_of_one_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(destinations(wishes(output=("json:r.json", "-"))))
    assert (folder / "r.json").read_bytes() == "json 100 False é\n".encode()
    assert capsys.readouterr().out == "terminal 100 False é\n"
    assert os.listdir(folder) == ["r.json"], "no temporary file is left"  # noqa: PTH208 - hidden ones too


def test_a_file_is_replaced_and_keeps_its_mode_and_its_links(folder: Path) -> None:
    real, link = folder / "real", folder / "link"
    real.write_text("old" * 1000)
    real.chmod(0o640)
    link.symlink_to("real")
    written((Destination(format="json", path=link),))
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "json 100 False é\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_device_is_written_and_not_replaced() -> None:
    written((Destination(format="json", path=Path(os.devnull)),))
    assert not Path(os.devnull).is_file()


def test_a_folder_that_went_away_is_a_failure(folder: Path) -> None:
    with pytest.raises(DriftcheckError, match="the report can't be written to gone/x"):
        written((Destination(format="json", path=Path("gone/x")),))
