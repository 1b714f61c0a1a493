"""Facts about extension modules that decide whether they load: which NumPy they were built for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone

from driftcheck.linker.failure import Failure
from driftcheck.linker.machine import Machine
from driftcheck.linker.module_tree import Place
from driftcheck.model.errors import DriftcheckError

_NUMPY_2 = datetime(2024, 7, 1, tzinfo=timezone.utc)
"""Wheels uploaded before it were not built for NumPy 2 unless they say so."""
_OLD_MODULE = b"numpy.core._multiarray_umath"
_OLD_MESSAGE = b"numpy.core.multiarray failed to import"
_NEW_MODULE = b"numpy._core"
_REQUIRED_NUMPY = re.compile(rb"requires NumPy (\d{1,3})\.(\d{1,3}) or newer")
_PYBIND = b"pybind11"
"""pybind11 clears what `import_array` raises, e.g. onnxruntime 1.14."""
_SIZE_CHECK = b"size changed, may indicate binary incompat"
_WORDS = (_OLD_MODULE, _OLD_MESSAGE, _NEW_MODULE, _SIZE_CHECK, _PYBIND)


@dataclass
class BinaryFacts:
    """What was read from extension modules, kept by {wheel's sha256 and member: flags}."""

    known: dict[str, list[bool]] = field(default_factory=dict)

    def of(self, place: Place) -> list[bool]:
        """Return which of `_WORDS` a member has, in that order."""
        if place.wheel is None:
            return [False] * len(_WORDS)
        key = f"{place.wheel.archive.sha256}/{place.member}"
        if key not in self.known:
            try:
                data = place.wheel.archive.read(place.member)
            except DriftcheckError:
                return [False] * len(_WORDS)
            self.known[key] = [word in data for word in _WORDS]
        return self.known[key]


def _asks_newer_numpy(place: Place, numpy: tuple[int, ...]) -> bool:
    """Whether the Cython source that a wheel ships beside the module refuses an older NumPy (pyarrow)."""
    if place.wheel is None:
        return False
    source = f"{place.member.rpartition('/')[0]}/{place.name.rpartition('.')[2]}.pyx"
    if source not in place.wheel.archive.names:
        return False
    try:
        found = _REQUIRED_NUMPY.search(place.wheel.archive.read(source))
    except DriftcheckError:
        return False
    return found is not None and numpy[:2] < (int(found[1]), int(found[2]))


def binary_failure(machine: Machine, place: Place, facts: BinaryFacts) -> Failure | None:
    """Return what loading an extension module raises, `None` if nothing that can be known."""
    numpy = machine.tree.wheels.get("numpy")  # type: ignore[call-overload]
    if numpy is None or place.wheel is None or place.wheel.name == "numpy":
        return None
    if numpy.version.major < 2 and _asks_newer_numpy(place, numpy.version.release):
        return machine.failure(
            "builtins.ImportError",
            f"{place.name} requires a newer NumPy than {numpy.version}",
            reason="numpy-abi",
            module=place.name,
            symbol="numpy",
            provider="numpy",
        )
    uploaded = place.wheel.uploaded
    if numpy.version.major < 2 or (uploaded is not None and uploaded >= _NUMPY_2):
        return None
    old_module, old_message, new_module, size_check, pybind = facts.of(place)
    if new_module or (pybind and not size_check) or not (old_module or old_message):
        return None
    if size_check:
        return machine.failure(
            "builtins.ValueError",
            "numpy.dtype size changed, may indicate binary incompatibility",
            reason="numpy-abi",
            module=place.name,
            symbol="numpy",
            provider="numpy",
        )
    return machine.failure(
        "builtins.ImportError",
        "numpy.core.multiarray failed to import",
        reason="numpy-abi",
        module=place.name,
        symbol="numpy",
        provider="numpy",
    )
