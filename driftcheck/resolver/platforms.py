"""The platforms that can be named as a target: uv's `--python-platform` names, their wheel tags and markers.

`linux` stands for glibc 2.36, which Debian 12 and with it the official Python images have; an index
that serves wheels for an older glibc serves them there too. macOS is 13.0, iOS 13.0 and Android API
level 24, as uv takes them.

Sources: `uv help pip compile` (0.13), PEP 425, 508, 600, 656, 730, 738, 783.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from packaging import tags as packaging_tags

LINUX_GLIBC_MINOR = 36
"""Of glibc 2: what `linux` means."""
MACOS_VERSION = (13, 0)
IOS_VERSION = (13, 0)
ANDROID_API_LEVEL = 24
MUSL_MINOR = 2
"""Of musl 1."""

_LEGACY_MANYLINUX = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
"""{minor of glibc 2: the older name of that platform} (PEP 600)."""
_MANYLINUX_NAME = re.compile(
    r"(?P<arch>x86_64|aarch64|i686|armv7l|ppc64le|s390x|riscv64)-manylinux_2_(?P<minor>\d{1,2})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What a platform name means."""

    tags: tuple[str, ...]
    """Wheel platform tags, best first."""
    tag: str
    """The most specific tag that names a version of the platform, for reports."""
    markers: Mapping[str, str]
    """The PEP 508 variables that depend on the platform."""


def platform_named(name: str) -> Platform | None:
    """Return what a platform name means, `None` if it is not known."""
    matched = _MANYLINUX_NAME.fullmatch(name)
    if matched is not None:
        return _glibc(matched["arch"], int(matched["minor"]))
    make = _NAMED.get(name)
    return make() if make is not None else None


def platform_names() -> tuple[str, ...]:
    """Return the names that mean something, with one example of the `ARCH-manylinux_2_N` form."""
    return (*_NAMED, "x86_64-manylinux_2_28")


def glibc_tags(arch: str, minor: int) -> Iterator[str]:
    """Yield the wheel platform tags of a Linux with glibc 2.`minor`, in the order of packaging 26.3.

    x86 has wheels for glibc 2.5 and later, the other architectures begin at 2.17 (PEP 599, 600).
    """
    yield f"linux_{arch}"
    oldest = 5 if arch in ("x86_64", "i686") else 17
    for version in range(minor, oldest - 1, -1):
        yield f"manylinux_2_{version}_{arch}"
        if version in _LEGACY_MANYLINUX:
            yield f"{_LEGACY_MANYLINUX[version]}_{arch}"


def _linux_markers(arch: str) -> dict[str, str]:
    return {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": arch}


def _glibc(arch: str, minor: int) -> Platform:
    tags = tuple(glibc_tags(arch, minor))
    return Platform(tags=tags, tag=f"manylinux_2_{minor}_{arch}", markers=_linux_markers(arch))


def _musl(arch: str) -> Platform:
    versions = tuple(f"musllinux_1_{minor}_{arch}" for minor in range(MUSL_MINOR, -1, -1))
    return Platform(tags=(f"linux_{arch}", *versions), tag=versions[0], markers=_linux_markers(arch))


def _macos(arch: str) -> Platform:
    tags = tuple(packaging_tags.mac_platforms(MACOS_VERSION, arch))
    markers = {
        "os_name": "posix",
        "sys_platform": "darwin",
        "platform_system": "Darwin",
        "platform_machine": arch,
    }
    return Platform(tags=tags, tag=tags[0], markers=markers)


def _windows(tag: str, machine: str) -> Platform:
    # Windows itself says AMD64 and ARM64, so that is what pip there sees; uv says x86_64 and aarch64.
    markers = {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": machine,
    }
    return Platform(tags=(tag,), tag=tag, markers=markers)


def _android(abi: str, machine: str) -> Platform:
    tags = tuple(f"android_{level}_{abi}" for level in range(ANDROID_API_LEVEL, 15, -1))
    markers = {
        "os_name": "posix",
        "sys_platform": "android",
        "platform_system": "Android",
        "platform_machine": machine,
    }
    return Platform(tags=tags, tag=tags[0], markers=markers)


def _ios(multiarch: str, machine: str) -> Platform:
    tags = tuple(packaging_tags.ios_platforms(IOS_VERSION, multiarch))
    markers = {
        "os_name": "posix",
        "sys_platform": "ios",
        "platform_system": "iOS",
        "platform_machine": machine,
    }
    return Platform(tags=tags, tag=tags[0], markers=markers)


def _pyodide(year: int) -> Platform:
    tag = f"pyodide_{year}_0_wasm32"
    markers = {
        "os_name": "posix",
        "sys_platform": "emscripten",
        "platform_system": "Emscripten",
        "platform_machine": "wasm32",
    }
    return Platform(tags=(tag,), tag=tag, markers=markers)


_NAMED: Mapping[str, Callable[[], Platform]] = {
    "linux": partial(_glibc, "x86_64", LINUX_GLIBC_MINOR),
    "macos": partial(_macos, "arm64"),
    "windows": partial(_windows, "win_amd64", "AMD64"),
    "x86_64-unknown-linux-gnu": partial(_glibc, "x86_64", LINUX_GLIBC_MINOR),
    "aarch64-unknown-linux-gnu": partial(_glibc, "aarch64", LINUX_GLIBC_MINOR),
    "riscv64-unknown-linux": partial(_glibc, "riscv64", 39),
    "x86_64-unknown-linux-musl": partial(_musl, "x86_64"),
    "aarch64-unknown-linux-musl": partial(_musl, "aarch64"),
    "x86_64-manylinux2014": partial(_glibc, "x86_64", 17),
    "aarch64-manylinux2014": partial(_glibc, "aarch64", 17),
    "aarch64-apple-darwin": partial(_macos, "arm64"),
    "x86_64-apple-darwin": partial(_macos, "x86_64"),
    "x86_64-pc-windows-msvc": partial(_windows, "win_amd64", "AMD64"),
    "aarch64-pc-windows-msvc": partial(_windows, "win_arm64", "ARM64"),
    "i686-pc-windows-msvc": partial(_windows, "win32", "x86"),
    "aarch64-linux-android": partial(_android, "arm64_v8a", "aarch64"),
    "x86_64-linux-android": partial(_android, "x86_64", "x86_64"),
    "arm64-apple-ios": partial(_ios, "arm64_iphoneos", "arm64"),
    "arm64-apple-ios-simulator": partial(_ios, "arm64_iphonesimulator", "arm64"),
    "x86_64-apple-ios-simulator": partial(_ios, "x86_64_iphonesimulator", "x86_64"),
    "wasm32-pyodide2024": partial(_pyodide, 2024),
    "wasm32-pyodide2025": partial(_pyodide, 2025),
}
