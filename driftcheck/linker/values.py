"""What the linker knows of a value at import time.

Constants of Python (`str`, `int`, `float`, `bytes`, `bool`, `None`, `...`) stand for themselves; everything
else
is one of the classes below, or `UNKNOWN`, from which nothing ever fails. An `open` container, class or module
may hold more than is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from driftcheck.linker.intermediate import Node

Value = object
Namespace = dict[str, Value]


class _Unknown:
    """A value of which nothing is known."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


class _Missing:
    """The answer of a look-up that surely finds nothing."""

    __slots__ = ()


UNKNOWN: Final = _Unknown()
MISSING: Final = _Missing()
CONSTANTS: Final = (str, int, float, bytes, bool, type(None), type(...))
MAX_ITEMS: Final = 5_000
"""More items than this are not followed: the container becomes open."""


@dataclass(eq=False, repr=False, slots=True)
class Sequence:
    """A list, tuple, set, frozenset, or an iterator over known items."""

    kind: str
    items: list[Value]
    open: bool = False


@dataclass(eq=False, repr=False, slots=True)
class Mapping:
    """A dict with constant keys; one with any other key is open."""

    items: dict[object, Value] = field(default_factory=dict)
    open: bool = False


@dataclass(eq=False, repr=False, slots=True)
class Module:
    """An imported module: of a wheel, of the standard library, or made by code."""

    name: str
    ns: Namespace = field(default_factory=dict)
    open: bool = False
    """Whether it may have names that are not in `ns`."""
    dist: str | None = None
    """The distribution it is from; `None` for the standard library."""
    path: str = ""
    """The member of the wheel."""
    is_package: bool = False
    is_standard: bool = False
    is_binary: bool = False
    is_loaded: bool = False
    """Whether its body ran to the end."""
    annotations_deferred: bool = False
    opened_by: str = ""
    """What made it open, for people: `star`, `globals`, `binary`…"""


@dataclass(eq=False, repr=False, slots=True)
class Function:
    """A function of a wheel; `outer` is the frame it was defined in."""

    name: str
    node: Node
    module: Module
    outer: object
    defaults: list[Value]
    keyword_defaults: list[Value]
    attributes: Namespace = field(default_factory=dict)
    owner: Class | None = None
    body: Node | None = None
    """Only where it can't be found again by its key: lambdas, and what `exec` defined."""


@dataclass(eq=False, repr=False, slots=True)
class Class:
    """A class of a wheel."""

    name: str
    module: Module
    bases: tuple[Value, ...]
    ns: Namespace
    open: bool = False
    """Whether it may have attributes that are not seen: unknown base, metaclass or decorator."""
    has_metaclass: bool = False
    order: tuple[list[Class | StandardClass], bool] | None = None
    """Itself and its bases, nearest first, and whether some are unknown; made when first asked for."""


@dataclass(eq=False, repr=False, slots=True)
class StandardClass:
    """A class of the standard library; `name` in full, e.g. `collections.abc.Mapping`."""

    name: str
    bases: tuple[str, ...]
    attributes: frozenset[str]
    has_metaclass: bool


@dataclass(eq=False, repr=False, slots=True)
class StandardFunction:
    """A function of the standard library, by its full name."""

    name: str


@dataclass(eq=False, repr=False, slots=True)
class StandardObject:
    """Something else of the standard library whose attributes are not known."""

    name: str


@dataclass(eq=False, repr=False, slots=True)
class Instance:
    """An object of a class; what its attributes are is known only where code was seen to set them."""

    cls: Value
    attributes: Namespace = field(default_factory=dict)


@dataclass(eq=False, repr=False, slots=True)
class Bound:
    """A function with its first argument, or a method of a container or constant by its name."""

    function: Value
    receiver: Value


@dataclass(eq=False, repr=False, slots=True)
class Descriptor:
    """A function made a `classmethod`, `staticmethod` or `property`."""

    kind: str
    function: Value


@dataclass(eq=False, repr=False, slots=True)
class Super:
    """What `super()` gives."""

    cls: Class
    receiver: Value


@dataclass(frozen=True, slots=True)
class VersionValue:
    """A parsed version: comparable, whatever class made it."""

    text: str


def is_constant(value: Value) -> bool:
    """Whether a value stands for itself."""
    return isinstance(value, CONSTANTS)


def make_open(value: Value, why: str = "passed") -> None:
    """Note that something unseen may have changed a container, module or class."""
    match value:
        case Sequence() | Mapping():
            value.open = True
        case Class():
            value.open = True
        case Module():
            if not value.is_standard:
                value.open = True
                value.opened_by = value.opened_by or why
        case _:
            pass


def same(left: Value, right: Value) -> bool:
    """Whether two values are surely the same object or constant."""
    if left is right:
        return True
    return is_constant(left) and type(left) is type(right) and left == right
