"""What holds for every index and every set of lines."""

from collections.abc import Sequence

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from driftcheck.model.progress import SilentProgress
from driftcheck.model.resolution import Resolution
from driftcheck.resolver import ResolveOptions, resolve
from driftcheck.resolver.certainty import is_the_answer
from driftcheck.resolver.closure import Walk, walk
from driftcheck.resolver.library import Library
from driftcheck.resolver.provider import NoSetError, find_set
from driftcheck.resolver.request import check_lines, read_lines
from driftcheck.resolver.target import make_target
from tests.resolver.memory_catalogue import MemoryCatalogue, project_of

TARGET = make_target("3.11", "linux")
QUICK = (Phase.explicit, Phase.generate)
"""Without shrinking: it takes minutes where an index is the example."""
NAMES = ["a", "b", "c", "d", "e"]
VERSIONS = ["1.0", "2.0", "3.0rc1", "3.0", "4.0b1"]

wishes = st.builds(
    "{}{}{}".format,
    st.sampled_from(NAMES),
    st.sampled_from(["", "", "", "[x]"]),
    st.sampled_from(["", "", ">=2", "<3", "<2", "!=3.0", "==1.0", "==2.*", ">=3.0rc1", "~=1.0"]),
)
releases = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(VERSIONS),
    st.lists(wishes, max_size=3),
    st.lists(wishes, max_size=1),
    st.sampled_from([None, None, None, "yanked"]),
)


@st.composite
def indexes(draw: st.DrawFn) -> MemoryCatalogue:
    index = MemoryCatalogue()
    rows = draw(st.lists(releases, min_size=3, max_size=15, unique_by=lambda row: row[:2]))
    for name, version, requires, extra, yanked in rows:
        index.add(name, version, requires, extras={"x": extra}, yanked=yanked)
    return index


lines = st.lists(wishes, min_size=1, max_size=4, unique=True)


def run(index: MemoryCatalogue, requirements: Sequence[str]) -> Resolution:
    return resolve(project_of(*requirements), TARGET, index, ResolveOptions(), SilentProgress())


@settings(phases=QUICK, max_examples=100)
@given(indexes(), lines)
def test_a_set_without_contradiction_satisfies_everybody(
    index: MemoryCatalogue, requirements: list[str]
) -> None:
    resolution = run(index, requirements)

    told = {conflict.package for conflict in resolution.conflicts} | {gap.subject for gap in resolution.gaps}
    for package in resolution.packages:
        if package.name not in told:
            assert all(ask.specifier.contains(package.version, prereleases=True) for ask in package.asks)
    present = {package.name for package in resolution.packages}
    missing = {miss.ask.package for miss in resolution.misses}
    assert {ask.package for package in resolution.packages for ask in package.asks} <= present | missing


@settings(phases=QUICK, max_examples=60)
@given(indexes(), lines, st.integers(0, 5))
def test_the_order_of_lines_never_changes_the_set(
    index: MemoryCatalogue, requirements: list[str], seed: int
) -> None:
    shuffled = requirements[seed:] + requirements[:seed][::-1]

    first, second = run(index, requirements), run(index, shuffled)

    assert [(p.name, p.version, p.extras) for p in first.packages] == [
        (p.name, p.version, p.extras) for p in second.packages
    ]
    assert {c.package for c in first.conflicts} == {c.package for c in second.conflicts}


@settings(phases=QUICK, max_examples=200)
@given(indexes(), lines)
def test_where_the_walk_is_certain_the_search_finds_the_same(
    index: MemoryCatalogue, requirements: list[str]
) -> None:
    library = Library(target=TARGET, options=ResolveOptions(), catalogue=index, progress=SilentProgress())
    request = read_lines(project_of(*requirements), library)
    check_lines(request, library)
    state = Walk()
    walk(state, request, library)
    if not is_the_answer(state, request, library):
        return

    found = find_set(request, library)

    assert {name: found[name].version for name in state.chosen} == {
        name: one.version for name, one in state.chosen.items()
    }


@settings(phases=QUICK, max_examples=60)
@given(indexes(), lines)
def test_every_conflict_has_two_sides_and_every_run_ends(
    index: MemoryCatalogue, requirements: list[str]
) -> None:
    resolution = run(index, requirements)

    for conflict in resolution.conflicts:
        assert len(conflict.asks) >= 2
        assert conflict.kept is not None
        assert any(not ask.specifier.contains(conflict.kept, prereleases=True) for ask in conflict.asks)
    assert [gap for gap in resolution.gaps if "no set" in gap.reason] == []


@settings(phases=QUICK, max_examples=60)
@given(indexes(), lines)
def test_a_set_is_told_without_conflict_if_the_search_finds_one(
    index: MemoryCatalogue, requirements: list[str]
) -> None:
    library = Library(target=TARGET, options=ResolveOptions(), catalogue=index, progress=SilentProgress())
    request = read_lines(project_of(*requirements), library)
    check_lines(request, library)
    if request.unmet or library.settled:
        return
    try:
        found = find_set(request, library)
    except NoSetError:
        return

    resolution = run(index, requirements)

    assert {package.name: package.version for package in resolution.packages} == {
        package.name: found[package.name].version for package in resolution.packages
    }
    assert resolution.conflicts == ()
    assert resolution.misses == ()
