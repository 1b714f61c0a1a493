"""How often driftcheck and `uv pip compile` make the same set of the same pins, wheels only, on the same day.

    python benchmarks/resolution_agreement.py CASES                       # a folder of JSON files
    python benchmarks/resolution_agreement.py CASES --limit 20 --pip      # where they differ, ask pip too

A case is a JSON file with `requested` (requirement lines) and `python` (3.9). Settings of pip and uv on this
machine are kept out of all three. Answers of uv and pip are kept in `--folder`, so a stopped run goes
on where it was; `--fresh` asks again. pip is asked by the Python of the case's minor, as pyenv has it, with
the newest pip for that Python, because pip takes markers from the Python that runs it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from driftcheck.index import default_index_url, open_catalogue
from driftcheck.model.catalogue import Catalogue
from driftcheck.model.location import Location
from driftcheck.model.progress import SilentProgress
from driftcheck.model.project import Declaration, FormatControl, IndexOptions, Project
from driftcheck.model.requirement_source import FromIndex
from driftcheck.model.resolution import Resolution
from driftcheck.model.settings import CacheSettings, IndexSettings
from driftcheck.resolver import ResolveOptions, resolve
from driftcheck.resolver.target import make_target

PLATFORM = "x86_64-manylinux_2_36"
TIMEOUT_S = 600
PINS = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)

Pins = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One set of requirement lines and the Python they are for."""

    id: str
    python: str
    """Minor version."""
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What another tool makes of a case."""

    pins: Pins | None
    """`None`: it found no set."""
    said: str
    """The end of what it printed, where it found none."""


NOT_ASKED = Answer(pins=None, said="not asked")


def scrubbed_environment() -> dict[str, str]:
    """Return this environment without pip's and uv's settings, certificates kept."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_", "PYTHON"))}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def read_cases(folder: Path) -> Iterator[Case]:
    """Yield the cases of a folder, sorted by name."""
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        yield Case(id=path.stem, python=data["python"], lines=tuple(data["requested"]))


def project_of(case: Case) -> Project:
    """Return the case as the readers would."""
    declarations = []
    for number, line in enumerate(case.lines, 1):
        requirement = Requirement(line)
        declarations.append(
            Declaration(
                name=canonicalize_name(requirement.name),
                display_name=requirement.name,
                specifier=requirement.specifier,
                extras=tuple(sorted(map(canonicalize_name, requirement.extras))),
                marker=requirement.marker,
                source=FromIndex(),
                hashes=(),
                location=Location(path=case.id, line=number),
                text=line,
            )
        )
    return Project(name=case.id, inputs=(), declarations=tuple(declarations))


def ask_driftcheck(case: Case, catalogue: Catalogue) -> Resolution:
    """Resolve a case, wheels only."""
    options = ResolveOptions(format_control=FormatControl(only_binary=frozenset({":all:"})))
    return resolve(project_of(case), make_target(case.python, PLATFORM), catalogue, options, SilentProgress())


