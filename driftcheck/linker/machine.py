"""The state of one abstract run of Python: what is imported, what is being executed, how sure it is.

The machine itself knows no statement: `statements`, `expressions`, `calls`, `attributes` and `imports` do,
and are handed to it as tables, so none of them needs to import another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from driftcheck.linker.failure import Cause, Failure, Place
from driftcheck.linker.intermediate import Block, FunctionKey, Node
from driftcheck.linker.values import UNKNOWN, Class, Module, Namespace, Value

if TYPE_CHECKING:
    from driftcheck.linker.module_tree import ModuleTree
    from driftcheck.linker.module_tree import Place as ModulePlace
    from driftcheck.linker.standard_library import StandardLibrary
    from driftcheck.linker.summary import ModuleSummary

MAX_DEPTH = 14
"""How deep functions are entered."""
MAX_DOUBTFUL_DEPTH = 3
"""The same where it is in doubt whether the call happens."""
MAX_STEPS_PER_CALL = 30_000
MAX_STEPS_PER_FUNCTION = 20_000
"""In all calls of one function together, what they call included, what they import not."""
MAX_STEPS = 1_500_000
"""Statements for one root."""

_USUAL_VARIABLES = frozenset(
    {"PATH", "HOME", "LANG", "USER", "SHELL", "LC_ALL", "TERM", "PWD", "TMPDIR", "XDG_CACHE_HOME"}
)


class OutOfStepsError(Exception):
    """A root executes more than the linker follows: it is not judged."""


@dataclass(slots=True)
class Returned:
    """A block ended with `return`."""

    value: Value


@dataclass(slots=True)
class LoopExit:
    """A block ended with `break` or `continue`."""

    is_break: bool


Signal = Returned | LoopExit | None
"""How a block ended; `None` if it ran through."""


@dataclass(eq=False, slots=True)
class Frame:
    """One scope being executed."""

    module: Module
    ns: Namespace
    local_names: frozenset[str] | None = None
    """Names that are local by being bound somewhere in the function; `None` outside functions."""
    global_names: frozenset[str] = frozenset()
    outer: Frame | None = None
    cls: Class | None = None
    line: int = 0
    body: Block = ()
    pending: list[Value] = field(default_factory=list)
    """What the function may already have returned, on a way that could not be excluded."""
    doubts: int = 0
    """How many doubts of this frame the machine carries until it ends."""
    loop_doubts: int = 0
    """How many it carries until the innermost loop ends."""
    unbound: dict[str, Failure] = field(default_factory=dict)
    """{name: the caught failure because of which it was not bound}."""
    first_argument: Value = None
    is_generator: bool = False


Evaluator = Callable[["Machine", Node, Frame], Value]
Executor = Callable[["Machine", Node, Frame], Signal]
Caller = Callable[["Machine", Value, list[Value], dict[str, Value], Frame], Value]


def _no_caller(
    _machine: Machine, _function: Value, _a: list[Value], _k: dict[str, Value], _f: Frame
) -> Value:
    return UNKNOWN


def _no_loader(_machine: Machine, _name: str) -> Value:
    return UNKNOWN


class Machine:
    """One run: its modules are shared by all roots that are linked in it."""

    def __init__(
        self,
        *,
        tree: ModuleTree,
        library: StandardLibrary,
        minor: int,
        summary_of: Callable[[str, str], ModuleSummary],
        refuted: set[Cause],
    ) -> None:
        """Start with nothing imported; `refuted` causes proved to be our misreading and count as unknown."""
        self.tree = tree
        self.library = library
        self.minor = minor
        self.summary_of = summary_of
        """Of (distribution, path)."""
        self.refuted = refuted
        self.modules: dict[str, Value] = {}
        """`sys.modules`; what has run or is running."""
        self.failed: dict[str, Failure] = {}
        self.stack: list[Frame] = []
        self.doubt = 0
        """Above 0, what is executed may not be executed in truth."""
        self.tries = 0
        self.handling: list[Failure] = []
        self.depth = 0
        self.steps = 0
        self.import_steps = 0
        """Those of `steps` that modules took which were imported by calls."""
        self.spent: dict[tuple[str, FunctionKey], int] = {}
        """Steps of each function: {(path, key): steps}."""
        self.call_limit = 0
        self.path_changed_by: set[str] = set()
        """Distributions that changed `sys.path` or a `__path__`."""
        self.opened_trees: set[str] = set()
        """Top-level modules below which code may have made modules that no file holds."""
        self.texts = 0
        """How many texts are being executed by `exec`."""
        self.caught: list[Failure] = []
        self.evaluators: dict[str, Evaluator] = {}
        self.executors: dict[str, Executor] = {}
        self.binary_failure: Callable[[Machine, ModulePlace], Failure | None] = lambda _machine, _place: None
        """Whether an extension module fails to load; set by the binary rules."""
        self.call: Caller = _no_caller
        """Calls a value: (machine, function, arguments, keywords, frame)."""
        self.load: Callable[[Machine, str], Value] = _no_loader
        """Imports a module by its absolute name."""
        self.environment: set[str] = set()
        """`os.environ` as far as code set it."""

    def evaluate(self, node: Node, frame: Frame) -> Value:
        """Return the value of an expression."""
        return self.evaluators[node[0]](self, node, frame)

    def evaluate_in_doubt(self, node: Node, frame: Frame) -> Value:
        """Evaluate something that may not be evaluated in truth: it never fails."""
        self.doubt += 1
        self.tries += 1
        try:
            return self.evaluate(node, frame)
        except Failure:
            return UNKNOWN
        finally:
            self.doubt -= 1
            self.tries -= 1

    def execute(self, block: Block, frame: Frame) -> Signal:
        """Execute statements in order until one ends the block."""
        executors = self.executors
        for statement in block:
            self.steps += 1
            if self.steps > self.call_limit:
                self._check_limits()
            frame.line = statement[1]
            signal = executors[statement[0]](self, statement, frame)
            if signal is not None:
                return signal
        return None

    def failure(
        self,
        exception: str,
        message: str,
        *,
        reason: str,
        module: str | None = None,
        symbol: str | None = None,
        provider: str | None = None,
        soft: bool = False,
        line: int | None = None,
    ) -> Failure:
        """Make the exception that the executed program would raise here.

        Args:
            exception: the full name of a class of the standard library.
            provider: the distribution that lacks something.
        """
        if line is not None and self.stack:
            self.stack[-1].line = line
        cls: Value = self.library.find_class(exception) or UNKNOWN
        return Failure(
            cls,
            message,
            reason=reason,
            module=module,
            symbol=symbol,
            provider=provider,
            trace=self.trace(),
            soft=soft,
            cause=self._handled_here(),
        )

    def _handled_here(self) -> Failure | None:
        """Return the failure that the running module itself is handling, `None` if it handles none."""
        here = self.stack[-1].module.path if self.stack else ""
        return self.handling[-1] if self.handling and self.handling[-1].handled_in == here else None

    def environment_has(self, name: str) -> bool:
        """Whether an environment variable may be set: by code, or on most machines."""
        return name in self.environment or name in _USUAL_VARIABLES

    def open_own_tree(self) -> None:
        """Note that the code that runs makes modules of unknown names, which are its own as a rule."""
        if self.stack:
            self.opened_trees.add(self.stack[-1].module.name.partition(".")[0])

    def trace(self) -> tuple[Place, ...]:
        """Return where execution is, outermost first."""
        return tuple(
            Place(f.module.dist, f.module.path, f.line) for f in self.stack if not f.module.is_standard
        )

    def is_refuted(self, failure: Failure) -> bool:
        """Whether this very failure proved to be a misreading before."""
        path, line, module, _ = failure.identity
        return bool(self.refuted) and (
            failure.identity in self.refuted or (path, line, module, "*") in self.refuted
        )

    def is_own_misreading(self, failure: Failure) -> bool:
        """Whether a distribution lacks what it asks of itself where nobody would catch it: never an error."""
        place = failure.trace[-1] if failure.trace else None
        return (
            not self.tries and place is not None and place.dist is not None and place.dist == failure.provider
        )

    def _check_limits(self) -> None:
        if self.steps > MAX_STEPS:
            raise OutOfStepsError
        if self.depth:
            raise CallTooLongError
        self.call_limit = MAX_STEPS


class CallTooLongError(Exception):
    """A call executes more than the linker follows: its result is unknown."""
