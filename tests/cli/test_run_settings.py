"""The command line, the environment and the file become `Settings`."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from driftcheck.cli.command import Typed
from driftcheck.cli.run_settings import cache_folder, merge_wishes, run_settings
from driftcheck.cli.settings import CHECK, DRIFT
from driftcheck.model.errors import SettingsError
from driftcheck.model.finding import Confidence, Severity
from driftcheck.model.settings import InputWish, KeyringProvider, Settings, TargetWish


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory that is a repository."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(environment: Mapping[str, str] | None = None, **typed: str | bool | tuple[str, ...]) -> Settings:
    return settings_of(dict(typed), environment)


def settings_of(given: Typed, environment: Mapping[str, str] | None = None) -> Settings:
    wishes = merge_wishes(given, command=CHECK, environment=environment or {})
    return run_settings(given, wishes, environment=environment or {})


def test_nothing_said_is_this_folder_and_this_machine() -> None:
    made = settings({"HOME": "/home/me"})
    assert made.inputs == (InputWish(requirements=(".",)),)
    assert made.targets == (TargetWish(),)
    assert made.fail_on is Severity.ERROR
    assert made.cache.folder is not None
    assert made.environment == {"HOME": "/home/me"}
    assert made.connection.timeout_s is None


def test_every_path_is_an_environment_and_all_requirements_together_are_one() -> None:
    made = settings(paths=("a", "b", "a"), requirement=("r1", "r2"), constraint=("c",))
    assert made.inputs == (
        InputWish(requirements=("a",), constraints=("c",)),
        InputWish(requirements=("b",), constraints=("c",)),
        InputWish(requirements=("r1", "r2"), constraints=("c",)),
    )


def test_standard_input_is_read_once() -> None:
    with pytest.raises(SettingsError, match="- is given twice"):
        settings(paths=("-",), requirement=("-",))


def test_every_python_on_every_platform() -> None:
    made = settings(python_version=("3.9", "3.12"), python_platform=("linux", "windows"))
    assert [(t.python_version, t.platform) for t in made.targets] == [
        ("3.9", "linux"), ("3.9", "windows"), ("3.12", "linux"), ("3.12", "windows"),
    ]  # fmt: skip


def test_the_nearest_source_wins(folder: Path) -> None:
    (folder / "driftcheck.toml").write_text(
        'fail-on = "note"\nretries = 1\nstrict = true\nignore = ["yanked-release"]\n'
        'min-confidence = "medium"\n'
    )
    environment = {"DRIFTCHECK_RETRIES": "2", "DRIFTCHECK_IGNORE": "missing-wheel"}
    made = settings(environment, retries="3", strict=False)
    assert made.connection.retries == 3
    assert not made.is_strict
    assert made.ignore == ("missing-wheel",)
    assert made.fail_on is Severity.NOTE
    assert made.min_confidence is Confidence.MEDIUM
    assert settings(environment).connection.retries == 2
    assert settings().connection.retries == 1


def test_every_option_arrives(folder: Path) -> None:
    made = settings(
        no_deps=True, index_url="https://a.example/", extra_index_url=("https://b.example/",),
        find_links=("wheels", "https://c.example/"), trusted_host=("d.example",), cert="ca.pem",
        client_cert="me.pem", keyring_provider="import", timeout="2", retries="0",
        only_binary=(":all:", "Six"), no_binary=("numpy", ":none:", "Pandas"), prefer_binary=True, pre=True,
        require_hashes=True, as_of="2022-05-01", refresh=True, cache_dir="kept", select=("yanked-release",),
        ignore=("missing-wheel:My_Package",), fail_on="never", strict=True,
    )  # fmt: skip
    options = made.index_options
    assert made.no_deps
    assert options.index_url == "https://a.example/"
    assert options.extra_index_urls == ("https://b.example/",)
    assert options.find_links == (str(folder / "wheels"), "https://c.example/")
    assert options.trusted_hosts == ("d.example",)
    assert options.format_control.only_binary == {":all:", "six"}
    assert options.format_control.no_binary == {"pandas"}
    assert (options.prefer_binary, options.pre, options.require_hashes) == (True, True, True)
    assert made.connection.cert == "ca.pem"
    assert made.connection.client_cert == "me.pem"
    assert made.connection.keyring_provider is KeyringProvider.IMPORT
    assert (made.connection.timeout_s, made.connection.retries) == (2.0, 0)
    assert made.as_of is not None
    assert made.as_of.isoformat() == "2022-05-01T23:59:59+00:00"
    assert made.cache.folder == folder / "kept"
    assert made.cache.refresh
    assert (made.select, made.ignore) == (("yanked-release",), ("missing-wheel:my-package",))
    assert made.fail_on is None
    assert made.is_strict


@pytest.mark.parametrize(
    "typed, message",
    [
        ({"select": ("yanked-relase",)}, "there is no check 'yanked-relase'"),
        ({"ignore": ("yanked-relase:six",)}, "there is no check 'yanked-relase'"),
        ({"ignore": ("yanked-release:",)}, "names no package"),
        ({"offline": True, "no_cache": True}, "--no-cache takes it away"),
        ({"offline": True, "refresh": True}, "--offline forbids it"),
        ({"no_index": True, "index_url": "https://a.example/"}, "--index-url names one"),
        ({"cert": ""}, "--cert: expected a path"),
    ],
)
def test_what_cannot_be_is_refused(typed: Typed, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        settings_of(typed)


def test_an_unknown_check_is_met_with_the_nearest() -> None:
    with pytest.raises(SettingsError) as caught:
        settings(select=("yanked",))
    assert caught.value.hint == "did you mean 'yanked-release'?"


def test_drift_takes_no_settings_of_check(folder: Path) -> None:
    (folder / "driftcheck.toml").write_text('fail-on = "note"\nstrict = true\n')
    wishes = merge_wishes({"since": "2021-06-01"}, command=DRIFT, environment={})
    assert set(wishes.values) == {"strict", "since"}
    assert wishes.instant("since") is not None


def test_the_cache_is_where_the_user_says(folder: Path) -> None:
    wishes = merge_wishes({"cache_dir": "~/kept"}, command=CHECK, environment={})
    assert cache_folder(wishes) == Path.home() / "kept"
