"""Read the `DRIFTCHECK_…` environment variables."""

from __future__ import annotations

from collections.abc import Mapping

from driftcheck.cli.settings import SETTINGS, Setting
from driftcheck.cli.values import Value, from_text, from_texts
from driftcheck.support.nearest import nearest

_PREFIX = "DRIFTCHECK_"


def read_environment(environment: Mapping[str, str], settings: tuple[Setting, ...]) -> dict[str, Value]:
    """Return {key: value} of every setting that a variable sets; lists are separated by spaces, as pip's are.

    An empty variable says nothing, so that one can be switched off without being unset.

    Raises:
        SettingsError: a variable means nothing.
    """
    values: dict[str, Value] = {}
    for setting in settings:
        text = environment.get(setting.variable, "").strip()
        if text and setting.is_in_file:
            read_list = setting.kind.is_list
            values[setting.key] = (
                from_texts(setting, text.split(), setting.variable)
                if read_list
                else from_text(setting, text, setting.variable)
            )
    return values


def likely_typos(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return a warning for each variable that looks like a mistyped setting; others are somebody else's."""
    known = {setting.variable for setting in SETTINGS if setting.is_in_file}
    warnings = []
    for name in sorted(environment):
        if name.startswith(_PREFIX) and name not in known:
            guess = nearest(
                name.removeprefix(_PREFIX).lower(), [k.removeprefix(_PREFIX).lower() for k in known]
            )
            if guess:
                warnings.append(f"{name} is no setting; did you mean {_PREFIX}{guess.upper()}?")
    return tuple(warnings)
