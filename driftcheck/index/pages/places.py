"""The places that packages come from: indexes with a page per project, find-links with one list for all."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urljoin, urlsplit

from packaging.utils import NormalizedName

from driftcheck.index.connection.credentials import login_in
from driftcheck.index.connection.local_files import folder_entries, path_of
from driftcheck.index.connection.transport import FetchFailedError, Response
from driftcheck.index.pages.filenames import is_distribution
from driftcheck.index.pages.listing import Listing
from driftcheck.index.pages.page_blob import distil
from driftcheck.index.pages.page_entries import PageEntries, entries_of_urls, read_entries
from driftcheck.index.pages.page_fetch import Known, PageFetcher
from driftcheck.index.pages.project_page import ListedPage
from driftcheck.model.release import EMPTY
from driftcheck.support.redaction import without_credentials


class Place(Protocol):
    """Where a project's files may be listed."""

    @property
    def url(self) -> str:
        """Without credentials."""

    def known(self, name: NormalizedName) -> tuple[ListedPage | None] | None:
        """Return what the cache knows, in a tuple of one; `None` if the place has to be asked."""

    def page(self, name: NormalizedName) -> ListedPage | None:
        """Return what is listed for a project, `None` if it is not known there.

        Raises:
            IndexUnavailableError: the place could not be asked, or what it said is not an index page.
        """


def as_url(location: str) -> str:
    """Return the URL of an index or find-links place given as URL or as path (`~` is the home folder)."""
    if "://" in location or location.lower().startswith("file:"):
        return location
    return Path(os.path.abspath(Path(location).expanduser())).as_uri()  # noqa: PTH100 - links stay


class Index:
    """A simple repository: `url/name/` lists a project (PEP 503, 691).

    Args:
        location: URL, with credentials if it has them, or path.
        fetcher: Gets the pages.
    """

    def __init__(self, location: str, fetcher: PageFetcher) -> None:
        self._asked_url = as_url(location).rstrip("/") + "/"
        self._url = without_credentials(self._asked_url)
        self._fetcher = fetcher
        self._is_local = self._url.startswith("file:")

    @property
    def url(self) -> str:
        """Without credentials."""
        return self._url

    def known(self, name: NormalizedName) -> tuple[ListedPage | None] | None:
        """Return what the cache knows."""
        known = self._known_file(name) if self._is_local else self._fetcher.known(self._key(name))
        return None if known is None else self._listed(known)

    def _known_file(self, name: NormalizedName) -> Known | None:
        try:
            if not path_of(self._url).is_dir():
                return None
            return self._fetcher.known_file(self._page_url(name), key=self._key(name))
        except FetchFailedError:
            return None  # it comes again, to whoever asks

    def page(self, name: NormalizedName) -> ListedPage | None:
        """Return what is listed for a project."""
        if self._is_local and not path_of(self._url).is_dir():
            raise FetchFailedError(self._url, "there is no such folder")

        def boil_down(response: Response) -> bytes:
            page = read_entries(response)
            if not (page.is_surely_index or self._is_local or _lists_files(page)):
                raise FetchFailedError(
                    response.url,
                    "the HTML lists no file and does not say that it is an index page",
                    "is this an index URL, and does it want a login?",
                )
            return distil(page, name)

        url = self._page_url(name)
        listed = self._listed(self._fetcher.fetch(url, key=self._key(name), boil_down=boil_down))
        if listed is None:
            self._fetcher.forget(self._key(name))
            listed = self._listed(self._fetcher.fetch(url, key=self._key(name), boil_down=boil_down))
        if listed is None:
            raise FetchFailedError(url, "the page could not be read")
        return listed[0]

    def _page_url(self, name: NormalizedName) -> str:
        try:
            return urljoin(self._asked_url, quote(name) + "/")
        except ValueError as error:  # an unclosed bracket
            raise FetchFailedError(self._url, "this is not a valid URL") from error

    def _key(self, name: NormalizedName) -> str:
        return f"{_place_key(self._asked_url)}\0{name}"

    def _listed(self, known: Known) -> tuple[ListedPage | None] | None:
        if known.blob is None:
            return (None,)
        try:
            return (ListedPage(known.blob, self._url),)
        except ValueError:  # written by a version with another form
            return None


class FindLinks:
    """A folder of files, one file, or a page with links to files of any projects (pip's `--find-links`).

    Args:
        location: URL, with credentials if it has them, or path.
        fetcher: Gets the page.
    """

    def __init__(self, location: str, fetcher: PageFetcher) -> None:
        self._asked_url = as_url(location)
        self._url = without_credentials(self._asked_url)
        self._fetcher = fetcher
        self._is_local = self._url.startswith("file:")
        self._lock = threading.Lock()
        self._listing: Listing | None = None
        self._error: FetchFailedError | None = None

    @property
    def url(self) -> str:
        """Without credentials."""
        return self._url

    def known(self, name: NormalizedName) -> tuple[ListedPage | None] | None:
        """Return what is known once the list was read; one on this machine is read at once."""
        if self._listing is None and not self._is_local:
            return None
        try:
            return (self.page(name),)
        except FetchFailedError:
            return None  # it comes again, to whoever asks

    def page(self, name: NormalizedName) -> ListedPage | None:
        """Return what is listed for a project; the list is read once, for all of them."""
        with self._lock:
            if self._error is not None:
                raise self._error
            if self._listing is None:
                try:
                    self._listing = Listing(self._read())
                except FetchFailedError as error:
                    self._error = error
                    raise
        page = ListedPage(distil(self._listing.of_project(name), name), self._url)
        return page if page.header.texts else None

    def _read(self) -> PageEntries:
        try:
            path = urlsplit(self._url).path
        except ValueError as error:  # an unclosed bracket
            raise FetchFailedError(self._url, "this is not a valid URL") from error
        if is_distribution(path):
            return PageEntries(url=self._url, entries=entries_of_urls([(self._url, {})]))
        names = folder_entries(self._url) if self._is_local else None
        if names is not None:
            base = self._url.rstrip("/") + "/"
            links = [(base + quote(name), EMPTY) for name in names]
            return PageEntries(url=base, entries=entries_of_urls(links))
        known = self._fetcher.fetch(
            self._asked_url, key=f"find-links\0{_place_key(self._asked_url)}", boil_down=_packed_entries
        )
        if known.blob is None:
            missing = "file or folder" if self._is_local else "page (status 404)"
            raise FetchFailedError(self._url, f"there is no such {missing}")
        return _unpacked_entries(known.blob)


def _packed_entries(response: Response) -> bytes:
    page = read_entries(response)
    return json.dumps([page.url, page.entries]).encode()


def _unpacked_entries(blob: bytes | memoryview) -> PageEntries:
    url, entries = json.loads(bytes(blob))
    return PageEntries(url=url, entries=[(filename, text) for filename, text in entries])


def _lists_files(page: PageEntries) -> bool:
    return any(isinstance(filename, str) and is_distribution(filename) for filename, _ in page.entries)


def _place_key(url: str) -> str:
    """Return what tells places and users apart in the cache, without any credentials."""
    username, _ = login_in(url)
    user = hashlib.sha256(username.encode()).hexdigest()[:16] if username else ""
    return f"{without_credentials(url)}\0{user}"
