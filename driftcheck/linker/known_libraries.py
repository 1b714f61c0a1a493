"""Functions of wheels whose answer is known without entering them: versions, and what is installed."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from driftcheck.linker.machine import Machine
from driftcheck.linker.protobuf_gencode import descriptor_failure
from driftcheck.linker.values import (
    MISSING,
    UNKNOWN,
    Instance,
    StandardClass,
    Value,
    VersionValue,
)

_VERSION_MAKERS = {
    "packaging.version": ("Version", "parse", "LegacyVersion"),
    "distutils.version": ("LooseVersion", "StrictVersion"),
    "pkg_resources": ("parse_version",),
    "semver": ("parse",),
}
_VERSION_ASKERS = ("importlib_metadata", "importlib.metadata")


def known_library_call(machine: Machine, module: str, name: str, arguments: list[Value]) -> Value:
    """Return what a known function returns, `MISSING` if it is to be executed.

    Raises:
        Failure: what it is known to raise.
    """
    refused = descriptor_failure(machine, module, name)
    if refused is not None and not machine.is_refuted(refused):
        raise refused
    for ending, names in _VERSION_MAKERS.items():
        if name in names and (module == ending or module.endswith(("." + ending, "._" + ending))):
            return make_version(arguments)
    if module.startswith(_VERSION_ASKERS) and name in ("version", "distribution"):
        return installed_version(machine, arguments, whole=name == "distribution")
    if module == "pkg_resources" and name in ("get_distribution", "require"):
        return installed_version(machine, arguments, whole=True, missing="pkg_resources.DistributionNotFound")
    if name in ("declare_namespace", "extend_path") and module == "pkg_resources":
        return None
    return MISSING


def make_version(arguments: list[Value]) -> Value:
    """Return what `Version(text)` and its like make."""
    if arguments and isinstance(arguments[0], str):
        return VersionValue(arguments[0])
    return arguments[0] if arguments and isinstance(arguments[0], VersionValue) else UNKNOWN


def installed_version(machine: Machine, arguments: list[Value], *, whole: bool, missing: str = "") -> Value:
    """Answer `importlib.metadata.version(name)` from the set.

    Raises:
        Failure: no distribution of that name is in the set.
    """
    if not arguments or not isinstance(arguments[0], str):
        return UNKNOWN
    words = arguments[0].replace(";", " ").replace("[", " ").split()
    if not words or any(sign in arguments[0] for sign in "<>=!~"):
        return UNKNOWN
    wheel = machine.tree.wheels.get(canonicalize_name(words[0]))
    if wheel is not None:
        text = str(wheel.version)
        if not whole:
            return text
        made = Instance(UNKNOWN)
        made.attributes.update(
            version=text, parsed_version=VersionValue(text), key=wheel.name, project_name=words[0]
        )
        return made
    failure = machine.failure(
        "builtins.ModuleNotFoundError",
        f"no distribution named {words[0]} is installed",
        reason="undeclared-dependency",
        module=words[0],
        symbol="metadata",
    )
    if machine.is_refuted(failure):
        return UNKNOWN
    cls = machine.library.find_class("importlib.metadata.PackageNotFoundError")
    failure.exception = cls if isinstance(cls, StandardClass) and not missing else UNKNOWN
    raise failure
