"""Ask the keyring for a password, as pip's `--keyring-provider` does: through Python or by its command."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence

from driftcheck.model.settings import KeyringProvider

PATIENCE_S = 20.0
"""For one question; a keyring may ask the user to unlock it."""


class KeyringFailedError(Exception):
    """The keyring was there and went wrong; never leaves `index/`."""


def ask_keyring(
    provider: KeyringProvider,
    services: Sequence[str],
    username: str | None,
    *,
    environment: Mapping[str, str],
    patience_s: float = PATIENCE_S,
) -> tuple[str, str] | None:
    """Return user name and password from the first service that has them, `None` if none has.

    Args:
        provider: Through which road.
        services: What to ask for, in order: the index URL, then its host (pip's order).
        username: From the index URL; `None` if it has none. The command can only be asked with one.
        environment: Where the command is looked for (`PATH`).
        patience_s: Seconds for each question.

    Raises:
        KeyringFailedError: it broke or did not answer in time.
    """
    if provider is KeyringProvider.DISABLED:
        return None
    if provider in {KeyringProvider.AUTO, KeyringProvider.IMPORT}:
        found, is_there = _by_import(services, username, patience_s)
        if is_there or provider is KeyringProvider.IMPORT:
            return found
    return _by_command(services, username, environment, patience_s)


def _by_import(
    services: Sequence[str], username: str | None, patience_s: float
) -> tuple[tuple[str, str] | None, bool]:
    try:
        import keyring  # noqa: PLC0415 - optional, and slow to import
    except ImportError:
        return None, False
    found: list[tuple[str, str]] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            for service in services:
                credential = keyring.get_credential(service, username)
                if credential is not None:
                    found.append((credential.username or "", credential.password or ""))
                    return
        except Exception as error:  # noqa: BLE001 - a backend is anybody's code
            failures.append(error)

    # Python code can't be stopped from outside, but it can be left behind.
    thread = threading.Thread(target=ask, name="driftcheck-keyring", daemon=True)
    thread.start()
    thread.join(patience_s)
    if thread.is_alive():
        raise KeyringFailedError(f"the keyring did not answer within {patience_s:g} s")
    if failures:
        raise KeyringFailedError(f"the keyring failed ({type(failures[0]).__name__})")
    return (found[0] if found else None), True


def _by_command(
    services: Sequence[str], username: str | None, environment: Mapping[str, str], patience_s: float
) -> tuple[str, str] | None:
    command = shutil.which("keyring", path=environment.get("PATH"))
    if command is None or username is None:
        return None
    for service in services:
        try:
            answer = subprocess.run(  # noqa: S603 - no shell, and both arguments come from the user's settings
                [command, "get", service, username],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env={**environment, "PYTHONIOENCODING": "utf-8"},
                timeout=patience_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise KeyringFailedError(f"the keyring command did not answer within {patience_s:g} s") from error
        except OSError as error:
            raise KeyringFailedError(f"the keyring command could not be run ({error.strerror})") from error
        if answer.returncode == 0:
            return username, answer.stdout.decode("utf-8", "replace").rstrip("\r\n")
    return None
