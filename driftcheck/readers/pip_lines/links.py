"""Tell what a URL or path stands for: an archive, a repository or a folder; and which name it gives away."""

from __future__ import annotations

import os.path
import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from driftcheck.model.project import Hash
from driftcheck.model.requirement_source import FromArchive, FromFolder, FromVcs, RequirementSource
from driftcheck.readers.pip_lines.line_error import LineError
from driftcheck.support.redaction import redacted

_VCS_SCHEMES = frozenset({
    "bzr+http", "bzr+https", "bzr+ssh", "bzr+sftp", "bzr+ftp", "bzr+lp", "bzr+file",
    "git+http", "git+https", "git+ssh", "git+git", "git+file",
    "hg+file", "hg+http", "hg+https", "hg+ssh", "hg+static-http",
    "svn+ssh", "svn+http", "svn+https", "svn+svn", "svn+file",
})  # fmt: skip
# pip registers the bare ones for urllib and then refuses them, but takes them for URLs.
_URL_SCHEMES = frozenset({"http", "https", "file", "ftp"}) | _VCS_SCHEMES
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ARCHIVE = re.compile(r"[^/\\]\.(?:zip|whl|tar\.(?:gz|bz2|xz|lz|lzma)|tgz|tar|tbz|txz|tlz)$", re.IGNORECASE)
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_EGG = re.compile(r"[#&]egg=([^&]*)")
_PROJECT_NAME = re.compile(r"(?:[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])\Z", re.IGNORECASE | re.ASCII)
_FRAGMENT_HASH = re.compile(r"[#&](sha512|sha384|sha256|sha224|sha1|md5)=([^&]*)")


def url_scheme(text: str) -> str | None:
    """Return the scheme in lower case if pip would take the text for a URL, else `None`."""
    match = _SCHEME.match(text)
    scheme = match[1].lower() if match else ""
    return scheme if scheme in _URL_SCHEMES else None


def is_vcs_url(url: str) -> bool:
    """Whether a URL names a repository, e.g. `git+https://…`."""
    return url_scheme(url) in _VCS_SCHEMES


def is_archive_name(path: str) -> bool:
    """Whether a path or file name ends as a wheel or an archive does."""
    return _ARCHIVE.search(path) is not None


def looks_like_path(text: str) -> bool:
    """Whether a text is a path by its looks, as pip judges: a separator, or a dot in front."""
    return "/" in text or text.startswith(".") or _WINDOWS_PATH.match(text) is not None


def is_windows_path(text: str) -> bool:
    r"""Whether a text is a path with a drive or a share, `C:\wheels`, on whatever system this runs."""
    return _WINDOWS_PATH.match(text) is not None


def source_of_url(url: str, *, is_editable: bool = False) -> RequirementSource:
    """Return what a URL leads to; a `file:` URL that names no archive is a folder."""
    if is_vcs_url(url):
        return FromVcs(url=url)
    if url_scheme(url) == "file" and not is_archive_name(url_path(url)):
        return FromFolder(path=path_of_file_url(url), is_editable=is_editable)
    return FromArchive(url=url)


def url_path(url: str) -> str:
    """Return the path of a URL, unquoted.

    Raises:
        LineError: it is not a URL.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise LineError(f"{redacted(url)[:100]} is not a URL: {str(error).lower()}") from error
    return unquote(parts.path) if parts.path else parts.netloc


def path_of_file_url(url: str) -> str:
    """Return the path that a `file:` URL names; relative as it stands, which pip permits (`file:../x`)."""
    path = url_path(url)
    # `/C:/wheels` is the URL's spelling of `C:/wheels`.
    return path[1:] if re.match(r"/[A-Za-z]:[\\/]", path) else path


def file_url(path: str) -> str:
    """Return the `file:` URL of an absolute path, also of a Windows path on another system."""
    posix = path.replace("\\", "/") if is_windows_path(path) else path
    lead = "" if posix.startswith("/") else "/"
    return "file://" + quote(lead + posix, safe="/:@", errors="replace")


def resolved_file_url(url: str, folder: Path) -> str:
    """Return a `file:` URL with an absolute path, taken against the working directory as pip does."""
    parts = url.partition("#")
    path = path_of_file_url(url)
    if is_windows_path(path) or "\0" in path:
        return url
    return file_url(str(absolute(path, folder))) + parts[1] + parts[2]


def absolute(path: str, folder: Path) -> Path:
    """Return a path without `.` and `..`, taken against a folder; links are not followed, as in pip."""
    return Path(os.path.normpath(folder / path))


def is_folder(path: Path | str) -> bool:
    """Whether a folder is there; `Path.is_dir` raises for what is too long or not permitted."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path | str) -> bool:
    """Whether a file is there; `Path.is_file` raises for what is too long or not permitted."""
    return os.path.isfile(path)  # noqa: PTH113


def egg_name(url: str) -> str | None:
    """Return the project that `#egg=` names, `None` if there is none.

    Raises:
        LineError: it is more than a name, which pip took up to 24 and refuses today.
    """
    match = _EGG.search(url)
    if match is None:
        return None
    if not _PROJECT_NAME.match(match[1]):
        shown = redacted(match[1])[:60]
        raise LineError(
            f"#egg= must be a bare project name, not {shown!r}; write `name[extra] @ URL` instead"
        )
    return match[1]


def fragment_hashes(url: str) -> tuple[Hash, ...]:
    """Return the hash that a URL's fragment gives (`#sha256=…`), if any."""
    match = _FRAGMENT_HASH.search(url)
    return (Hash(algorithm=match[1], digest=match[2].lower()),) if match else ()


def pinned_by_wheel(filename: str) -> str:
    """Return the requirement that a wheel's file name stands for, `name==version`.

    Raises:
        LineError: the name is not one a wheel may have (PEP 427).
    """
    try:
        name, version, _, _ = parse_wheel_filename(filename)
    except InvalidWheelFilename as error:
        raise LineError(f"{filename[:100]!r} is not a wheel's file name") from error
    return f"{name}=={version}"
