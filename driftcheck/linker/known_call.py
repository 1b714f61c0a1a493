"""What a function that is answered without being entered looks like."""

from __future__ import annotations

from collections.abc import Callable

from driftcheck.linker.machine import Frame, Machine
from driftcheck.linker.values import UNKNOWN, Value

Arguments = list[Value]
Keywords = dict[str, Value]
KnownCall = Callable[[Machine, Arguments, Keywords, Frame], Value]


def argument_at(arguments: Arguments, position: int) -> Value:
    """Return an argument by its position, unknown if it was not given so."""
    return arguments[position] if position < len(arguments) else UNKNOWN
