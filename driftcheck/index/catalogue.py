"""The indexes of one run as a `Catalogue`: pages of all places merged, metadata by the cheapest road."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

from packaging.utils import NormalizedName

from driftcheck.index.cache.store import CacheStore
from driftcheck.index.connection.server_memory import ServerMemory
from driftcheck.index.connection.transport import FetchFailedError, Transport
from driftcheck.index.metadata.metadata_roads import MetadataRoads
from driftcheck.index.pages.places import Place
from driftcheck.index.pages.project_page import ListedPage, MergedPage
from driftcheck.index.pool import Once, Workers
from driftcheck.index.statistics import Counter, Statistics
from driftcheck.model.errors import DriftcheckError, IndexUnavailableError, OfflineMissError
from driftcheck.model.gap import Gap, Step
from driftcheck.model.progress import Progress
from driftcheck.model.release import CoreMetadata, DistributionFile

_PAGES, _METADATA = "index pages", "metadata"


class _Tally:
    """Tells the progress display how many of the things asked for are there."""

    def __init__(self, progress: Progress, step: str) -> None:
        self._progress, self._step = progress, step
        self._lock = threading.Lock()
        self._done = self._total = 0

    def add(self, *, total: int = 0, done: int = 0) -> None:
        with self._lock:
            self._total += total
            self._done += done
            self._progress.update(self._step, done=self._done, total=max(self._total, self._done))


class IndexCatalogue:
    """What all places together know; safe for threads.

    Args:
        places: Of equally good files that of the earlier place wins.
        transport: What the places and the roads ask through.
        roads: To metadata; made here because they report gaps here.
    """

    def __init__(
        self,
        *,
        places: tuple[Place, ...],
        transport: Transport,
        cache: CacheStore,
        memory: ServerMemory,
        counter: Counter,
        workers: Workers,
        roads: Callable[[Callable[[Gap], None]], MetadataRoads],
        progress: Progress,
    ) -> None:
        self._places = places
        self._transport = transport
        self._cache = cache
        self._progress = progress
        self._memory = memory
        self._counter = counter
        self._workers = workers
        self._roads = roads(self._note)
        self._page_tally = _Tally(progress, _PAGES)
        self._metadata_tally = _Tally(progress, _METADATA)
        self._lock = threading.Lock()
        self._noted: set[Gap] = set()
        self._seen: list[tuple[NormalizedName, ListedPage]] = []
        self._failures: dict[tuple[str, str], set[NormalizedName]] = {}
        self._listed = Once(workers, self._ask_place)
        self._pages = Once(workers, self._merge, quick=self._known_page)
        # Metadata waits for the network, pages are work for the processor: taken in turns they overlap.
        self._metadata: Once[DistributionFile, CoreMetadata] = Once(
            workers, self._read_metadata, quick=self._known_metadata, goes_first=True
        )

    def page(self, name: NormalizedName) -> MergedPage | None:
        """Return the project's page, `None` if every place answered and none knows it.

        Raises:
            IndexUnavailableError: none knows it, and one that could did not answer.
        """
        return self._pages.result(name)

    def metadata(self, file: DistributionFile) -> CoreMetadata:
        """Return a file's core metadata.

        Raises:
            MetadataUnavailableError: it has none that can be read without building.
            IndexUnavailableError: it could not be fetched.
        """
        return self._metadata.result(file)

    def prefetch_pages(self, names: Iterable[NormalizedName]) -> None:
        """Start fetching pages in the background."""
        for name in names:
            self._pages.prefetch(name)

    def prefetch_metadata(self, files: Iterable[DistributionFile]) -> None:
        """Start fetching metadata in the background."""
        for file in files:
            self._metadata.prefetch(file)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What went missing without stopping anything, sorted."""
        with self._lock:
            failed = [
                Gap(subject=url, step=Step.RESOLVE, reason=f"{what}, asked for {_some(names)}")
                for (url, what), names in self._failures.items()
            ]
            noted = [*self._noted, *failed, *self._misunderstood()]
        return tuple(sorted(noted, key=lambda gap: gap.sort_key))

    def _misunderstood(self) -> Iterator[Gap]:
        for name, page in self._seen:
            if page.skipped:
                reason = f"{page.skipped} file entries for {name} could not be understood"
                yield Gap(subject=page.index_url, step=Step.RESOLVE, reason=reason)

    @property
    def statistics(self) -> Statistics:
        """What it cost so far."""
        return self._counter.snapshot()

    @property
    def transport(self) -> Transport:
        """For reading files and parts of them (the linker)."""
        return self._transport

    def close(self) -> None:
        """End the workers and write down what was learnt."""
        self._workers.close()
        self._memory.save()
        self._cache.close()
        if self._cache.fault is not None:
            self._progress.warn(self._cache.fault)

    def _note(self, gap: Gap) -> None:
        with self._lock:
            self._noted.add(gap)

    def _known_page(self, name: NormalizedName) -> tuple[MergedPage | None] | None:
        """Return the page if the cache has all of it."""
        found: list[ListedPage] = []
        for place in self._places:
            known = place.known(name)
            if known is None:
                return None
            if known[0] is not None:
                found.append(known[0])
        return (self._merged(name, found),)

    def _merge(self, name: NormalizedName) -> MergedPage | None:
        self._page_tally.add(total=1)
        positions = range(len(self._places))
        for position in positions[1:]:
            self._listed.prefetch((position, name))
        found: list[ListedPage] = []
        failures: list[tuple[Place, IndexUnavailableError]] = []
        for position in positions:
            try:
                listed = self._listed.result((position, name))
            except IndexUnavailableError as error:
                failures.append((self._places[position], error))
            else:
                if listed is not None:
                    found.append(listed)
        self._page_tally.add(done=1)
        if failures and not found:
            raise _unanswered(*failures[0])
        for place, failure in failures:
            what = failure.what if isinstance(failure, FetchFailedError) else failure.message
            with self._lock:
                self._failures.setdefault((place.url, what), set()).add(name)
        return self._merged(name, found)

    def _merged(self, name: NormalizedName, found: list[ListedPage]) -> MergedPage | None:
        with self._lock:
            self._seen.extend((name, page) for page in found)
        return MergedPage(name, tuple(found)) if found else None

    def _ask_place(self, key: tuple[int, NormalizedName]) -> ListedPage | None:
        position, name = key
        return self._places[position].page(name)

    def _known_metadata(self, file: DistributionFile) -> tuple[CoreMetadata] | None:
        try:
            metadata = self._roads.known(file)
        except DriftcheckError:
            return None  # it comes again, to whoever asks
        return None if metadata is None else (metadata,)

    def _read_metadata(self, file: DistributionFile) -> CoreMetadata:
        self._metadata_tally.add(total=1)
        try:
            return self._roads.read(file)
        finally:
            self._metadata_tally.add(done=1)


def _unanswered(place: Place, error: IndexUnavailableError) -> IndexUnavailableError:
    """Say it of the index and not of the page: a dead index is then one thing, whatever was asked of it."""
    if isinstance(error, OfflineMissError):
        message = f"its page of {place.url} is not in the cache, and --offline forbids to ask for it"
        return OfflineMissError(message, error.hint)
    what = error.what if isinstance(error, FetchFailedError) else error.message
    return IndexUnavailableError(f"its page could not be fetched from {place.url}: {what}", error.hint)


def _some(names: set[NormalizedName]) -> str:
    """Return a few names and how many more there are."""
    shown = sorted(names)
    more = f" and {len(shown) - 3} more" if len(shown) > 3 else ""
    return ", ".join(shown[:3]) + more
