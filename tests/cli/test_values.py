"""Values of settings, as text and as TOML."""

from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from driftcheck.cli.settings import SETTINGS, Setting
from driftcheck.cli.values import Value, from_text, from_texts, from_toml
from driftcheck.model.errors import SettingsError

KEYS = {setting.key: setting for setting in SETTINGS}
END_OF_DAY = datetime(2022, 5, 1, 23, 59, 59, tzinfo=timezone.utc)


def setting(key: str) -> Setting:
    return KEYS[key]


@pytest.mark.parametrize(
    "key, text, value",
    [
        ("strict", "1", True),
        ("strict", "Off", False),
        ("timeout", "2.5", 2.5),
        ("retries", "0", 0),
        ("fail-on", "NEVER", "never"),
        ("as-of", "2022-05-01", END_OF_DAY),
        ("as-of", "2022-05-01T12:00:00", END_OF_DAY.replace(hour=12, minute=0, second=0)),
        ("as-of", "2022-05-01T12:00:00Z", END_OF_DAY.replace(hour=12, minute=0, second=0)),
        ("as-of", "2022-05-01T12:00:00+02:00", END_OF_DAY.replace(hour=10, minute=0, second=0)),
        ("index-url", "https://index.example/simple", "https://index.example/simple"),
    ],
)
def test_text_that_means_something(key: str, text: str, value: Value) -> None:
    assert from_text(setting(key), text, "here") == value


@pytest.mark.parametrize(
    "key, text, message",
    [
        ("strict", "perhaps", "here: expected true or false (1 or 0), found 'perhaps'"),
        ("timeout", "soon", "here: expected a number of seconds above 0, found 'soon'"),
        ("timeout", "0", "here: expected a number of seconds above 0, found 0.0"),
        ("timeout", "nan", "here: expected a number of seconds above 0, found nan"),
        ("timeout", "inf", "here: expected a number of seconds above 0, found inf"),
        ("retries", "-1", "here: expected a whole number, 0 or more, found -1"),
        ("retries", "1.5", "here: expected a whole number, 0 or more, found '1.5'"),
        ("fail-on", "eror", "here: expected error or warning or note or never, found 'eror'"),
        ("as-of", "1st of May", "here: expected a date (2022-05-01) or an ISO 8601 time, found '1st of May'"),
        ("as-of", "2022-13-01", "here: expected a date (2022-05-01) or an ISO 8601 time, found '2022-13-01'"),
        (
            "as-of",
            "0001-01-01T00:00:00+10:00",
            "here: expected a date (2022-05-01) or an ISO 8601 time, found ",
        ),
        ("index-url", " ", "here: expected a string, found ' '"),
        ("cert", "a\0b", r"here: expected a path, found 'a\x00b'"),
    ],
)
def test_text_that_means_nothing(key: str, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        from_text(setting(key), text, "here")
    assert caught.value.message.startswith(message)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        from_text(setting("timeout"), "https://me:secret@index.example/", "here")
    assert "secret" not in caught.value.message


def test_a_list_may_have_commas_where_names_can_not() -> None:
    assert from_texts(setting("only-binary"), ["numpy, pandas", ":all:"], "here") == (
        "numpy",
        "pandas",
        ":all:",
    )
    assert from_texts(setting("extra-index-url"), ["https://a.example/?x=1,2"], "here") == (
        "https://a.example/?x=1,2",
    )
    with pytest.raises(SettingsError, match="expected a list of strings, found ''"):
        from_texts(setting("only-binary"), ["numpy,,pandas"], "here")


@pytest.mark.parametrize(
    "key, given, value",
    [
        ("strict", False, False),
        ("timeout", 3, 3),
        ("retries", 3, 3),
        ("as-of", date(2022, 5, 1), END_OF_DAY),
        ("as-of", datetime(2022, 5, 1, 23, 59, 59), END_OF_DAY),  # noqa: DTZ001 - TOML's local time
        ("as-of", "2022-05-01", END_OF_DAY),
        ("fail-on", "note", "note"),
        ("select", ["a", "b"], ("a", "b")),
        ("cert", "ca.pem", "/project/ca.pem"),
        ("cert", "/etc/ca.pem", "/etc/ca.pem"),
        ("constraint", ["c.txt"], ("/project/c.txt",)),
        ("find-links", ["wheels", "https://index.example/", "file:///x"], (
            "/project/wheels", "https://index.example/", "file:///x",
        )),
    ],
)  # fmt: skip
def test_toml_that_means_something(key: str, given: object, value: Value) -> None:
    assert from_toml(setting(key), given, "here", folder=Path("/project")) == value


@pytest.mark.parametrize(
    "key, given",
    [
        ("strict", 1),
        ("strict", "true"),
        ("timeout", True),
        ("timeout", "3"),
        ("retries", 1.5),
        ("as-of", 2022),
        ("select", "yanked-release"),
        ("select", [1]),
        ("select", [["a"]]),
        ("cert", 1),
        ("cert", ["a"]),
        ("index-url", {"url": "x"}),
    ],
)
def test_toml_of_another_type_is_refused(key: str, given: object) -> None:
    with pytest.raises(SettingsError, match="here: expected "):
        from_toml(setting(key), given, "here", folder=Path("/project"))
