"""Ways to open a catalogue on a local index, with the patience of a test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.index import IndexCatalogue, open_catalogue
from driftcheck.model.progress import SilentProgress
from driftcheck.model.project import IndexOptions
from driftcheck.model.release import DistributionFile
from driftcheck.model.settings import CacheSettings, ConnectionSettings, IndexSettings

FLASK = canonicalize_name("Flask")
ONE = Version("1.0")
NO_ENVIRONMENT: Mapping[str, str] = {}


@contextmanager
def opened(
    index_url: str | None = None,
    *,
    extra: tuple[str, ...] = (),
    find_links: tuple[str, ...] = (),
    trusted_hosts: tuple[str, ...] = (),
    connection: ConnectionSettings | None = None,
    cache: Path | None = None,
    offline: bool = False,
    refresh: bool = False,
    environment: Mapping[str, str] = NO_ENVIRONMENT,
) -> Iterator[IndexCatalogue]:
    """Opens a catalogue; without `index_url` there is no index (`--no-index`).

    Args:
        cache: The folder of the cache; `None` for none.
    """
    settings = IndexSettings(
        options=IndexOptions(
            index_url=index_url,
            no_index=index_url is None,
            extra_index_urls=extra,
            find_links=find_links,
            trusted_hosts=trusted_hosts,
        ),
        connection=connection or ConnectionSettings(timeout_s=2, retries=0),
        cache=CacheSettings(folder=cache, is_offline=offline, refresh=refresh),
    )
    with open_catalogue(settings, environment=environment, progress=SilentProgress()) as catalogue:
        yield catalogue


def first_file(catalogue: IndexCatalogue, name: str = "flask", version: str = "1.0") -> DistributionFile:
    """Returns the first file of a release that must be there."""
    page = catalogue.page(canonicalize_name(name))
    assert page is not None
    release = page.release(Version(version))
    assert release is not None
    return release.files[0]
