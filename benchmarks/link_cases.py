"""Run the linker over the cases' locks and print the confusion matrix with every error.

Usage: python benchmarks/link_cases.py CASES [--match TEXT] [--first N] [--step N] [-v]
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import re
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cached_wheels as cached
import requests
from packaging.metadata import parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from driftcheck.linker import LinkedWheel, link
from driftcheck.linker.binaries import BinaryFacts
from driftcheck.model.link import BrokenImport, LinkResult, ReleaseQuestion


class FolderCache:
    """Summaries on disk."""

    def __init__(self) -> None:
        self.root = cached.CACHE / "summaries"
        self.root.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> bytes | None:
        """Return a summary."""
        try:
            return (self.root / key[:2] / key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, data: bytes) -> None:
        """Keep a summary."""
        path = self.root / key[:2] / key
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


class IndexReleases:
    """Older releases from the index."""

    def __init__(self, wheels: list[LinkedWheel], minor: int) -> None:
        self.wheels = {wheel.name: wheel for wheel in wheels}
        self.minor = minor

    def candidates(self, question: ReleaseQuestion) -> Iterator[LinkedWheel]:
        """Yield the newest allowed release at the importer's date, then an older one."""
        allowed = self._allowed(question)
        found: list[LinkedWheel] = []
        later: list[LinkedWheel] = []
        for version, file in sorted(cached.releases(question.provider, self.minor).items(), reverse=True):
            if version.is_prerelease or file["yanked"]:
                continue
            wheel = cached.linked(question.provider, version, file)
            early = question.before is None or (
                wheel.uploaded is not None and wheel.uploaded <= question.before
            )
            if all(version in specifier for specifier in allowed):
                (found if early else later).append(wheel)
            if len(found) == 2:
                break
        # Old releases of some projects are sdists only: the oldest wheels tell nearly as much.
        yield from found or later[:-3:-1]

    def _allowed(self, question: ReleaseQuestion) -> list[object]:
        archive = self.wheels[question.importer].archive
        member = next((n for n in archive.names if n.endswith(".dist-info/METADATA")), None)
        if member is None:
            return []
        raw, _ = parse_email(archive.read(member))
        out = []
        for text in raw.get("requires_dist", []):
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            if canonicalize_name(requirement.name) == question.provider:
                out.append(requirement.specifier)
        return out


def facts() -> BinaryFacts:
    """Return the flags of extension modules that earlier runs read."""
    path = cached.CACHE / "binaries.json"
    return BinaryFacts(json.loads(path.read_text()) if path.exists() else {})


def wheels_of(case: dict[str, object], minor: int) -> list[LinkedWheel]:
    """Return the wheels of a lock, fetched."""
    lock = case["lock"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        wheels = list(pool.map(lambda pin: cached.wheel_of(*str(pin).split("=="), minor), lock))
        list(pool.map(lambda wheel: len(wheel.archive.names), wheels))
    return wheels


def reason(truth: dict[str, str]) -> list[str]:
    """Return the words that a right explanation holds, as `score.py` does."""
    pattern = r"cannot import name '([^']+)'|has no attribute '([^']+)'|No module named '([^']+)'"
    found = re.search(pattern, truth["msg"])
    if found:
        return [next(g for g in found.groups() if g).split(".")[-1]]
    if "numpy" in truth["msg"] and ("size changed" in truth["msg"] or "failed to import" in truth["msg"]):
        return ["numpy", "NumPy"]
    return ["protobuf"] if "Descriptors cannot" in truth["msg"] else []


def show(broken: BrokenImport) -> str:
    """Return a broken import on one line with its last steps."""
    steps = " <- ".join(f"{s.file}:{s.line} [{s.text}]" for s in reversed(broken.chain[-3:]))
    return f"{broken.reason.value} {broken.message} (ok with {broken.confirmed_with}) :: {steps}"


def run_case(
    path: Path, cache: FolderCache, binary: BinaryFacts
) -> tuple[LinkResult, dict[str, object], float]:
    """Link one case."""
    case = json.loads(path.read_text())
    minor = int(case["python"].split(".")[1])
    wheels = wheels_of(case, minor)
    start = time.process_time()
    result = link(wheels, minor=minor, older=IndexReleases(wheels, minor), cache=cache, facts=binary)
    return result, case, time.process_time() - start


def main() -> None:  # noqa: C901, PLR0915 - one case after another, and what is printed of each
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=Path, help="a folder of JSON files: lock, python, dists, roots")
    parser.add_argument("--match", default="")
    parser.add_argument("--first", type=int)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--only", choices=["broken", "whole"], help="cases with or without a root that fails")
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    paths = [p for p in sorted(options.cases.glob("*.json")) if re.search(options.match, p.name)]
    if options.only:
        wanted = options.only == "broken"
        paths = [p for p in paths if wanted is ('"ok": false' in p.read_text().partition('"modules"')[0])]
    count: Counter[str] = Counter()
    times: list[float] = []
    cache, binary = FolderCache(), facts()
    for path in paths[options.offset :: options.step][: options.first]:
        try:
            result, case, took = run_case(path, cache, binary)
        except (requests.RequestException, KeyError, OSError) as error:
            print("GONE", path.name, repr(error)[:150], flush=True)
            count["gone"] += 1
            continue
        (cached.CACHE / "binaries.json").write_text(json.dumps(binary.known))
        times.append(took)
        said = {b.import_name: broken for broken in result.broken for b in broken.breaks}
        exact = True
        for root, truth in case["roots"].items():
            if not truth["ok"] and truth.get("environmental"):
                continue
            kind = ("t" if (root in said) is not truth["ok"] else "f") + ("p" if root in said else "n")
            count[kind] += 1
            exact = exact and kind[0] == "t"
            if kind == "tp" and reason(truth):
                text = said[root].message + " ".join(s.text for s in said[root].chain)
                right = any(word in text for word in reason(truth))
                count["right" if right else "wrong"] += 1
                if not right:
                    print("WRONG", path.stem, root, truth["msg"][:100], "|||", show(said[root]), flush=True)
            if kind == "fp":
                print("ALARM", path.stem, root, show(said[root]), flush=True)
            if kind == "fn":
                print("MISS", path.stem, root, truth["msg"][:120], truth["frames"][-1:], flush=True)
        count["exact"] += exact
        count["cases"] += 1
        for gap in result.gaps:
            print("GAP", path.stem, gap.subject, gap.reason, flush=True)
        if options.v:
            print(f"# {path.stem} {took:.1f} s", flush=True)
    tp, fp, fn = count["tp"], count["fp"], count["fn"]
    times.sort()
    print(dict(count))
    print("precision", tp / (tp + fp) if tp + fp else None, "recall", tp / (tp + fn) if tp + fn else None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print("CPU seconds, median", times[len(times) // 2 :][:1], "max", times[-1:], "peak MB", peak)


if __name__ == "__main__":
    main()
