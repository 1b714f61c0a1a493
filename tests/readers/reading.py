"""Read texts as files of a throwaway folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from driftcheck.model.project import Project
from driftcheck.model.settings import InputWish
from driftcheck.readers import read_project


def read(
    folder: Path,
    *requirements: str,
    constraints: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    no_deps: bool = False,
    stdin: bytes = b"",
) -> Project:
    """Reads what is named, with `folder` as working directory."""
    return read_project(
        InputWish(requirements=requirements, constraints=constraints),
        environment=environment or {},
        folder=folder,
        no_deps=no_deps,
        stdin=lambda: stdin,
    )


def read_text(folder: Path, text: str | bytes, environment: Mapping[str, str] | None = None) -> Project:
    """Reads a text as `requirements.txt`."""
    data = text.encode() if isinstance(text, str) else text
    (folder / "requirements.txt").write_bytes(data)
    return read(folder, "requirements.txt", environment=environment)
