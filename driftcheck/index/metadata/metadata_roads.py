"""The roads to a file's core metadata, the cheapest first: cache, `.metadata`, parts of the wheel, all of it.

Sources:
    PEP 658 and 714 (`.metadata` files). An index that does not advertise them may have them all the same: see
    `server_memory`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping

from driftcheck.index.cache.store import CacheKind, CacheStore
from driftcheck.index.connection.origin import origin_of
from driftcheck.index.connection.server_memory import ServerMemory
from driftcheck.index.connection.transport import FetchFailedError, TooLargeError, Transport
from driftcheck.index.statistics import Counter
from driftcheck.model.errors import MetadataUnavailableError, OfflineMissError
from driftcheck.model.gap import Gap, Step
from driftcheck.model.release import CoreMetadata, DistributionFile

MAX_METADATA_BYTES = 16 * 1024**2
MAX_WHOLE_WHEEL_BYTES = 100 * 1024**2
"""On a server without ranges; it has to be in memory as a whole."""
_UNAVAILABLE_FACT = "unavailable"
_UNAVAILABLE_FOR_S = 24 * 3600.0
_STRONG_FIRST = ("sha512", "sha384", "sha256", "sha224", "sha1", "md5")

Raw = tuple[bytes, bool]
"""The text of METADATA or PKG-INFO, and whether a build could not change it."""


class MetadataRoads:
    """Reads core metadata; safe for threads.

    Args:
        transport: Asks.
        cache: Remembers for ever what a file says.
        memory: Knows what the servers can do.
        counter: Counts what the cache knew.
        is_offline: Answer from the cache and from local files alone.
        note: Takes gaps.
    """

    def __init__(
        self,
        transport: Transport,
        cache: CacheStore,
        memory: ServerMemory,
        *,
        counter: Counter,
        is_offline: bool,
        note: Callable[[Gap], None],
    ) -> None:
        self._transport = transport
        self._cache = cache
        self._memory = memory
        self._counter = counter
        self._is_offline = is_offline
        self._note = note

    def known(self, file: DistributionFile) -> CoreMetadata | None:
        """Return what the cache knows, `None` if the file has to be looked at.

        Raises:
            MetadataUnavailableError: it was looked at within a day, in vain.
        """
        entry = None if _is_local(file) else self._cache.get(CacheKind.METADATA, _key(file))
        if entry is None:
            return None
        why = entry.facts.get(_UNAVAILABLE_FACT)
        if why is not None:
            if time.time() - entry.stored_at > _UNAVAILABLE_FOR_S and not self._is_offline:
                return None
            raise MetadataUnavailableError(why)
        from driftcheck.index.metadata.core_metadata import from_json  # noqa: PLC0415 - only if there is something to read

        try:
            metadata = from_json(json.loads(bytes(entry.payload)))
        except ValueError:
            return None
        self._counter.add(cache_hits=1)
        return metadata

    def read(self, file: DistributionFile) -> CoreMetadata:
        """Return a file's metadata.

        Raises:
            MetadataUnavailableError: it has none that can be read without building.
            IndexUnavailableError: it could not be fetched, or is not in the cache with `--offline`.
        """
        known = self.known(file)
        if known is not None:
            return known
        if self._is_offline and not _is_local(file):
            raise OfflineMissError(
                f"the metadata of {file.filename} is not in the cache, and --offline forbids to ask for it",
                "run once without --offline",
            )
        try:
            metadata = self._by_roads(file)
        except MetadataUnavailableError as error:
            self._keep(file, b"", {_UNAVAILABLE_FACT: error.message})
            raise
        from driftcheck.index.metadata.core_metadata import to_json  # noqa: PLC0415 - imported by now

        self._keep(file, json.dumps(to_json(metadata), separators=(",", ":")).encode(), {})
        return metadata

    def _by_roads(self, file: DistributionFile) -> CoreMetadata:
        from driftcheck.index.metadata.core_metadata import parse_metadata  # noqa: PLC0415 - a warm run does without

        failure: MetadataUnavailableError | None = None
        for road in self._roads(file):
            try:
                raw = road(file)
                if raw is not None:
                    return parse_metadata(raw[0], is_certain=raw[1], file=file)
            except MetadataUnavailableError as error:
                failure = error
        raise failure or MetadataUnavailableError(f"no metadata of {file.filename} could be found")

    def _roads(self, file: DistributionFile) -> Iterator[Callable[[DistributionFile], Raw | None]]:
        """Yield the roads that are worth a try, as late as possible: they learn from each other."""
        try:
            origin = origin_of(file.url)
        except ValueError as error:  # a requirement line may name any URL
            raise FetchFailedError(file.url, "this is not a valid URL") from error
        if file.metadata_hashes is not None:
            yield self._advertised
        elif file.is_wheel and not _is_local(file) and self._memory.takes_metadata_try(origin):
            yield self._unadvertised
        if not file.is_wheel:
            yield self._sdist
            return
        if self._memory.has_ranges(origin):
            yield self._parts
        yield self._whole_wheel

    def _advertised(self, file: DistributionFile) -> Raw | None:
        try:
            response = self._transport.get(_metadata_url(file), limit_bytes=MAX_METADATA_BYTES)
        except TooLargeError:
            return None
        if response.status != 200:
            return None
        if _matches(response.body, file.metadata_hashes or {}) is False:
            reason = (
                f"{file.filename}.metadata does not have the hash that the index says; the wheel was read"
            )
            self._note(Gap(subject=file.name, step=Step.RESOLVE, reason=reason))
            return None
        return response.body, True

    def _unadvertised(self, file: DistributionFile) -> Raw | None:
        """Try; every answer but a 200 means no, because some stores refuse what they do not have."""
        was_there = False
        try:
            response = self._transport.get(_metadata_url(file), limit_bytes=MAX_METADATA_BYTES)
            was_there = response.status == 200 and b"metadata-version" in response.body[:2000].lower()
        except TooLargeError:
            return None
        finally:
            self._memory.note_metadata(origin_of(file.url), was_there=was_there)
        return (response.body, True) if was_there else None

    def _parts(self, file: DistributionFile) -> Raw | None:
        from driftcheck.index.metadata.remote_zip import RangesNotSupportedError  # noqa: PLC0415 - a warm run does without
        from driftcheck.index.metadata.wheels import read_metadata_by_ranges  # noqa: PLC0415

        origin = origin_of(file.url)
        try:
            raw = read_metadata_by_ranges(self._transport, file.url, file.size_bytes)
        except RangesNotSupportedError:
            self._memory.note_ranges(origin, work=False)
            return None
        if not _is_local(file):
            self._memory.note_ranges(origin, work=True)
        return raw, True

    def _whole_wheel(self, file: DistributionFile) -> Raw | None:
        from driftcheck.index.connection.refusal import refusal  # noqa: PLC0415 - a warm run does without
        from driftcheck.index.metadata.wheels import read_metadata_from_bytes  # noqa: PLC0415

        too_large = MetadataUnavailableError(
            f"{file.filename} has no metadata beside it, its server gives no parts of files, and it is "
            f"larger than {MAX_WHOLE_WHEEL_BYTES:,} bytes"
        )
        if (file.size_bytes or 0) > MAX_WHOLE_WHEEL_BYTES:
            raise too_large
        try:
            response = self._transport.get(file.url, limit_bytes=MAX_WHOLE_WHEEL_BYTES)
        except TooLargeError as error:
            raise too_large from error
        if response.status != 200:
            raise refusal(file.url, response.status)
        if _matches(response.body, file.hashes) is False:
            raise MetadataUnavailableError(f"{file.filename} does not have the hash that the index says")
        return read_metadata_from_bytes(response.body, file.filename), True

    def _sdist(self, file: DistributionFile) -> Raw | None:
        from driftcheck.index.metadata.sdists import read_metadata  # noqa: PLC0415 - a warm run does without

        return read_metadata(self._transport, file)

    def _keep(self, file: DistributionFile, payload: bytes, facts: Mapping[str, str]) -> None:
        if not _is_local(file):
            self._cache.put(CacheKind.METADATA, _key(file), payload, facts)


def _metadata_url(file: DistributionFile) -> str:
    path, question, query = file.url.partition("?")
    return f"{path}.metadata{question}{query}"


def _is_local(file: DistributionFile) -> bool:
    return file.url.startswith("file:")


def _key(file: DistributionFile) -> str:
    """Return what tells files apart whatever index lists them: their content, else their address."""
    sha256 = file.hashes.get("sha256")
    return f"sha256:{sha256}" if sha256 else f"url:{file.url}"


def _matches(data: bytes, hashes: Mapping[str, str]) -> bool | None:
    """Whether data has the strongest of the hashes, `None` if there is none to compare."""
    for algorithm in _STRONG_FIRST:
        digest = hashes.get(algorithm)
        if digest is not None:
            return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() == digest.lower()
    return None
