"""The METADATA of a wheel, out of parts of it or out of all of it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name

from driftcheck.index.connection.transport import Transport
from driftcheck.index.metadata.remote_zip import BadArchiveError, Member, RemoteZip
from driftcheck.model.errors import MetadataUnavailableError
from driftcheck.support.plain_text import printable
from driftcheck.support.redaction import redacted

MAX_METADATA_BYTES = 16 * 1024**2
"""Real ones reach about 1 MB, nearly all of it README."""


class DamagedWheelError(MetadataUnavailableError):
    """What came is not a zip that driftcheck reads; if it came in parts, the whole may still be sound."""


def read_metadata_by_ranges(transport: Transport, url: str, size_bytes: int | None) -> bytes:
    """Fetch no more of a wheel than its directory and its METADATA.

    Args:
        url: ends with the wheel's file name.
        size_bytes: as the index says it, or `None`.

    Raises:
        RangesNotSupportedError: the server gives no parts of files (`remote_zip`).
        DamagedWheelError: the parts do not make a zip that driftcheck reads; the whole file may.
        MetadataUnavailableError: the wheel has no METADATA of its own, several, or a huge one.
        IndexUnavailableError: it could not be fetched.
    """
    filename = unquote(urlsplit(url).path).rpartition("/")[2]
    try:
        return _metadata(RemoteZip.open(transport, url, size_bytes), filename)
    except BadArchiveError as error:
        raise DamagedWheelError(f"{redacted(printable(url))}: {error}") from error


def read_metadata_from_bytes(data: bytes, filename: str) -> bytes:
    """Return the METADATA of a wheel that is all here.

    Raises:
        DamagedWheelError: it is not a zip that driftcheck reads.
        MetadataUnavailableError: it has no METADATA of its own, several, or a huge one.
    """
    try:
        return _metadata(RemoteZip.from_bytes(data), filename)
    except BadArchiveError as error:
        raise DamagedWheelError(f"{printable(filename)}: {error}") from error


def _metadata(archive: RemoteZip, filename: str) -> bytes:
    member = _metadata_member(archive.members, filename)
    if member.size_bytes > MAX_METADATA_BYTES:
        raise MetadataUnavailableError(
            f"the METADATA of {printable(filename)} has {member.size_bytes} bytes, "
            f"more than the {MAX_METADATA_BYTES} that driftcheck reads"
        )
    return archive.read(member, limit_bytes=MAX_METADATA_BYTES)


def _metadata_member(members: tuple[Member, ...], filename: str) -> Member:
    """Return the METADATA of the project that the file is named for, by the rules by which pip finds it.

    Wheels may vendor others' `.dist-info` deeper down; at the top there is one, whose name begins with the
    project's (`pip._internal.utils.wheel.wheel_dist_info_dir`).
    """
    folders = {top for m in members if (top := m.name.partition("/")[0]).endswith(".dist-info")}
    if len(folders) != 1:
        raise MetadataUnavailableError(
            f"{printable(filename)} holds {len(folders) or 'no'} .dist-info folders"
        )
    folder = folders.pop()
    if not canonicalize_name(folder).startswith(canonicalize_name(filename.partition("-")[0])):
        raise MetadataUnavailableError(
            f"{printable(filename)} holds the metadata of another project: {printable(folder, limit=100)}"
        )
    found = [m for m in members if m.name == f"{folder}/METADATA"]
    if len(found) != 1:
        raise MetadataUnavailableError(f"{printable(filename)} holds {len(found) or 'no'} METADATA files")
    return found[0]