def ask_uv(case: Case, folder: Path) -> Answer:
    """Resolve a case with uv."""
    python = str(make_target(case.python, PLATFORM).python_version)
    command = [
        str(Path(sys.executable).with_name("uv")), "pip", "compile", "-", "--quiet", "--no-config",
        "--no-header", "--no-annotate", "--only-binary", ":all:", "--python-version", python,
        "--python-platform", PLATFORM, "--cache-dir", str(folder / "uv-cache"),
    ]  # fmt: skip
    done = subprocess.run(
        command,
        input="\n".join(case.lines),
        capture_output=True,
        text=True,
        env=scrubbed_environment(),
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        return Answer(pins=None, said=done.stderr[-2000:])
    return Answer(
        pins={canonicalize_name(name): version for name, version in PINS.findall(done.stdout)}, said=""
    )


def ask_pip(case: Case, folder: Path) -> Answer:
    """Resolve a case with the newest pip of a throwaway environment of the case's Python."""
    python = _environment_of(case.python, folder)
    if python is None:
        return Answer(pins=None, said=f"there is no Python {case.python} here")
    command = [
        str(python), "-m", "pip", "install", "--dry-run", "--ignore-installed", "--only-binary", ":all:",
        "--quiet", "--cache-dir", str(folder / "pip-cache"), "--report", "-", *case.lines,
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=scrubbed_environment(),
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(pins=None, said=f"pip was stopped after {TIMEOUT_S} seconds")
    if done.returncode:
        return Answer(pins=None, said=done.stderr[-2000:])
    installed = [entry["metadata"] for entry in json.loads(done.stdout)["install"]]
    return Answer(pins={canonicalize_name(one["name"]): one["version"] for one in installed}, said="")


def _environment_of(minor: str, folder: Path) -> Path | None:
    python = folder / f"venv-{minor}" / "bin" / "python"
    if python.exists():
        return python
    versions = Path.home() / ".pyenv" / "versions"
    found = sorted(versions.glob(f"{minor}.*/bin/python"))
    if not found:
        return None
    subprocess.run([found[-1], "-m", "venv", python.parent.parent], check=True)
    environment = scrubbed_environment()
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True, env=environment
    )
    return python


class Memory:
    """Answers of another tool, one JSON line each, appended as they come."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self._path = path
        if fresh:
            path.unlink(missing_ok=True)
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        self._answers = {
            row["id"]: Answer(pins=row["pins"], said=row["said"]) for row in map(json.loads, lines)
        }

    def get(self, case: Case) -> Answer | None:
        """Return what was answered before."""
        return self._answers.get(case.id)

    def put(self, case: Case, answer: Answer) -> None:
        """Keep an answer."""
        self._answers[case.id] = answer
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"id": case.id, "pins": answer.pins, "said": answer.said}) + "\n")


def difference(ours: Pins, theirs: Pins) -> list[str]:
    """Return one text for each name on which two sets differ."""
    return [
        f"{name} {ours.get(name, '–')} | {theirs.get(name, '–')}"
        for name in sorted({*ours, *theirs})
        if ours.get(name) != theirs.get(name)
    ]


def pins_of(resolution: Resolution) -> Pins:
    """Return {name: version}."""
    return {package.name: str(package.version) for package in resolution.packages}


def is_refused(resolution: Resolution) -> bool:
    """Whether driftcheck says that the lines do not install together."""
    return bool(resolution.conflicts or resolution.misses)


def tell(resolution: Resolution, theirs: Answer) -> tuple[bool, list[str]]:
    """Compare: equal sets, or both say that there is none."""
    if theirs.pins is None or is_refused(resolution):
        reasons = [f"conflict on {one.package}" for one in resolution.conflicts]
        reasons += [f"{one.ask.package}{one.ask.specifier}: {one.reason.value}" for one in resolution.misses]
        said = " ".join(theirs.said.split())[-400:]
        return is_refused(resolution) and theirs.pins is None, [*reasons, f"they: {said or 'found a set'}"]
    lines = difference(pins_of(resolution), theirs.pins)
    return not lines, lines


def main() -> int:
    """Compare every case, print each difference, then the share of equal sets."""
    options = _parse()
    options.folder.mkdir(parents=True, exist_ok=True)
    uv, pip = (Memory(options.folder / f"{tool}.jsonl", fresh=options.fresh) for tool in ("uv", "pip"))
    cases = [case for case in read_cases(options.cases) if options.only in case.id][: options.limit]
    with ThreadPoolExecutor(options.jobs) as threads:
        unknown = [case for case in cases if uv.get(case) is None]
        for case, answer in zip(
            unknown, threads.map(lambda one: ask_uv(one, options.folder), unknown), strict=True
        ):
            uv.put(case, answer)
    settings = IndexSettings(
        options=IndexOptions(index_url=default_index_url()),
        cache=CacheSettings(folder=options.folder / "cache"),
    )
    agreed = by_pip = 0
    seconds: list[float] = []
    with open_catalogue(settings, environment=scrubbed_environment(), progress=SilentProgress()) as catalogue:
        for case in cases:
            started = time.perf_counter()
            resolution = ask_driftcheck(case, catalogue)
            seconds.append(time.perf_counter() - started)
            is_equal, lines = tell(resolution, uv.get(case) or NOT_ASKED)
            agreed += is_equal
            if is_equal:
                continue
            print(f"{case.id}: {'; '.join(lines)}", flush=True)
            for gap in resolution.gaps:
                print(f"    gap: {gap.subject}: {gap.reason}")
            if options.pip:
                by_pip += _ask_pip_too(case, resolution, pip, options.folder)
    count = len(seconds)
    print(f"{agreed} of {count} equal to uv's ({agreed / max(count, 1):.1%})")
    if options.pip:
        share = (agreed + by_pip) / max(count, 1)
        print(f"{by_pip} of the {count - agreed} others equal to pip's ({share:.1%} in all)")
    print(
        f"median {sorted(seconds)[count // 2]:.3f} s, slowest {max(seconds):.1f} s" if seconds else "no case"
    )
    return 0


def _ask_pip_too(case: Case, resolution: Resolution, pip: Memory, folder: Path) -> bool:
    answer = pip.get(case)
    if answer is None:
        answer = ask_pip(case, folder)
        pip.put(case, answer)
    is_equal, lines = tell(resolution, answer)
    print(f"    pip: {'the same as driftcheck' if is_equal else '; '.join(lines)}", flush=True)
    return is_equal


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path, help="folder of JSON files with `requested` and `python`")
    parser.add_argument("--folder", type=Path, default=Path("agreement"), help="for caches and answers")
    parser.add_argument("--limit", type=int, default=None, help="only the first so many")
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--jobs", type=int, default=3, help="how many uv at once")
    parser.add_argument("--pip", action="store_true", help="where they differ, ask pip as well")
    parser.add_argument("--fresh", action="store_true", help="forget earlier answers of uv and pip")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
