"""The public function of the linker: a set of wheels in, broken imports out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from driftcheck.linker.archive import LinkedWheel
from driftcheck.linker.binaries import BinaryFacts, binary_failure
from driftcheck.linker.confirm import Confirmation, OlderReleases, confirm
from driftcheck.linker.failure import Cause, Failure
from driftcheck.linker.machine import Machine, OutOfStepsError
from driftcheck.linker.module_tree import ModuleTree
from driftcheck.linker.run import equip, import_root, with_deep_stack
from driftcheck.linker.standard_library import StandardLibrary
from driftcheck.linker.summaries import Summaries
from driftcheck.linker.summary import SummaryCache
from driftcheck.model.finding import BrokenImportName
from driftcheck.model.gap import Gap, Step
from driftcheck.model.link import BrokenImport, ImportStep, LinkReason, LinkResult

_MAX_REFUTATIONS = 12
"""For one root: a root that needs more is not judged."""
_MAX_REFUTATIONS_IN_ALL = 30

__all__ = ["OlderReleases", "link"]


def link(
    wheels: Sequence[LinkedWheel],
    *,
    minor: int,
    older: OlderReleases | None = None,
    cache: SummaryCache | None = None,
    facts: BinaryFacts | None = None,
) -> LinkResult:
    """Predict which top-level imports of a set fail.

    Args:
        minor: of the target's Python 3.
        older: answers which other releases a provider has; without it nothing is confirmed by varying it.
        cache: keeps summaries.
        facts: keeps what was read from extension modules.
    """
    linker = _Linker(wheels, minor=minor, older=older, cache=cache, facts=facts or BinaryFacts())
    return with_deep_stack(linker.run)


@dataclass(slots=True)
class _Broken:
    root: str
    failure: Failure
    confirmation: Confirmation


class _Linker:
    def __init__(
        self,
        wheels: Sequence[LinkedWheel],
        *,
        minor: int,
        older: OlderReleases | None,
        cache: SummaryCache | None,
        facts: BinaryFacts,
    ) -> None:
        self.wheels = list(wheels)
        self.minor = minor
        self.older = older
        self.facts = facts
        self.library = StandardLibrary(minor)
        self.summaries = Summaries(cache)
        self.refuted: set[Cause] = set()
        self.confirmed: dict[Cause, Confirmation] = {}
        self.gaps: list[Gap] = []
        self.tree = ModuleTree(self.wheels, minor)

    def machine(self, tree: ModuleTree) -> Machine:
        """Make a machine on which nothing is imported yet."""
        machine = equip(
            Machine(
                tree=tree,
                library=self.library,
                minor=self.minor,
                summary_of=self.summaries.of(tree),
                refuted=self.refuted,
            )
        )
        machine.binary_failure = lambda m, place: binary_failure(m, place, self.facts)
        return machine

    def run(self) -> LinkResult:
        roots = [(wheel, root) for wheel in self.wheels for root in self.tree.top_level(wheel.name)]
        machine = self.machine(self.tree)
        broken = [found for wheel, root in roots if (found := self._judge(machine, wheel, root)) is not None]
        return LinkResult(broken=self._grouped(broken), gaps=tuple(self.gaps), roots=len(roots))

    def _import(self, machine: Machine, wheel: LinkedWheel, root: str) -> Failure | None:
        try:
            return import_root(machine, root)
        except OutOfStepsError:
            reason = f"import {root} executes more than driftcheck follows"
            self.gaps.append(Gap(subject=wheel.name, step=Step.LINK, reason=reason, is_package=True))
            return None

    def _judge(self, machine: Machine, wheel: LinkedWheel, root: str) -> _Broken | None:
        """Import a root, again and again without what proves to be a misreading."""
        for _ in range(_MAX_REFUTATIONS):
            failure = self._import(machine, wheel, root)
            if failure is None:
                return None
            cause = root_cause(failure)
            identity = cause.identity
            if identity not in self.confirmed:
                answer = confirm(self, cause, root)
                if answer is None and len(self.refuted) > 2 * _MAX_REFUTATIONS_IN_ALL:
                    break
                if answer is None:
                    self.refuted.add(identity)
                    self.refuted.add((*identity[:3], "*"))
                    machine.failed.clear()
                    continue
                self.confirmed[identity] = answer
            return _Broken(root, failure, self.confirmed[identity])
        reason = f"import {root} could not be followed: too much of it was misread"
        self.gaps.append(Gap(subject=wheel.name, step=Step.LINK, reason=reason, is_package=True))
        return None

    def _grouped(self, broken: list[_Broken]) -> tuple[BrokenImport, ...]:
        groups: dict[Cause, list[_Broken]] = {}
        for one in broken:
            groups.setdefault(root_cause(one.failure).identity, []).append(one)
        made = [self._broken_import(group) for group in groups.values()]
        return tuple(sorted(made, key=lambda b: (b.importer, b.module, b.symbol or "", b.chain[-1].file)))

    def _broken_import(self, group: list[_Broken]) -> BrokenImport:
        shortest = min(group, key=lambda one: len(one.failure.trace))
        cause = root_cause(shortest.failure)
        chain = tuple(
            ImportStep(
                package=canonicalize_name(place.dist),
                file=place.path,
                line=place.line,
                text=self.summaries.of(self.tree)(place.dist, place.path).line(place.line),
            )
            for place in cause.trace
            if place.dist is not None
        )
        importer = self.tree.wheels[chain[-1].package] if chain else self.wheels[0]
        provider = self.tree.wheels.get(canonicalize_name(cause.provider)) if cause.provider else None
        breaks = {one.root: self.tree.places[one.root].wheel for one in group}
        return BrokenImport(
            reason=LinkReason(reason_of(cause)),
            importer=importer.name,
            importer_version=importer.version,
            provider=provider.name if provider else None,
            provider_version=provider.version if provider else None,
            module=cause.module or "",
            symbol=cause.symbol,
            message=cause.message,
            chain=chain,
            breaks=tuple(
                BrokenImportName(import_name=root, package=wheel.name)
                for root, wheel in sorted(breaks.items())
                if wheel is not None
            ),
            confirmed_with=shortest.confirmation.version,
        )


def root_cause(failure: Failure) -> Failure:
    """Return the failure that set it off: what code raises while it handles another is that other's doing."""
    while failure.cause is not None and failure.reason in ("raised", "own"):
        failure = failure.cause
    return failure


def reason_of(failure: Failure) -> str:
    """Return the check that a failure belongs to."""
    return failure.reason if failure.reason in set(LinkReason) else LinkReason.UNRESOLVED_IMPORT.value
