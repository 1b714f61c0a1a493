"""A requirement that names one wheel or sdist by URL, as a release of one file."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from driftcheck.model.project import Declaration
from driftcheck.model.release import DistributionFile, FileKind, Release
from driftcheck.resolver.wish import Candidate

_FRAGMENT_HASH = re.compile(r"(?:^|&)(sha256|sha384|sha512)=([0-9a-fA-F]+)(?:&|$)")


def archive_candidate(declaration: Declaration, url: str) -> Candidate | None:
    """Return what a direct URL provides, `None` if its file name does not say which release it is.

    The URL keeps what user name and password it has, because the file can't be fetched without them;
    everything that shows it goes through `support.redaction`.
    """
    parts = urlsplit(url)
    filename = unquote(parts.path.rsplit("/", 1)[-1])
    try:
        if filename.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(filename)
            kind = FileKind.WHEEL
        else:
            name, version = parse_sdist_filename(filename)
            kind = FileKind.SDIST
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
    if declaration.name is not None and declaration.name != name:
        return None
    hashes = {one.algorithm: one.digest for one in declaration.hashes}
    hashes.update({algorithm: digest.lower() for algorithm, digest in _FRAGMENT_HASH.findall(parts.fragment)})
    place = parts._replace(path=parts.path.rpartition("/")[0] + "/", query="", fragment="")
    file = DistributionFile(
        filename=filename,
        url=urlunsplit(parts._replace(fragment="")),
        kind=kind,
        name=name,
        version=version,
        index_url=urlunsplit(place._replace(netloc=place.netloc.rpartition("@")[2])),
        hashes=hashes,
    )
    release = Release(name=name, version=version, files=(file,))
    return Candidate(name=name, version=version, release=release, files=(file,))
