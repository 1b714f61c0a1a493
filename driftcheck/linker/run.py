"""Put a machine together and run roots on it."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from driftcheck.linker import calls, definitions, expressions, guarded, import_statements, imports, statements
from driftcheck.linker.failure import Failure
from driftcheck.linker.machine import CallTooLongError, Executor, Machine, OutOfStepsError

_STACK_BYTES = 512 * 1024**2
_RECURSION_LIMIT = 60_000

_EXECUTORS: dict[str, Executor] = {
    "expr": statements.expression,
    "assign": statements.assignment,
    "aug": statements.augmented,
    "ann": statements.annotated,
    "import": import_statements.import_statement,
    "from": import_statements.from_statement,
    "def": definitions.function_definition,
    "class": definitions.class_definition,
    "if": statements.choice,
    "for": statements.loop,
    "while": statements.repetition,
    "try": guarded.attempt,
    "with": guarded.context,
    "raise": statements.raising,
    "return": statements.give_back,
    "del": statements.delete,
    "assert": statements.assertion,
    "global": statements.declaration,
    "break": statements.leave,
    "continue": statements.leave,
    "match": statements.pattern,
    "alias": statements.alias,
}
T = TypeVar("T")


def equip(machine: Machine) -> Machine:
    """Give a machine the meaning of every statement and expression."""
    machine.executors = _EXECUTORS
    machine.evaluators = expressions.EVALUATORS
    machine.call = calls.call
    machine.load = imports.import_module
    return machine


def import_root(machine: Machine, name: str) -> Failure | None:
    """Execute `import name` and return what it raises, `None` if nothing.

    Raises:
        OutOfStepsError: it executes more than the linker follows.
    """
    machine.steps = machine.doubt = machine.depth = machine.tries = 0
    machine.call_limit = 0
    machine.stack.clear()
    machine.handling.clear()
    try:
        imports.import_module(machine, name)
    except Failure as failure:
        return None if failure.soft else failure
    except (CallTooLongError, RecursionError) as error:
        raise OutOfStepsError from error
    return None


def with_deep_stack(work: Callable[[], T]) -> T:
    """Run something that recurses as deeply as the executed program imports and calls."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    # What is made lives as long as the run: collecting finds nothing and costs half of the time.
    collects = gc.isenabled()
    gc.disable()
    limit, size = sys.getrecursionlimit(), threading.stack_size(_STACK_BYTES)
    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
        if collects:
            gc.enable()
    if errors:
        raise errors[0]
    return results[0]
