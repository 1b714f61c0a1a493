"""Execute one of several ways where it is not known which; keep what they leave alike."""

from __future__ import annotations

from collections.abc import Callable

from driftcheck.linker.failure import Failure
from driftcheck.linker.machine import Frame, LoopExit, Machine, Returned, Signal
from driftcheck.linker.values import UNKNOWN, Namespace, same


def either(machine: Machine, frame: Frame, ways: list[Callable[[], Signal]]) -> Signal:
    """Execute one of several ways, it is not known which: what they leave alike is known afterwards.

    Raises:
        Failure: every way fails.
    """
    before = dict(frame.ns)
    left: list[tuple[Signal, Namespace]] = []
    failures: list[Failure] = []
    for way in ways:
        _restore(frame.ns, before)
        machine.doubt += 1
        machine.tries += 1
        try:
            signal = way()
        except Failure as failure:
            failures.append(failure)
        else:
            left.append((signal, dict(frame.ns)))
        finally:
            machine.doubt -= 1
            machine.tries -= 1
    if not left:
        raise failures[0]
    through = [ns for signal, ns in left if signal is None]
    _restore(frame.ns, _merged(through) if through else left[0][1])
    return _joined(machine, frame, [signal for signal, _ in left])


def _restore(ns: Namespace, wanted: Namespace) -> None:
    ns.clear()
    ns.update(wanted)


def _merged(spaces: list[Namespace]) -> Namespace:
    """Join what several ways bound: a name of only some of them may be there."""
    if len(spaces) == 1:
        return spaces[0]
    out: Namespace = {}
    for space in spaces:
        for name in space:
            if name not in out:
                values = [other.get(name, UNKNOWN) for other in spaces]
                out[name] = values[0] if all(same(values[0], value) for value in values) else UNKNOWN
    return out


def _joined(machine: Machine, frame: Frame, signals: list[Signal]) -> Signal:
    """Say how the block went on: if some way left it, the rest of it is in doubt."""
    if len(signals) == 1:
        return signals[0]
    leaving = [signal for signal in signals if signal is not None]
    returns = [signal for signal in leaving if isinstance(signal, Returned)]
    if not leaving:
        return None
    if len(returns) == len(signals):
        first = returns[0].value
        return Returned(first if all(same(first, r.value) for r in returns) else UNKNOWN)
    frame.pending.extend(signal.value for signal in returns)
    if len(leaving) == len(signals):
        return next(signal for signal in leaving if isinstance(signal, LoopExit))
    machine.doubt += 1
    if returns:
        frame.doubts += 1
    else:
        frame.loop_doubts += 1
    return None
