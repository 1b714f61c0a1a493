"""Sets of wheels made of sources: archives in memory and a catalogue of older releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone

from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.linker import LinkedWheel, link
from driftcheck.model.errors import MetadataUnavailableError
from driftcheck.model.link import BrokenImport, LinkResult, ReleaseQuestion

EARLY = datetime(2020, 1, 1, tzinfo=timezone.utc)


class MemoryArchive:
    """A wheel's members in memory."""

    def __init__(self, sha256: str, files: Mapping[str, bytes]) -> None:
        self.sha256 = sha256
        self.files = dict(files)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.files)

    def read(self, name: str) -> bytes:
        if name not in self.files:
            raise MetadataUnavailableError(f"no {name}")
        return self.files[name]


class Older:
    """Gives what the test says."""

    def __init__(self, wheels: Iterable[LinkedWheel]) -> None:
        self.wheels = list(wheels)
        self.questions: list[ReleaseQuestion] = []

    def candidates(self, question: ReleaseQuestion) -> list[LinkedWheel]:
        self.questions.append(question)
        return [wheel for wheel in self.wheels if wheel.name == question.provider]


def wheel(
    name: str, version: str, files: Mapping[str, str | bytes], uploaded: datetime = EARLY
) -> LinkedWheel:
    members = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    content = repr(sorted(members.items()))
    return LinkedWheel(
        name=canonicalize_name(name),
        version=Version(version),
        archive=MemoryArchive(f"{name}-{version}-{hash(content)}", members),
        uploaded=uploaded,
    )


def linked(
    *wheels: LinkedWheel, minor: int = 11, older: Iterable[LinkedWheel] = (), confirmed: bool = True
) -> LinkResult:
    return link(wheels, minor=minor, older=Older(older) if confirmed else None)


def failing(result: LinkResult) -> list[str]:
    return sorted(name.import_name for broken in result.broken for name in broken.breaks)


def only(result: LinkResult) -> BrokenImport:
    (broken,) = result.broken
    return broken
