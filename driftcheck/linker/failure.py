"""The exception of the executed program, with the way that leads to it."""

from __future__ import annotations

from dataclasses import dataclass

from driftcheck.linker.values import Value

Cause = tuple[str, int, str, str]
"""What tells one failing reference from another: (file, line, module, symbol)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a distribution."""

    dist: str | None
    path: str
    line: int


class Failure(Exception):
    """An exception that the executed program raises.

    Args:
        exception: its class.
        reason: the check that it belongs to, or `raised` for one that the code itself raises.
        trace: outermost first; the last place is where it is raised.
        soft: it may drive handlers, but is never reported.
        cause: the failure that was being handled when this one was raised.
    """

    def __init__(
        self,
        exception: Value,
        message: str,
        *,
        reason: str,
        module: str | None,
        symbol: str | None,
        provider: str | None,
        trace: tuple[Place, ...],
        soft: bool,
        cause: Failure | None,
    ) -> None:
        super().__init__(message)
        self.exception = exception
        self.message = message
        self.reason = reason
        self.module = module
        self.symbol = symbol
        self.provider = provider
        self.trace = trace
        self.soft = soft
        self.cause = cause
        self.is_fall_through = False
        self.handled_in = ""
        """The path of the module whose handler caught it last."""
        self.value: Value = None
        """The exception object, if the code made one."""

    @property
    def identity(self) -> Cause:
        """What tells it from other failures, whatever way led there."""
        last = self.trace[-1] if self.trace else Place(None, "", 0)
        return (last.path, last.line, self.module or "", self.symbol or "")

    def at(self, outer: tuple[Place, ...], module_path: str) -> Failure:
        """Return the same failure met on another way, from the import of `module_path` on."""
        start = next((i for i, place in enumerate(self.trace) if place.path == module_path), 0)
        again = Failure(
            self.exception,
            self.message,
            reason=self.reason,
            module=self.module,
            symbol=self.symbol,
            provider=self.provider,
            trace=outer + self.trace[start:],
            soft=self.soft,
            cause=self.cause,
        )
        again.is_fall_through = self.is_fall_through
        again.value = self.value
        return again
