"""Take project and version out of the name of a wheel or sdist, as pip does.

Sources:
    PEP 427 (wheels), PEP 625 (sdists); for sdists older than that, pip's `_extract_version_from_fragment`.
"""

from __future__ import annotations

import re

from packaging.utils import NormalizedName, canonicalize_name

from driftcheck.model.release import FileKind

_SDIST_ENDS = (
    ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tbz", ".txz", ".tar", ".tlz", ".tar.lz", ".tar.lzma",
)  # fmt: skip
_DUMB_PYTHON = re.compile(r"-py[123]\.?[0-9]*$")
"""What `bdist_dumb` puts at the end of a version; such a file is built for one Python and is no source."""


class FilenameReader:
    """Reads the names of one project's files; remembers which spellings of the name are that project's."""

    def __init__(self, name: NormalizedName) -> None:
        self._name = name
        self._spellings: dict[str, bool] = {}

    def read(self, filename: str) -> tuple[FileKind, str] | None:
        """Return kind and version text, `None` if it is neither wheel nor sdist, or another project's.

        The version is as written: PEP 440 has not judged it.
        """
        if filename.endswith(".whl"):
            parts = filename[:-4].split("-")
            count = len(parts)
            if (count == 5 or (count == 6 and parts[2][:1].isdigit())) and self._is_ours(parts[0]):
                return FileKind.WHEEL, parts[1]
            return None
        end = next((end for end in _SDIST_ENDS if filename.endswith(end)), None)
        if end is None or (end == ".zip" and "macosx10" in filename):
            return None
        version = self._version_of_sdist(filename[: -len(end)])
        return None if version is None else (FileKind.SDIST, version)

    def _version_of_sdist(self, stem: str) -> str | None:
        dash = stem.find("-")
        while dash != -1:
            if self._is_ours(stem[:dash]):
                version = stem[dash + 1 :]
                return None if not version or _DUMB_PYTHON.search(version) else version
            dash = stem.find("-", dash + 1)
        return None

    def _is_ours(self, spelling: str) -> bool:
        known = self._spellings.get(spelling)
        if known is None:
            known = self._spellings[spelling] = canonicalize_name(spelling) == self._name
        return known


def is_distribution(path: str) -> bool:
    """Whether a path ends like any file that a package index may list, eggs and installers included."""
    return path.lower().endswith((".whl", ".egg", ".exe", ".msi", ".rpm", *_SDIST_ENDS))
