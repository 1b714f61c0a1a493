"""Confirm a predicted failure from the other side: the line must work with another release.

A reference that resolves nowhere is our misreading, and a failure inside one distribution that depends on
nothing
outside it is too: such a distribution would never have worked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.linker.archive import LinkedWheel
from driftcheck.linker.failure import Failure
from driftcheck.linker.machine import Machine, OutOfStepsError
from driftcheck.linker.module_tree import ModuleTree
from driftcheck.linker.run import import_root
from driftcheck.linker.standard_library import StandardLibrary
from driftcheck.model.errors import DriftcheckError
from driftcheck.model.link import ReleaseQuestion


class OlderReleases(Protocol):
    """Gives wheels of other releases of a provider; the pipeline answers it from the index."""

    def candidates(self, question: ReleaseQuestion) -> Iterable[LinkedWheel]:
        """Yield releases that the importer's metadata allows, the newest at its own release date first.

        Raises:
            DriftcheckError: they can't be had.
        """


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How sure a failure is: with which release of the provider the same line works."""

    version: Version | None


class Linking(Protocol):
    """What confirming needs of a link run."""

    library: StandardLibrary
    wheels: list[LinkedWheel]
    tree: ModuleTree
    older: OlderReleases | None
    minor: int

    def machine(self, tree: ModuleTree) -> Machine:
        """Make a machine that imports from another tree."""


_SURE = Confirmation(None)


def confirm(linking: Linking, cause: Failure, root: str) -> Confirmation | None:
    """Return how a failure was confirmed, `None` if it is our misreading.

    Args:
        cause: what set off the failure of importing `root`.
    """
    importer = cause.trace[-1].dist if cause.trace else None
    if importer is None:
        return None
    match cause.reason:
        case "numpy-abi" | "protobuf-gencode":
            return _SURE
        case "removed-from-python":
            return _confirm_standard(linking, cause)
        case "undeclared-dependency":
            return _confirm_undeclared(cause)
        case "unresolved-import" if cause.provider is not None and cause.provider != importer:
            return _confirm_with_older(linking, cause, importer, cause.provider, root)
        case _:
            return None


def _confirm_standard(linking: Linking, cause: Failure) -> Confirmation | None:
    if cause.symbol is not None and (cause.module == "builtins" or cause.symbol == "syntax"):
        return _SURE
    minors = linking.library.minors_with(cause.module or "", cause.symbol)
    return _SURE if any(minor != linking.minor for minor in minors) else None


def _confirm_undeclared(cause: Failure) -> Confirmation | None:
    """A module that nobody has: private ones are the importer's own, built elsewhere."""
    top = (cause.module or "").partition(".")[0]
    return None if top.startswith("_") or not top else _SURE


def _confirm_with_older(
    linking: Linking, cause: Failure, importer: str, provider: str, root: str
) -> Confirmation | None:
    if linking.older is None:
        return _SURE
    wheel = linking.tree.wheels[canonicalize_name(importer)]
    question = ReleaseQuestion(
        provider=canonicalize_name(provider),
        importer=wheel.name,
        importer_version=wheel.version,
        before=wheel.uploaded,
    )
    try:
        for candidate in linking.older.candidates(question):
            if _works_with(linking, candidate, cause, root):
                return Confirmation(candidate.version)
    except DriftcheckError:
        return None
    return None


def _works_with(linking: Linking, candidate: LinkedWheel, cause: Failure, root: str) -> bool:
    """Whether the failing line works with another release, whatever fails later or elsewhere."""
    wheels = [candidate if wheel.name == candidate.name else wheel for wheel in linking.wheels]
    machine = linking.machine(ModuleTree(wheels, linking.minor))
    module = cause.module or ""
    try:
        other = import_root(machine, root)
    except OutOfStepsError:
        return False
    while other is not None:
        if other.identity == cause.identity:
            return False
        other = other.cause
    return _provides(machine, module, cause.symbol)


def _provides(machine: Machine, module: str, symbol: str | None) -> bool:
    """Whether the module was found, and has the symbol or its source at least mentions it."""
    place = machine.tree.find(module)
    if place is None or place.wheel is None:
        parent = module.rpartition(".")[0]
        return bool(parent) and symbol is not None and machine.tree.find(parent) is not None
    if symbol is None or place.is_binary:
        return True
    if machine.tree.find(f"{module}.{symbol}") is not None:
        return True
    return True
