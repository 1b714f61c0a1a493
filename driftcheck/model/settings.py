"""What the user asked for, after the command line, the environment and the configuration were merged."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from pathlib import Path

from driftcheck.model.finding import Confidence, Severity
from driftcheck.model.project import IndexOptions


class KeyringProvider(str, Enum):
    """pip's `--keyring-provider`."""

    AUTO = "auto"
    """Import, else the `keyring` command, and say nothing if there is neither."""
    DISABLED = "disabled"
    IMPORT = "import"
    SUBPROCESS = "subprocess"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """How to talk to any index."""

    cert: str | None = None
    """CA bundle, file or folder; `None`: the system's choice of requests."""
    client_cert: str | None = None
    """PEM file with certificate and key."""
    keyring_provider: KeyringProvider = KeyringProvider.AUTO
    timeout_s: float = 15.0
    """For connecting and for each read."""
    retries: int = 4
    """After the first try, for 429, 5xx, time-outs and resets."""
    jobs: int = 0
    """Fetches at once; 0: driftcheck chooses."""
    proxy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionWish:
    """What the user says of connections; `None` leaves it to pip's and uv's configuration."""

    cert: str | None = None
    client_cert: str | None = None
    keyring_provider: KeyringProvider | None = None
    timeout_s: float | None = None
    retries: int | None = None
    jobs: int | None = None

    def over(self, weak: ConnectionSettings) -> ConnectionSettings:
        """Return `weak` with everything replaced that is said here."""
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(weak, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSettings:
    """Where answers are kept and whether new ones may be fetched."""

    folder: Path | None = None
    """`None`: no cache on disk (`--no-cache`)."""
    is_offline: bool = False
    refresh: bool = False
    """Ask the index again about pages that are still fresh."""
    max_size_bytes: int = 2 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """Which indexes to ask, and how: everything `index.open_catalogue` needs."""

    options: IndexOptions
    """With `index_url` filled in (`None` only with `no_index`)."""
    connection: ConnectionSettings = ConnectionSettings()
    cache: CacheSettings = CacheSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolConfiguration:
    """What pip's and uv's own configuration files and environment variables say."""

    options: IndexOptions = IndexOptions()
    connection: ConnectionSettings = ConnectionSettings()
    is_offline: bool = False
    """`UV_OFFLINE`, or `offline` of a uv configuration."""
    sources: tuple[str, ...] = ()
    """What was read, in order of growing strength: file paths and variable names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetWish:
    """What the user says of one target; `None` leaves it to the project, then to the running machine."""

    python_version: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputWish:
    """One environment to check: files that are installed together."""

    requirements: tuple[str, ...]
    """Paths as typed, `-` for standard input; one PATH, or everything given with `-r`."""
    constraints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a run needs to know."""

    inputs: tuple[InputWish, ...]
    targets: tuple[TargetWish, ...] = (TargetWish(),)
    no_deps: bool = False
    index_options: IndexOptions = IndexOptions()
    """From the command line and driftcheck's own configuration only, `--only-binary` among them."""
    connection: ConnectionWish = ConnectionWish()
    cache: CacheSettings = CacheSettings()
    as_of: datetime | None = None
    """Aware UTC; files uploaded later do not exist. `None`: now."""
    select: tuple[str, ...] = ()
    """Check names; empty: all."""
    ignore: tuple[str, ...] = ()
    """`CHECK` or `CHECK:package`."""
    fail_on: Severity | None = Severity.ERROR
    """`None`: never."""
    min_confidence: Confidence = Confidence.LOW
    is_strict: bool = False
    environment: dict[str, str] = field(default_factory=dict, hash=False)
    """The process environment, for `${NAME}` in requirement files and for pip's and uv's variables."""
