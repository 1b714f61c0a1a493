"""The summaries of the modules of several trees, each made once."""

from __future__ import annotations

from collections.abc import Callable

from driftcheck.linker.module_tree import ModuleTree
from driftcheck.linker.summary import ModuleSummary, SummaryCache, load_summary


class Summaries:
    """Answers the summary of a module by (distribution, path) in a tree."""

    def __init__(self, cache: SummaryCache | None) -> None:
        self._cache = cache
        self._known: dict[tuple[str, str], ModuleSummary] = {}

    def of(self, tree: ModuleTree) -> Callable[[str, str], ModuleSummary]:
        """Return the function that finds summaries in one tree."""

        def summary_of(dist: str, path: str) -> ModuleSummary:
            wheel = tree.wheels[dist]  # type: ignore[index]
            member = tree.files_of[dist][path]
            key = (wheel.archive.sha256, member)
            if key not in self._known:
                self._known[key] = load_summary(
                    lambda: wheel.archive.read(member), "\0".join(key), self._cache
                )
            return self._known[key]

        return summary_of
