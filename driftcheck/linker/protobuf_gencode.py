"""Generated `_pb2` modules that the protobuf of the set refuses.

Descriptors made by generated code of protoc before 3.19 are refused by the C implementation of protobuf 4
and later
(https://protobuf.dev/news/2022-05-06/): the check is in C, so it is a rule here. Later generated code asks
`google.protobuf.runtime_version`, which is Python and simply executed; what it raises is attributed here.
"""

from __future__ import annotations

from packaging.utils import canonicalize_name

from driftcheck.linker.failure import Failure
from driftcheck.linker.machine import Machine

_DESCRIPTORS = frozenset(
    {
        "FieldDescriptor",
        "Descriptor",
        "EnumDescriptor",
        "EnumValueDescriptor",
        "ServiceDescriptor",
        "MethodDescriptor",
        "OneofDescriptor",
    }
)
_SWITCH = "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"
_PROTOBUF = canonicalize_name("protobuf")


def descriptor_failure(machine: Machine, module: str, name: str) -> Failure | None:
    """Return what making a descriptor raises in old generated code, `None` if it works."""
    if module != "google.protobuf.descriptor" or name not in _DESCRIPTORS or not machine.stack:
        return None
    caller = machine.stack[-1].module
    wheel = machine.tree.wheels.get(_PROTOBUF)
    if wheel is None or wheel.version.major < 4 or _SWITCH in machine.environment or machine.doubt:
        return None
    if caller.dist == "protobuf" or not caller.name.endswith("_pb2"):
        return None
    return machine.failure(
        "builtins.TypeError",
        "Descriptors cannot be created directly: protobuf 4 refuses this generated code",
        reason="protobuf-gencode",
        module=caller.name,
        symbol="protobuf",
        provider="protobuf",
    )


def attribute_runtime_check(failure: Failure) -> None:
    """Make what `ValidateProtobufRuntimeVersion` raises the finding of the module that called it."""
    outer = list(failure.trace)
    while outer and outer[-1].dist == "protobuf":
        outer.pop()
    if outer:
        failure.trace = tuple(outer)
        failure.reason = "protobuf-gencode"
        failure.module, failure.symbol, failure.provider = outer[-1].path, "protobuf", "protobuf"
