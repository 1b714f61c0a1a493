"""An index's answer → the names and JSON texts of its file entries, whether it spoke JSON (PEP 691) or HTML.

JSON is read by the lean code here and not through pypi-simple: its pydantic models take 50 µs a file against
5 (a set of 90 packages lists 75,000 files), importing them takes 0.4 s, and one malformed file entry loses
the page. HTML, which is rare and where the rules are intricate, goes through pypi-simple.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from driftcheck.index.connection.transport import FetchFailedError, Response
from driftcheck.index.pages.json_walk import entries_of_files

if TYPE_CHECKING:
    from pypi_simple import RepositoryPage

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
MAX_PAGE_BYTES = 150_000_000
_MAX_HTML_BYTES = 40_000_000
"""Beautiful Soup takes 20 times the size of a page in memory."""
_JSON_TYPES = frozenset({"application/vnd.pypi.simple.v1+json", "application/json"})
_HTML_TYPES = frozenset({"application/vnd.pypi.simple.v1+html", "text/html", "application/xhtml+xml"})

Entry = tuple[object, str]
"""The file name if there is one, and the whole PEP 691 entry as JSON; nothing of it was judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntries:
    """What a page lists, not yet judged."""

    url: str
    """Of the page, after redirects; entries are relative to it."""
    entries: list[Entry]
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
    what = f"the answer is not an index page ({content_type or 'no content type'})"
    raise FetchFailedError(response.url, what, "is this an index URL?")


def _from_json(response: Response) -> PageEntries:
    try:
        page, files = entries_of_files(response.body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FetchFailedError(response.url, "the page is not valid JSON") from error
    meta = page.get("meta")
    if not isinstance(meta, dict) or files is None:
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
        entries=entries_of_urls(_html_links(page)),
        status=next(iter(meta.get("project-status", [])), None),
        status_reason=next(iter(meta.get("project-status-reason", [])), None),
        is_surely_index="repository-version" in meta,
    )


def entries_of_urls(links: Iterable[tuple[str, Mapping[str, object]]]) -> list[Entry]:
    """Return the entries of (URL, further keys of PEP 691); an URL that leads nowhere is left out."""
    entries: list[Entry] = []
    for url, further in links:
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        filename = unquote(parts.path.rpartition("/")[2])
        entry = {
            "filename": filename,
            "url": url.partition("#")[0],
            "hashes": _hash_of(parts.fragment),
            **further,
        }
        entries.append((filename, json.dumps(entry)))
    return entries


def _html_links(page: RepositoryPage) -> Iterable[tuple[str, Mapping[str, object]]]:
    """Yield the anchors with what their attributes say, in the words of PEP 691."""
    for link in page.links:
        further: dict[str, object] = {}
        yanked = link.attrs.get("data-yanked")
        if yanked is not None:
            further["yanked"] = yanked or True
        requires_python = link.attrs.get("data-requires-python")
        if requires_python is not None:
            further["requires-python"] = requires_python
        advertised = link.attrs.get("data-core-metadata", link.attrs.get("data-dist-info-metadata"))
        if isinstance(advertised, str) and advertised.lower() != "false":
            further["core-metadata"] = _hash_of(advertised) or True
        yield link.url, further


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
        what = f"the page has version {shown} of the index API; driftcheck reads version 1"
        raise FetchFailedError(url, what, "update driftcheck")


def _charset(headers: Mapping[str, str]) -> str | None:
    for parameter in headers.get("content-type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
