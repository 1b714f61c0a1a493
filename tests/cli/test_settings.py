"""The table of settings."""

from pathlib import Path

import pytest

from docs import generate_configuration_page
from driftcheck.cli.settings import SETTINGS, Kind, Setting

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == generate_configuration_page.page(), (
        "run: python docs/generate_configuration_page.py"
    )


def test_no_two_settings_share_a_spelling() -> None:
    spellings = [
        part for s in SETTINGS for part in (s.option, s.negative, s.short, s.also, s.variable) if part
    ]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_a_setting_can_be_shown_anywhere(setting: Setting) -> None:
    assert setting.help.isascii(), "--help must survive any terminal"
    assert setting.help.endswith(".")
    assert (setting.kind is Kind.CHOICE) == (setting.choices is not None)
    assert bool(setting.metavar) == (setting.kind is not Kind.FLAG)
