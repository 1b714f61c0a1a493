"""`driftcheck cache dir|show|clear`: where the cache is, how large, and away with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from driftcheck.cli.command import Typed, run_command, word_argument
from driftcheck.cli.failure import guarded
from driftcheck.cli.run_settings import cache_folder, merge_wishes
from driftcheck.cli.screen import encoded, write_report
from driftcheck.cli.settings import CACHE, settings_of
from driftcheck.model.errors import SettingsError
from driftcheck.model.exit_code import ExitCode
from driftcheck.model.settings import CacheSettings
from driftcheck.support.nearest import did_you_mean

_ACTIONS = ("dir", "show", "clear")

_HELP = """Show or clear what driftcheck keeps of the indexes' answers.

`dir` prints the folder, `show` what is in it, `clear` removes it. Nothing is lost but time: the next check
asks the indexes again."""


def run(args: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    return run_command(
        lambda typed: guarded(lambda: _cache(typed), failed="nothing was done"),
        args,
        name=CACHE,
        help_text=_HELP,
        settings=settings_of(CACHE),
        argument=word_argument("action"),
        arguments=(("ACTION", "dir, show or clear."),),
        examples="  driftcheck cache show\n  driftcheck cache clear --cache-dir /tmp/driftcheck\n",
    )


def _cache(typed: Typed) -> int:
    action = typed.get("action")
    if action not in _ACTIONS:
        hint = did_you_mean(str(action), _ACTIONS) if action else f"say {', '.join(_ACTIONS[:-1])} or clear"
        raise SettingsError(f"there is no action {action!r}" if action else "no action was named", hint)
    folder = cache_folder(merge_wishes(typed, command=CACHE, environment=os.environ))
    text = {"dir": _dir, "show": _show, "clear": _clear}[str(action)](folder)
    write_report(encoded(f"{text}\n", getattr(sys.stdout, "encoding", None)))
    return ExitCode.OK


def _dir(folder: Path) -> str:
    return str(folder)


def _show(folder: Path) -> str:
    from driftcheck.index.cache.store import CacheStore  # noqa: PLC0415 - `dir` comes without it

    sizes = CacheStore(folder, max_size_bytes=CacheSettings().max_size_bytes).describe()
    lines = [f"{size.kind.value:<14}{size.entries:>8}{_readable(size.size_bytes):>12}" for size in sizes]
    entries, size_bytes = sum(s.entries for s in sizes), sum(s.size_bytes for s in sizes)
    total = f"{'total':<14}{entries:>8}{_readable(size_bytes):>12}"
    return "\n".join([str(folder), f"{'':<14}{'entries':>8}{'size':>12}", *lines, total])


def _clear(folder: Path) -> str:
    from driftcheck.index.cache.store import CacheStore  # noqa: PLC0415 - `dir` comes without it

    store = CacheStore(folder, max_size_bytes=CacheSettings().max_size_bytes)
    size_bytes = sum(size.size_bytes for size in store.describe())
    store.clear()
    return f"{folder}: {_readable(size_bytes)} removed"


def _readable(size_bytes: int) -> str:
    if size_bytes < 1024:
        return f"{size_bytes} B"
    return f"{size_bytes / 1024:.0f} KiB" if size_bytes < 1024**2 else f"{size_bytes / 1024**2:.1f} MiB"
