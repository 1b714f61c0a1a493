"""An index's answer → file entries as plain data, whether it spoke JSON (PEP 691) or HTML (PEP 503).

JSON is read by the lean code here and not through pypi-simple: its pydantic models take 50 µs a file against
5 (a set of 90 packages lists 75,000 files), importing them takes 0.4 s, and one malformed file entry loses
the page. HTML, which is rare and where the rules are intricate, goes through pypi-simple.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from driftcheck.index.transport import FetchFailedError, Response

if TYPE_CHECKING:
    from pypi_simple import RepositoryPage

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
MAX_PAGE_BYTES = 150_000_000
_MAX_HTML_BYTES = 40_000_000
"""Beautiful Soup takes 20 times the size of a page in memory."""
_JSON_TYPES = frozenset({"application/vnd.pypi.simple.v1+json", "application/json"})
_HTML_TYPES = frozenset({"application/vnd.pypi.simple.v1+html", "text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntries:
    """What a page lists, not yet judged."""

    url: str
    """Of the page, after redirects and `<base>`; entries are relative to it."""
    entries: list[object]
    """PEP 691 file entries; anything may be in them."""
    status: str | None = None
    status_reason: str | None = None
    is_surely_index: bool = True
    """False for HTML that does not say that it is a simple page: without files it may be anything."""


def read_entries(response: Response) -> PageEntries:
    """Return the entries of a page.

    Raises:
        FetchFailedError: it is not a page of an index, or of a version of the API that we do not know.
    """
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type in _JSON_TYPES:
        return _from_json(response)
    if content_type in _HTML_TYPES:
        return _from_html(response)
    shown = content_type or "no content type"
    raise FetchFailedError(
        response.url, f"the answer is not an index page ({shown})", "is this an index URL?"
    )


def _from_json(response: Response) -> PageEntries:
    try:
        page = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise FetchFailedError(response.url, "the page is not valid JSON") from error
    meta = page.get("meta") if isinstance(page, dict) else None
    files = page.get("files") if isinstance(page, dict) else None
    if not isinstance(meta, dict) or not isinstance(files, list):
        raise FetchFailedError(response.url, "the JSON is not a project page (PEP 691): no meta, or no files")
    _check_api_version(meta.get("api-version"), response.url)
    marker = page.get("project-status")
    marker = marker if isinstance(marker, dict) else {}
    return PageEntries(
        url=response.url,
        entries=files,
        status=_text(marker.get("status")),
        status_reason=_text(marker.get("reason")),
    )


def _from_html(response: Response) -> PageEntries:
    if len(response.body) > _MAX_HTML_BYTES:
        raise FetchFailedError(response.url, f"the HTML page is larger than {_MAX_HTML_BYTES:,} bytes")
    from pypi_simple import RepositoryPage, UnsupportedRepoVersionError  # noqa: PLC0415 - 0.4 s, and rare

    try:
        page = RepositoryPage.from_html(
            response.body, base_url=response.url, from_encoding=_charset(response.headers)
        )
    except UnsupportedRepoVersionError as error:
        raise FetchFailedError(response.url, str(error)) from error
    except (ValueError, RecursionError, AssertionError, LookupError) as error:
        raise FetchFailedError(response.url, "the HTML could not be read") from error
    meta = page.pypi_meta
    return PageEntries(
        url=response.url,
        entries=list(_html_entries(page)),
        status=next(iter(meta.get("project-status", [])), None),
        status_reason=next(iter(meta.get("project-status-reason", [])), None),
        is_surely_index="repository-version" in meta,
    )


def _html_entries(page: RepositoryPage) -> Iterator[dict[str, object]]:
    """Yield the anchors as PEP 691 entries."""
    for link in page.links:
        try:
            parts = urlsplit(link.url)
        except ValueError:  # an anchor that leads nowhere
            continue
        entry: dict[str, object] = {
            "filename": unquote(parts.path.rpartition("/")[2]),
            "url": link.url.partition("#")[0],
            "hashes": _hash_of(parts.fragment),
        }
        yanked = link.attrs.get("data-yanked")
        if yanked is not None:
            entry["yanked"] = yanked or True
        requires_python = link.attrs.get("data-requires-python")
        if requires_python is not None:
            entry["requires-python"] = requires_python
        advertised = link.attrs.get("data-core-metadata", link.attrs.get("data-dist-info-metadata"))
        if isinstance(advertised, str) and advertised.lower() != "false":
            entry["core-metadata"] = _hash_of(advertised) or True
        yield entry


def _hash_of(text: str) -> dict[str, str]:
    """Return {algorithm: digest} of `sha256=…`, which may stand among other things in a fragment."""
    for part in text.split("&"):
        algorithm, equals, digest = part.partition("=")
        if equals and algorithm in {"sha256", "sha384", "sha512", "sha224", "sha1", "md5"}:
            return {algorithm: digest}
    return {}


def _check_api_version(version: object, url: str) -> None:
    major = version.partition(".")[0] if isinstance(version, str) else None
    if major != "1":
        shown = version if isinstance(version, str) else "none"
        raise FetchFailedError(
            url,
            f"the page has version {shown} of the index API; driftcheck reads version 1",
            "update driftcheck",
        )


def _charset(headers: Mapping[str, str]) -> str | None:
    for parameter in headers.get("content-type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
