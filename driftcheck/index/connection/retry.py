"""When to try again, and after how long: exponential back-off with jitter, and the server's own wish."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
LONGEST_PAUSE_S = 30.0
_FIRST_PAUSE_S = 0.25
_LONGEST_OWN_PAUSE_S = 8.0


class PassingFaultError(Exception):
    """Something that may well be gone at the next try; never leaves `index/`."""

    def __init__(
        self, what: str, *, hint: str | None = None, pause_s: float | None = None, is_host_down: bool = False
    ) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.pause_s = pause_s
        """What the server asks for with `Retry-After`; `None` if it does not ask."""
        self.is_host_down = is_host_down
        """Whether no connection came about, so that other URLs of the host have no better chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how patiently."""

    retries: int = 4
    """After the first try."""
    first_pause_s: float = _FIRST_PAUSE_S
    chance: Callable[[], float] = random.random
    """Gives the jitter, from 0 to 1."""

    def pause_s(self, attempt: int, fault: PassingFaultError) -> float:
        """Return how long to wait after the failed try number `attempt`, counted from 0."""
        doubled: float = self.first_pause_s * 2.0**attempt
        own = min(doubled, _LONGEST_OWN_PAUSE_S) * (0.5 + self.chance() / 2)
        return own if fault.pause_s is None else min(max(own, fault.pause_s), LONGEST_PAUSE_S)


def seconds_of_retry_after(value: str | None, *, now: float) -> float | None:
    """Return the seconds that a `Retry-After` asks for (RFC 9110 10.2.3: number or date), `None` if unclear.

    Args:
        value: The header.
        now: Seconds since the epoch.
    """
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - heavy, and dates are rare

    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
