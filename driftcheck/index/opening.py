"""Put the parts of `index/` together for one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from driftcheck import __version__
from driftcheck.index.cache.store import CacheStore
from driftcheck.index.catalogue import IndexCatalogue
from driftcheck.index.connection.credentials import Credentials
from driftcheck.index.connection.schemes import ClosableTransport, SchemeTransport
from driftcheck.index.connection.server_memory import ServerMemory
from driftcheck.index.endpoint import default_index_url
from driftcheck.index.metadata.metadata_roads import MetadataRoads
from driftcheck.index.pages.page_fetch import PageFetcher
from driftcheck.index.pages.places import FindLinks, Index, Place, as_url
from driftcheck.index.pool import Workers
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
    counter, workers = Counter(), Workers(settings.connection.jobs)
    credentials = Credentials(
        (*_index_urls(settings.options), *_find_links(settings.options)),
        provider=settings.connection.keyring_provider,
        environment=environment,
    )
    is_offline = settings.cache.is_offline
    transport = SchemeTransport(
        None if is_offline else lambda: _http_client(settings, credentials, counter, environment, workers)
    )
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
    catalogue = IndexCatalogue(
        places=_places(settings.options, fetcher),
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


def _http_client(
    settings: IndexSettings,
    credentials: Credentials,
    counter: Counter,
    environment: Mapping[str, str],
    workers: Workers,
) -> ClosableTransport:
    from driftcheck.index.connection.http import HttpClient  # noqa: PLC0415 - imports requests

    return HttpClient(
        settings.connection,
        credentials=credentials,
        environment=environment,
        trusted_hosts=settings.options.trusted_hosts,
        user_agent=f"driftcheck/{__version__}",
        counter=counter,
        jobs=workers.jobs,
    )


def _places(options: IndexOptions, fetcher: PageFetcher) -> tuple[Place, ...]:
    """Return the places, the one first that wins between equally good files.

    pip lists find-links, the index, then the extra indexes, and takes the last of equals (seen with 23.2).
    """
    find_links = [FindLinks(url, fetcher) for url in dict.fromkeys(_find_links(options))]
    indexes = [Index(url, fetcher) for url in dict.fromkeys(_index_urls(options))]
    return tuple(reversed([*find_links, *indexes]))


def _find_links(options: IndexOptions) -> tuple[str, ...]:
    return tuple(map(as_url, options.find_links))


def _index_urls(options: IndexOptions) -> tuple[str, ...]:
    if options.no_index:
        return ()
    return (options.index_url or default_index_url(), *options.extra_index_urls)
