"""Every error that a caller of driftcheck can meet: what happened, where, and what to do about it."""

from __future__ import annotations

from typing import ClassVar

from driftcheck.model.exit_code import ExitCode


class DriftcheckError(Exception):
    """Something that driftcheck foresaw; `cli/` alone turns it into text and an exit code.

    Args:
        message: what happened, one sentence without a full stop.
        hint: what the user can do about it, or `None`.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.INCOMPLETE

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class InputError(DriftcheckError):
    """An input file is missing, unreadable or not what it claims to be."""

    exit_code = ExitCode.USAGE


class NothingToCheckError(DriftcheckError):
    """No input was found, or the inputs hold no requirement."""

    exit_code = ExitCode.NOTHING_TO_CHECK


class SettingsError(DriftcheckError):
    """An option or a configuration key has a value that means nothing."""

    exit_code = ExitCode.USAGE


class IndexUnavailableError(DriftcheckError):
    """An index, or a file on it, could not be fetched; the message names the URL without its password."""


class OfflineMissError(IndexUnavailableError):
    """`--offline` was given and the cache does not hold what is needed."""


class MetadataUnavailableError(DriftcheckError):
    """A distribution's metadata is absent, oversized, not UTF-8, or not to be had without building."""


class CacheError(DriftcheckError):
    """The cache folder can't be used for what was asked of it (`cache clear` on a foreign folder)."""

    exit_code = ExitCode.USAGE
