"""What a local index holds, and its pages: PEP 503 as HTML, 691 as JSON, with 592, 658, 700, 714 and 792."""

import hashlib
import html
import json
import tarfile
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.parser import HeaderParser
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
HTML_TYPE = "text/html; charset=utf-8"


class CoreMetadata(Enum):
    """What an index does with the `.metadata` file beside a wheel (PEP 658)."""

    ADVERTISED = "advertised"
    PRESENT = "present"
    """Served when asked for, but no page says so."""
    ABSENT = "absent"


class Ranges(Enum):
    """What an index does with a request for a part of a file."""

    HONOURED = "honoured"
    IGNORED = "ignored"
    """200 and the whole file."""
    NO_SUFFIX = "no_suffix"
    """`bytes=0-99` is honoured, `bytes=-100` is answered 501."""
    WRONG_PART = "wrong_part"
    """206 with the start of the file, whatever was asked; `Content-Range` tells the truth."""
    WRONG_BYTES = "wrong_bytes"
    """206 with the start of the file; `Content-Range` says that it is what was asked."""


@dataclass(slots=True)
class Offers:
    """What the index is able to do. Assign to it at any time: `server.offers.json = False`."""

    json: bool = True
    core_metadata: CoreMetadata = CoreMetadata.ADVERTISED
    ranges: Ranges = Ranges.HONOURED
    upload_times: bool = True
    sizes: bool = True
    etags: bool = True
    max_age_s: int | None = 600
    """The `max-age` of pages. `None`: no `Cache-Control` at all."""
    gzip: bool = True
    relative_urls: bool = False
    """Whether pages give the addresses of files relative to themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedFile:
    """One wheel or source distribution of the index."""

    filename: str
    version: str
    content: bytes
    upload_time: datetime
    yanked: str | bool
    requires_python: str | None
    metadata: bytes | None
    hashes: bool
    size: bool

    @property
    def sha256(self) -> str:
        """The digest of the content in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(slots=True, kw_only=True)
class HostedProject:
    """One project of the index."""

    name: str
    files: dict[str, HostedFile] = field(default_factory=dict)
    status: str | None = None
    status_reason: str | None = None


def project_and_version(path: Path) -> tuple[str, str]:
    """Returns the normalised name and the version that a file name says."""
    if path.suffix == ".whl":
        name, version, *_ = parse_wheel_filename(path.name)
    else:
        name, version = parse_sdist_filename(path.name)
    return name, str(version)


def metadata_of(path: Path) -> bytes | None:
    """Returns the METADATA of a wheel or the PKG-INFO of a source distribution, `None` if unreadable."""
    try:
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                member = archive.extractfile(f"{path.name.removesuffix('.tar.gz')}/PKG-INFO")
                return member.read() if member else None
        with zipfile.ZipFile(path) as zipped:
            ends = (".dist-info/METADATA", "/PKG-INFO")
            name = next(name for name in zipped.namelist() if name.endswith(ends) and name.count("/") == 1)
            return zipped.read(name)
    except (KeyError, StopIteration, tarfile.TarError, zipfile.BadZipFile):
        return None


def requires_python_of(metadata: bytes) -> str | None:
    """Returns the `Requires-Python` of a metadata file, `None` if it has none."""
    return HeaderParser().parsestr(metadata.decode()).get("Requires-Python")


def project_json(project: HostedProject, offers: Offers, files_url: str) -> bytes:
    """Returns the page of one project as JSON."""
    newest_api = offers.upload_times or offers.sizes
    page: dict[str, Any] = {
        "meta": {"api-version": "1.4" if newest_api else "1.0"},
        "name": canonicalize_name(project.name),
        "files": [_file_json(file, offers, files_url) for file in project.files.values()],
    }
    if newest_api:
        page["versions"] = sorted({file.version for file in project.files.values()})
    if project.status is not None:
        page["project-status"] = {"status": project.status}
        if project.status_reason is not None:
            page["project-status"]["reason"] = project.status_reason
    return json.dumps(page).encode()


def project_html(project: HostedProject, offers: Offers, files_url: str) -> bytes:
    """Returns the page of one project as HTML."""
    meta = [_meta("repository-version", "1.4")]
    if project.status is not None:
        meta.append(_meta("project-status", project.status))
    if project.status_reason is not None:
        meta.append(_meta("project-status-reason", project.status_reason))
    anchors = [_anchor(file, offers, files_url) for file in project.files.values()]
    return _html(f"Links for {project.name}", meta, anchors)


def index_json(names: list[str]) -> bytes:
    """Returns the list of all projects as JSON."""
    return json.dumps(
        {"meta": {"api-version": "1.4"}, "projects": [{"name": name} for name in names]},
    ).encode()


def index_html(names: list[str]) -> bytes:
    """Returns the list of all projects as HTML."""
    anchors = [f'<a href="{quote(name)}/">{html.escape(name)}</a><br/>' for name in names]
    return _html("Simple index", [_meta("repository-version", "1.4")], anchors)


def _file_json(file: HostedFile, offers: Offers, files_url: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "filename": file.filename,
        "url": files_url + quote(file.filename),
        "hashes": {"sha256": file.sha256} if file.hashes else {},
        "yanked": file.yanked,
    }
    if file.requires_python is not None:
        entry["requires-python"] = file.requires_python
    if offers.upload_times:
        entry["upload-time"] = file.upload_time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if offers.sizes and file.size:
        entry["size"] = len(file.content)
    advertised = _advertised_metadata(file, offers)
    if advertised is not None:
        algorithm, _, digest = advertised.partition("=")
        entry["core-metadata"] = entry["data-dist-info-metadata"] = {algorithm: digest} if digest else True
    return entry


def _anchor(file: HostedFile, offers: Offers, files_url: str) -> str:
    url = files_url + quote(file.filename)
    attributes = {"href": f"{url}#sha256={file.sha256}" if file.hashes else url}
    if file.requires_python is not None:
        attributes["data-requires-python"] = file.requires_python
    if file.yanked is not False:
        attributes["data-yanked"] = "" if file.yanked is True else file.yanked
    advertised = _advertised_metadata(file, offers)
    if advertised is not None:
        attributes["data-core-metadata"] = attributes["data-dist-info-metadata"] = advertised
    text = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<a {text}>{html.escape(file.filename)}</a><br/>"


def _advertised_metadata(file: HostedFile, offers: Offers) -> str | None:
    if file.metadata is None or offers.core_metadata is not CoreMetadata.ADVERTISED:
        return None
    return f"sha256={hashlib.sha256(file.metadata).hexdigest()}" if file.hashes else "true"


def _meta(name: str, content: str) -> str:
    return f'<meta name="pypi:{name}" content="{html.escape(content)}">'


def _html(title: str, meta: list[str], anchors: list[str]) -> bytes:
    lines = ["<!DOCTYPE html>", "<html>", "<head>", *meta, f"<title>{html.escape(title)}</title>", "</head>"]
    return "\n".join([*lines, "<body>", *anchors, "</body>", "</html>", ""]).encode()
