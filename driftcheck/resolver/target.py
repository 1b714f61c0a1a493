"""The Python and platform that a run answers for: wheel tags, markers and version, computed from names.

Nothing of the machine it runs on gets in, unless the running interpreter or machine is what was asked for.
"""

from __future__ import annotations

import os
import platform as running_machine
import re
import sys
import sysconfig
from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType

from packaging import tags as packaging_tags
from packaging.tags import Tag
from packaging.version import Version

from driftcheck.model.errors import SettingsError
from driftcheck.model.project import Project
from driftcheck.model.target import Target
from driftcheck.resolver.platforms import Platform, platform_named, platform_names
from driftcheck.support.nearest import nearest

LATEST_PATCH = MappingProxyType(
    {
        (3, 6): 15,
        (3, 7): 17,
        (3, 8): 20,
        (3, 9): 25,
        (3, 10): 21,
        (3, 11): 16,
        (3, 12): 14,
        (3, 13): 15,
        (3, 14): 7,
    }
)
"""{minor: its newest patch release} as of 2026-11-23, from https://www.python.org/doc/versions/.

`--python-version 3.9` means the newest one: that is what an image tagged `python:3.9` holds."""

_PYTHON_FORMS = "give a CPython version such as 3.12 or 3.12.4"
_VERSION = re.compile(r"(?:(?:cpython|python)[-@]?)?(?P<version>3\.\d{1,2}(?:\.\d{1,3})?)")


def make_target(python_version: str | None, platform: str | None) -> Target:
    """Return the target that the two names mean; `None` is the running interpreter, the running machine.

    Raises:
        SettingsError: a name that means nothing here, with the accepted forms as the hint.
    """
    version = _running_python() if python_version is None else parse_python_version(python_version)
    if platform is None:
        return _target(version, *_running_platform())
    meaning = platform_named(platform)
    if meaning is None:
        guess = nearest(platform, platform_names())
        lead = f"did you mean {guess!r}? " if guess else ""
        names = ", ".join(platform_names())
        raise SettingsError(f"the platform {platform!r} is not known", hint=f"{lead}known are: {names}")
    return _target(version, platform, meaning)


def parse_python_version(text: str) -> Version:
    """Return the Python that `3.9` (its newest patch release) or `3.9.18` (exactly that) names.

    Raises:
        SettingsError: it is not the version of a CPython 3 with the global interpreter lock.
    """
    matched = _VERSION.fullmatch(text.strip().lower())
    if matched is None:
        raise SettingsError(_why_refused(text), hint=_PYTHON_FORMS)
    version = Version(matched["version"])
    if len(version.release) == 3:
        return version
    patch = LATEST_PATCH.get((version.major, version.minor), 0)
    return Version(f"{version.major}.{version.minor}.{patch}")


def default_python(project: Project, running: str) -> str:
    """Return the Python to answer for where the user names none.

    First what the project pins for itself (`.python-version`), then the running interpreter if
    `requires-python` allows it, then the lowest known minor that it allows (uv's rule for
    `uv pip compile`), and if it allows none, the running one.

    Args:
        project: whose `python_pin` and `requires_python` are looked at.
        running: the running interpreter's version, e.g. `3.11.7`.
    """
    if project.python_pin is not None:
        return project.python_pin
    allowed = project.requires_python
    if allowed is None or allowed.contains(running, prereleases=True):
        return running
    for (major, minor), patch in sorted(LATEST_PATCH.items()):
        if allowed.contains(f"{major}.{minor}.{patch}", prereleases=True):
            return f"{major}.{minor}"
    return running


def _why_refused(text: str) -> str:
    lowered = text.strip().lower()
    if re.fullmatch(r"(?:cpython-?)?3\.\d+(?:\.\d+)?t|.*freethreaded.*", lowered):
        return f"free-threaded Pythons ({text}) can't be asked for yet"
    for name in ("pypy", "graalpy", "pp", "jython", "ironpython"):
        if lowered.startswith(name):
            return f"only CPython can be asked for, not {text}"
    if re.match(r"[12](?:\.|$)", lowered):
        return f"Python {text} is not supported, only CPython 3"
    return f"{text!r} is not a Python version"


def _target(version: Version, name: str, platform: Platform) -> Target:
    tags = _wheel_tags((version.major, version.minor), platform.tags)
    ranks: dict[Tag, int] = {}
    for position, tag in enumerate(tags):
        ranks.setdefault(tag, position)
    environment = {
        **platform.markers,
        "implementation_name": "cpython",
        "implementation_version": str(version),
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
        "python_full_version": str(version),
        "python_version": f"{version.major}.{version.minor}",
    }
    return Target(
        python_version=version,
        platform=name,
        platform_tag=platform.tag,
        tags=tags,
        marker_environment=MappingProxyType(environment),
        tag_ranks=MappingProxyType(ranks),
    )


@lru_cache(maxsize=64)
def _wheel_tags(python: tuple[int, int], platforms: Sequence[str]) -> tuple[Tag, ...]:
    # Until 3.8 the ABI's name has an `m` for pymalloc: https://docs.python.org/3/whatsnew/3.8.html
    interpreter = f"cp{python[0]}{python[1]}"
    abi = f"{interpreter}m" if python < (3, 8) else interpreter
    return (
        *packaging_tags.cpython_tags(python, [abi], platforms),
        *packaging_tags.compatible_tags(python, interpreter, platforms),
    )


def _running_python() -> Version:
    if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise SettingsError(
            "the running Python is not a CPython with the global interpreter lock, so it can't be the target",
            hint="name one with --python-version",
        )
    return Version(".".join(map(str, sys.version_info[:3])))


@lru_cache(maxsize=1)
def _running_platform() -> tuple[str, Platform]:
    tags = tuple(packaging_tags.platform_tags())
    versioned = next((tag for tag in tags if not tag.startswith("linux_")), tags[0])
    markers = {
        "os_name": os.name,
        "sys_platform": sys.platform,
        "platform_system": running_machine.system(),
        "platform_machine": running_machine.machine(),
    }
    return _name_of(versioned), Platform(tags=tags, tag=versioned, markers=MappingProxyType(markers))


def _name_of(tag: str) -> str:
    """Return the name under which `platform_named` knows what a wheel platform tag names; else the tag."""
    glibc = re.fullmatch(r"manylinux_(\d+_\d+)_(\w+)", tag)
    if glibc is not None:
        return f"{glibc[2]}-manylinux_{glibc[1]}"
    mac = re.fullmatch(r"macosx_\d+_\d+_(arm64|x86_64)", tag)
    if mac is not None:
        return f"{'aarch64' if mac[1] == 'arm64' else mac[1]}-apple-darwin"
    musl = re.fullmatch(r"musllinux_\d+_\d+_(aarch64|x86_64)", tag)
    if musl is not None:
        return f"{musl[1]}-unknown-linux-musl"
    windows = {"win_amd64": "x86_64", "win_arm64": "aarch64", "win32": "i686"}.get(tag)
    return f"{windows}-pc-windows-msvc" if windows else tag
