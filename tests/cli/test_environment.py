"""The `DRIFTCHECK_…` variables."""

import pytest

from driftcheck.cli.environment import likely_typos, read_environment
from driftcheck.cli.settings import CHECK, settings_of
from driftcheck.model.errors import SettingsError


def test_every_kind() -> None:
    environment = {
        "DRIFTCHECK_FAIL_ON": "warning",
        "DRIFTCHECK_STRICT": "yes",
        "DRIFTCHECK_OFFLINE": "",
        "DRIFTCHECK_IGNORE": "yanked-release missing-wheel,outdated-release:six",
        "DRIFTCHECK_OUTPUT": "not from here",
        "PATH": "/bin",
    }
    assert read_environment(environment, settings_of(CHECK)) == {
        "fail-on": "warning",
        "strict": True,
        "ignore": ("yanked-release", "missing-wheel", "outdated-release:six"),
    }


def test_a_fault_names_the_variable() -> None:
    with pytest.raises(SettingsError, match=r"^DRIFTCHECK_RETRIES: expected a whole number"):
        read_environment({"DRIFTCHECK_RETRIES": "many"}, settings_of(CHECK))


def test_what_looks_mistyped_is_warned_about_and_what_does_not_is_somebody_elses() -> None:
    environment = {"DRIFTCHECK_STRIKT": "1", "DRIFTCHECK_ACTION_REF": "v1", "DRIFTCHECK_STRICT": "1"}
    assert likely_typos(environment) == ("DRIFTCHECK_STRIKT is no setting; did you mean DRIFTCHECK_STRICT?",)
