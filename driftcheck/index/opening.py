"""Put the parts of `index/` together for one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from driftcheck import __version__
from driftcheck.index.cache import CacheStore
from driftcheck.index.catalogue import IndexCatalogue
from driftcheck.index.credentials import Credentials
from driftcheck.index.endpoint import default_index_url
from driftcheck.index.metadata_roads import MetadataRoads
from driftcheck.index.page_fetch import PageFetcher
from driftcheck.index.places import FindLinks, Index, Place, as_url
from driftcheck.index.pool import Workers
from driftcheck.index.schemes import ClosableTransport, SchemeTransport
from driftcheck.index.server_memory import ServerMemory
from driftcheck.index.statistics import Counter
from driftcheck.model.progress import Progress
from driftcheck.model.project import IndexOptions
from driftcheck.model.settings import IndexSettings


@contextmanager
def open_catalogue(
    settings: IndexSettings, *, environment: Mapping[str, str], progress: Progress
) -> Iterator[IndexCatalogue]:
    """Open the indexes that the settings name; leaving ends every thread and writes down what was learnt.

    Args:
        settings: Which indexes, how to reach them, where to keep answers.
        environment: For proxies, CA bundles, netrc and the keyring's command.
        progress: Hears of pages and metadata that had to be fetched.

    Raises:
        SettingsError: on the first request, if a CA bundle or client certificate can't be read.
    """
    options, connection = settings.options, settings.connection
    index_urls, find_links = _index_urls(options), tuple(map(as_url, options.find_links))
    credentials = Credentials(
        (*index_urls, *find_links), provider=connection.keyring_provider, environment=environment
    )
    counter = Counter()
    workers = Workers(connection.jobs)

    def make_http() -> ClosableTransport:
        from driftcheck.index.http import HttpClient  # noqa: PLC0415 - imports requests

        return HttpClient(
            connection,
            credentials=credentials,
            environment=environment,
            trusted_hosts=options.trusted_hosts,
            user_agent=f"driftcheck/{__version__}",
            counter=counter,
            jobs=workers.jobs,
        )

    is_offline = settings.cache.is_offline
    transport = SchemeTransport(None if is_offline else make_http)
    cache = CacheStore(settings.cache.folder, max_size_bytes=settings.cache.max_size_bytes)
    memory = ServerMemory(cache)
    fetcher = PageFetcher(
        transport,
        cache,
        credentials=credentials,
        counter=counter,
        is_offline=is_offline,
        refresh=settings.cache.refresh,
    )
    places: tuple[Place, ...] = (
        *(FindLinks(url, fetcher) for url in dict.fromkeys(find_links)),
        *(Index(url, fetcher) for url in dict.fromkeys(index_urls)),
    )
    catalogue = IndexCatalogue(
        places=places,
        transport=transport,
        cache=cache,
        memory=memory,
        counter=counter,
        workers=workers,
        roads=lambda note: MetadataRoads(
            transport, cache, memory, counter=counter, is_offline=is_offline, note=note
        ),
        progress=progress,
    )
    try:
        yield catalogue
    finally:
        transport.close()
        catalogue.close()


def _index_urls(options: IndexOptions) -> tuple[str, ...]:
    if options.no_index:
        return ()
    return (options.index_url or default_index_url(), *options.extra_index_urls)
