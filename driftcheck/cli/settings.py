"""The one table of settings: options, environment variables, configuration keys and a page come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from driftcheck.model.finding import Confidence, Severity
from driftcheck.model.settings import KeyringProvider
from driftcheck.support.registry import member_names

CHECK, DRIFT, CACHE = "check", "drift", "cache"
DRIFT_FORMAT = "drift-"
"""What the names of reporters for `driftcheck drift` begin with."""


class Kind(Enum):
    """What a value looks like; the text is how error messages say what was expected."""

    TEXT = "a string"
    TEXTS = "a list of strings"
    PATH = "a path"
    PATHS = "a list of paths"
    FLAG = "true or false"
    SECONDS = "a number of seconds above 0"
    COUNT = "a whole number, 0 or more"
    CHOICE = "one of the choices"
    INSTANT = "a date (2022-05-01) or an ISO 8601 time"

    @property
    def is_list(self) -> bool:
        """Whether the option may be repeated."""
        return self in (Kind.TEXTS, Kind.PATHS)


class Panel(Enum):
    """A heading of `--help`."""

    INPUT = "What to check"
    TARGET = "For which Python and platform"
    INDEX = "Where packages come from"
    FILES = "Which files may be used"
    CACHE = "Cache"
    JUDGE = "What counts"
    OUTPUT = "Output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that a user can set."""

    key: str
    """The configuration key; `--key` is the option, `DRIFTCHECK_KEY` the variable."""
    kind: Kind
    help: str
    panel: Panel
    default: str = ""
    """What holds when nothing is said, for people; empty where the help says it."""
    metavar: str = ""
    short: str = ""
    """A one-letter option."""
    also: str = ""
    """Another spelling of the option."""
    choices: Callable[[], tuple[str, ...]] | None = None
    is_in_file: bool = True
    """Whether a configuration file and the environment may set it."""
    commands: tuple[str, ...] = (CHECK, DRIFT)
    has_commas: bool = False
    """Whether one value may hold several with commas between."""

    @property
    def name(self) -> str:
        """The key as an identifier."""
        return self.key.replace("-", "_")

    @property
    def option(self) -> str:
        """The long option."""
        return f"--{self.key}"

    @property
    def negative(self) -> str:
        """The option that switches a flag off again, empty for flags that are negative themselves."""
        return f"--no-{self.key}" if self.kind is Kind.FLAG and not self.key.startswith("no-") else ""

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"DRIFTCHECK_{self.name.upper()}"


def formats() -> tuple[str, ...]:
    """Return the names that `--format` takes."""
    return tuple(n for n in member_names("driftcheck.reporters") if not n.startswith(DRIFT_FORMAT))


def fail_on_choices() -> tuple[str, ...]:
    """Return the severities and `never`."""
    return (*(severity.value for severity in Severity), "never")


def confidence_choices() -> tuple[str, ...]:
    """Return the confidences, surest first."""
    return tuple(confidence.value for confidence in Confidence)


def keyring_choices() -> tuple[str, ...]:
    """Return pip's names of the ways to a keyring."""
    return tuple(provider.value for provider in KeyringProvider)


_CHECK_ONLY = (CHECK,)
_ALL_COMMANDS = (CHECK, DRIFT, CACHE)

SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="requirement", short="-r", kind=Kind.PATHS, metavar="FILE", panel=Panel.INPUT, is_in_file=False,
        help="Check this requirements file; all -r together are one environment, installed together.",
    ),
    Setting(
        key="constraint", short="-c", kind=Kind.PATHS, metavar="FILE", panel=Panel.INPUT,
        help="Bound versions by this constraints file, in every environment.",
    ),
    Setting(
        key="no-deps", kind=Kind.FLAG, panel=Panel.INPUT,
        help="Install only what is listed, as pip's --no-deps: a missing dependency is a finding then.",
    ),
    Setting(
        key="since", kind=Kind.INSTANT, metavar="DATE", panel=Panel.INPUT, is_in_file=False,
        commands=(DRIFT,), default="the day of the newest pinned release",
        help="Compare with what the inputs meant at this time.",
    ),
    Setting(
        key="python-version", kind=Kind.TEXTS, metavar="VERSION", panel=Panel.TARGET,
        default="what the project asks for, else the running Python",
        help="Check for this Python, e.g. 3.9 or 3.9.18; repeat for several.",
    ),
    Setting(
        key="python-platform", kind=Kind.TEXTS, metavar="PLATFORM", panel=Panel.TARGET,
        default="this machine's",
        help="Check for this platform: linux, macos, windows, x86_64-manylinux_2_28, aarch64-apple-darwin "
        "and so on; repeat for several: every Python on every platform is checked.",
    ),
    Setting(
        key="index-url", short="-i", kind=Kind.TEXT, metavar="URL", panel=Panel.INDEX,
        default="as the inputs, pip or uv are configured",
        help="Ask this index.",
    ),
    Setting(
        key="extra-index-url", kind=Kind.TEXTS, metavar="URL", panel=Panel.INDEX,
        help="Ask this index too.",
    ),
    Setting(
        key="find-links", short="-f", kind=Kind.TEXTS, metavar="PATH|URL", panel=Panel.INDEX,
        help="Look for files in this folder or on this page too.",
    ),
    Setting(key="no-index", kind=Kind.FLAG, panel=Panel.INDEX, help="Ask no index, only --find-links."),
    Setting(
        key="trusted-host", kind=Kind.TEXTS, metavar="HOST", panel=Panel.INDEX,
        help="Accept this host without a valid certificate.",
    ),
    Setting(
        key="cert", kind=Kind.PATH, metavar="FILE", panel=Panel.INDEX,
        help="Trust the certificate authorities in this PEM file.",
    ),
    Setting(
        key="client-cert", kind=Kind.PATH, metavar="FILE", panel=Panel.INDEX,
        help="Show this certificate with its key (PEM) to the index.",
    ),
    Setting(
        key="keyring-provider", kind=Kind.CHOICE, metavar="HOW", panel=Panel.INDEX, choices=keyring_choices,
        help="Look up passwords in the keyring when an index asks for one.",
        default="as pip or uv are configured, else auto",
    ),
    Setting(
        key="timeout", kind=Kind.SECONDS, metavar="SECONDS", panel=Panel.INDEX, default="15",
        help="Wait this long for a connection and for each read.",
    ),
    Setting(
        key="retries", kind=Kind.COUNT, metavar="NUMBER", panel=Panel.INDEX, default="4",
        help="Try this many times more when an index is busy or out of reach.",
    ),
    Setting(
        key="only-binary", kind=Kind.TEXTS, has_commas=True, metavar="NAMES", panel=Panel.FILES,
        help="Use no source distributions of these packages; :all: for all.",
    ),
    Setting(
        key="no-binary", kind=Kind.TEXTS, has_commas=True, metavar="NAMES", panel=Panel.FILES,
        help="Use no wheels of these packages; :all: for all.",
    ),
    Setting(
        key="prefer-binary", kind=Kind.FLAG, panel=Panel.FILES,
        help="Prefer an older release with a wheel to a newer one without.",
    ),
    Setting(key="pre", kind=Kind.FLAG, panel=Panel.FILES, help="Allow pre-releases."),
    Setting(
        key="require-hashes", kind=Kind.FLAG, panel=Panel.FILES,
        help="Demand a hash of every requirement, as pip's --require-hashes.",
    ),
    Setting(
        key="as-of", kind=Kind.INSTANT, metavar="DATE", panel=Panel.FILES, default="now",
        help="Use only what was uploaded by then. A date means its end, UTC.",
    ),
    Setting(
        key="offline", kind=Kind.FLAG, panel=Panel.CACHE, help="Use the cache alone and name what it lacks.",
    ),
    Setting(
        key="refresh", kind=Kind.FLAG, panel=Panel.CACHE,
        help="Ask the index again, however fresh the cache is.",
    ),
    Setting(
        key="cache-dir", kind=Kind.PATH, metavar="FOLDER", panel=Panel.CACHE, commands=_ALL_COMMANDS,
        default="the user's cache folder: `driftcheck cache dir`", help="Keep the cache in this folder.",
    ),
    Setting(key="no-cache", kind=Kind.FLAG, panel=Panel.CACHE, help="Neither read nor write a cache."),
    Setting(
        key="select", kind=Kind.TEXTS, has_commas=True, metavar="CHECK", panel=Panel.JUDGE,
        commands=_CHECK_ONLY, default="all", help="Run only these checks.",
    ),
    Setting(
        key="ignore", kind=Kind.TEXTS, has_commas=True, metavar="CHECK[:PACKAGE]", panel=Panel.JUDGE,
        commands=_CHECK_ONLY,
        help="Leave out a check's findings, or those on one package.",
    ),
    Setting(
        key="fail-on", kind=Kind.CHOICE, metavar="SEVERITY", panel=Panel.JUDGE, commands=_CHECK_ONLY,
        choices=fail_on_choices, default="error", help="Exit with 1 for findings of this severity or worse.",
    ),
    Setting(
        key="min-confidence", kind=Kind.CHOICE, metavar="CONFIDENCE", panel=Panel.JUDGE, commands=_CHECK_ONLY,
        choices=confidence_choices, default="low", help="Leave out findings that are less sure.",
    ),
    Setting(
        key="strict", kind=Kind.FLAG, panel=Panel.JUDGE, help="Exit with 4 if anything could not be checked.",
    ),
    Setting(
        key="format", also="--output-format", kind=Kind.CHOICE, metavar="FORMAT", panel=Panel.OUTPUT,
        choices=formats, default="terminal", help="Write the report in this format.",
    ),
    Setting(
        key="output", short="-o", kind=Kind.PATHS, metavar="[FORMAT:]FILE", panel=Panel.OUTPUT,
        is_in_file=False,
        help="Write the report to this file instead of standard output, which is -; repeat for several.",
    ),
    Setting(
        key="colour", also="--color", kind=Kind.CHOICE, metavar="WHEN", panel=Panel.OUTPUT,
        choices=lambda: ("auto", "always", "never"), default="auto",
        help="Use colours; auto heeds NO_COLOR and FORCE_COLOR.",
    ),
    Setting(
        key="quiet", short="-q", kind=Kind.FLAG, panel=Panel.OUTPUT, is_in_file=False,
        help="Show the report and errors only: no progress, no hints.",
    ),
    Setting(
        key="verbose", short="-v", kind=Kind.FLAG, panel=Panel.OUTPUT, is_in_file=False,
        help="Show every note in full, and where settings came from.",
    ),
)  # fmt: skip


def settings_of(command: str) -> tuple[Setting, ...]:
    """Return the settings that a command takes, in the table's order."""
    return tuple(setting for setting in SETTINGS if command in setting.commands)
