"""How long driftcheck takes and how much memory it uses, beside `uv pip compile` on the same input.

    python benchmarks/speed.py            # cold, warm, start-up and memory, as a table
    python benchmarks/speed.py --rounds 9

Both programs run in turn, so a machine whose speed drifts slows both; read medians and ratios. Both
ask the same index with empty settings (no further indexes, no find-links) and, when cold, an empty cache of
their own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
LOCKED = HERE / "sets" / "prefect-3.2.2.lock.txt"
LOOSE = HERE / "sets" / "prefect-3.2.2.txt"
TARGET_PYTHON = "3.13.15"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One finished process."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    """Of the largest single process, in MiB."""


def scrubbed_environment() -> dict[str, str]:
    """Return this environment without pip's and uv's settings, certificates kept."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "DRIFTCHECK_"))}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "COLUMNS": "120"}


def measure(command: Sequence[str], allowed: tuple[int, ...] = (0,)) -> Run:
    """Run a command once; an exit code that is not allowed ends the benchmark: its time means nothing."""
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile() as output,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=scrubbed_environment()
        ) as process,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in allowed:
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{said}")
    return Run(wall_s=wall_s, cpu_s=usage.ru_utime + usage.ru_stime, peak_mib=usage.ru_maxrss / 1024)


def driftcheck(cache: Path, requirements: Path) -> list[str]:
    """The command under test; findings are expected, so exit codes 0 and 1 are both fine."""
    return [
        str(Path(sys.executable).with_name("driftcheck")), "check", str(requirements),
        "--only-binary", ":all:",
        "--python-version", TARGET_PYTHON, "--python-platform", "linux", "--cache-dir", str(cache),
    ]  # fmt: skip


def uv(cache: Path, requirements: Path) -> list[str]:
    """The peer."""
    return [
        str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet", "--only-binary", ":all:",
        "--python-version", TARGET_PYTHON, "--python-platform", "x86_64-manylinux_2_36",
        "--cache-dir", str(cache), str(requirements), "--output-file", os.devnull,
    ]  # fmt: skip


def median(runs: Sequence[Run], figure: Callable[[Run], float]) -> float:
    """The median of one figure."""
    return statistics.median(figure(run) for run in runs)


def paired(name: str, requirements: Path, folder: Path, rounds: int, *, is_cold: bool) -> None:
    """Run both programs in turn and print medians and the ratio pair by pair."""
    ours: list[Run] = []
    theirs: list[Run] = []
    caches = folder / "driftcheck", folder / "uv"
    for number in range(rounds + 1):
        if is_cold:
            for cache in caches:
                shutil.rmtree(cache, ignore_errors=True)
        pair = (
            measure(driftcheck(caches[0], requirements), allowed=(0, 1)),
            measure(uv(caches[1], requirements)),
        )
        if number:  # the first round warms the operating system's own caches, and the programs' when not cold
            ours.append(pair[0])
            theirs.append(pair[1])
    ratio = statistics.median(a.wall_s / b.wall_s for a, b in zip(ours, theirs, strict=True))
    print(
        f"{name:<26} {median(ours, lambda r: r.wall_s):7.2f} s {median(theirs, lambda r: r.wall_s):7.2f} s"
        f" {ratio:6.2f} × {median(ours, lambda r: r.cpu_s):7.2f} s {max(r.peak_mib for r in ours):6.0f} MiB"
    )


def start_up(rounds: int) -> None:
    """Print how long `--version` and `--help` take."""
    command = driftcheck(Path(), Path())[0]
    for option in (["--version"], ["--help"], ["check", "--help"]):
        runs = [measure([command, *option]) for _ in range(rounds + 1)][1:]
        name = "start-up: " + " ".join(option)
        blank = " " * 9
        print(
            f"{name:<26} {median(runs, lambda r: r.wall_s):7.2f} s {blank} {'':8}"
            f" {median(runs, lambda r: r.cpu_s):7.2f} s {max(r.peak_mib for r in runs):6.0f} MiB"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print(f"{'':<26} {'driftcheck':>9} {'uv':>9} {'ratio':>8} {'own CPU':>9} {'peak':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for name, requirements in (("91 pins", LOCKED), ("1 pin, 90 floating", LOOSE)):
            paired(f"cold, {name}", requirements, Path(folder), rounds, is_cold=True)
            paired(f"warm, {name}", requirements, Path(folder), rounds, is_cold=False)
    start_up(rounds)


if __name__ == "__main__":
    main()
