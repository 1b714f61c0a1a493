"""The indexes: the only part of driftcheck that talks to the network and keeps what it heard.

`open_catalogue` is the way in; `CacheStore` is for `driftcheck cache`. Nothing heavy is imported before a
server has to be asked.
"""

from __future__ import annotations

from driftcheck.index.cache.store import CacheKind, CacheStore, default_cache_folder
from driftcheck.index.catalogue import IndexCatalogue
from driftcheck.index.endpoint import default_index_url
from driftcheck.index.opening import open_catalogue

__all__ = [
    "CacheKind",
    "CacheStore",
    "IndexCatalogue",
    "default_cache_folder",
    "default_index_url",
    "open_catalogue",
]
