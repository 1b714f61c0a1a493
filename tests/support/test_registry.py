"""The registry takes what belongs to a family and refuses the rest."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from driftcheck.support.registry import BrokenFamilyError, load_family, load_member, member_names

NUMBERS = itertools.count()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / f"family_{next(NUMBERS)}"
    path.mkdir()
    (path / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield path
    for module in [m for m in sys.modules if m.split(".")[0] == path.name]:
        del sys.modules[module]


def add(folder: Path, module: str, name: str) -> None:
    text = f"from types import SimpleNamespace\nTHING = SimpleNamespace(name={name!r})\n"
    (folder / f"{module}.py").write_text(text)


def test_every_file_is_a_member_under_its_public_name(folder: Path) -> None:
    add(folder, "yanked_release", "yanked-release")
    add(folder, "requirements_txt", "requirements.txt")
    family = load_family(folder.name, "THING", SimpleNamespace)
    assert list(family) == ["requirements.txt", "yanked-release"]
    assert family["yanked-release"].name == "yanked-release"


def test_subpackages_and_private_files_are_not_members(folder: Path) -> None:
    (folder / "shared").mkdir()
    (folder / "shared" / "__init__.py").write_text("")
    (folder / "_shared.py").write_text("")
    assert not load_family(folder.name, "THING", SimpleNamespace)
    assert member_names(folder.name) == ()


def test_a_file_without_the_constant_is_refused(folder: Path) -> None:
    (folder / "empty.py").write_text("")
    with pytest.raises(
        BrokenFamilyError, match=r"empty must define THING, a SimpleNamespace; found NoneType"
    ):
        load_family(folder.name, "THING", SimpleNamespace)


def test_a_member_named_otherwise_than_its_file_is_refused(folder: Path) -> None:
    add(folder, "yanked_release", "yanked")
    with pytest.raises(BrokenFamilyError, match=r"yanked_release.THING is named 'yanked'"):
        load_family(folder.name, "THING", SimpleNamespace)


def test_names_are_listed_and_one_member_loaded_without_importing_the_others(folder: Path) -> None:
    add(folder, "good_one", "good-one")
    (folder / "bad_one.py").write_text("raise RuntimeError")
    assert member_names(folder.name) == ("bad-one", "good-one")
    assert load_member(folder.name, "THING", "good-one", SimpleNamespace).name == "good-one"


def test_an_unknown_name_is_a_key_error(folder: Path) -> None:
    with pytest.raises(KeyError, match="absent"):
        load_member(folder.name, "THING", "absent", SimpleNamespace)
