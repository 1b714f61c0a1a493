"""Lines that do not name a release of an index: archives, repositories, folders."""

import pytest

from driftcheck.model.progress import SilentProgress
from driftcheck.model.requirement_source import FromArchive, FromFolder, FromVcs, RequirementSource
from driftcheck.model.resolution import Resolution
from driftcheck.resolver import ResolveOptions, resolve
from driftcheck.resolver.target import make_target
from tests.resolver.memory_catalogue import MemoryCatalogue, declare, project_with


def run(index: MemoryCatalogue, *lines: tuple[str, RequirementSource | None]) -> Resolution:
    declarations = [declare(text, number, source=source) for number, (text, source) in enumerate(lines, 1)]
    return resolve(
        project_with(declarations), make_target("3.11", "linux"), index, ResolveOptions(), SilentProgress()
    )


def pins(resolution: Resolution) -> list[str]:
    return [f"{package.name}=={package.version}" for package in resolution.packages]


@pytest.fixture
def index() -> MemoryCatalogue:
    index = MemoryCatalogue()
    index.add("app", "1.0", ["lib>=1.0", "util"])
    index.add("lib", "1.0", ["deep"])
    index.add("lib", "2.0", ["deep"])
    index.add("util", "1.0")
    index.add("deep", "1.0")
    return index


def test_a_wheel_by_url_is_the_only_candidate_of_its_name(index: MemoryCatalogue) -> None:
    wheel = FromArchive(url="https://user:secret@files.example/lib-1.0-py3-none-any.whl#sha256=AA")

    resolution = run(index, ("app", None), ("lib", wheel))

    assert pins(resolution) == ["app==1.0", "deep==1.0", "lib==1.0", "util==1.0"]
    file = resolution.packages[2].file
    assert file is not None
    assert file.hashes == {"sha256": "aa"}
    assert file.index_url == "https://files.example/"
    assert "lib" not in index.pages_asked


def test_an_archive_that_does_not_say_its_release_is_a_gap(index: MemoryCatalogue) -> None:
    url = "https://user:secret@code.example/lib/archive/main.zip"

    resolution = run(index, ("app", None), ("lib", FromArchive(url=url)))

    assert pins(resolution) == ["app==1.0", "util==1.0"]
    (gap,) = resolution.gaps
    assert (gap.subject, gap.is_package, str(gap.location)) == ("lib", True, "requirements.txt:2")
    assert "secret" not in gap.reason


def test_an_archive_that_can_not_be_read_is_kept_with_a_gap(index: MemoryCatalogue) -> None:
    resolution = run(index, ("gone", FromArchive(url="https://files.example/gone-3.0-py3-none-any.whl")))

    assert pins(resolution) == ["gone==3.0"]
    assert [gap.subject for gap in resolution.gaps] == ["gone"]


def test_an_archive_that_others_exclude_is_a_conflict(index: MemoryCatalogue) -> None:
    index.add("app", "2.0", ["lib>=2.0"])
    wheel = FromArchive(url="https://files.example/lib-1.0-py3-none-any.whl")

    resolution = run(index, ("app==2.0", None), ("lib", wheel))

    assert pins(resolution) == ["app==2.0", "deep==1.0", "lib==1.0"]
    assert [(conflict.package, str(conflict.kept)) for conflict in resolution.conflicts] == [("lib", "1.0")]


@pytest.mark.parametrize(
    "source",
    [FromVcs(url="git+https://code.example/lib"), FromFolder(path="./lib", is_editable=True)],
)
def test_a_repository_or_folder_counts_as_present(index: MemoryCatalogue, source: RequirementSource) -> None:
    resolution = run(index, ("app", None), ("lib", source))

    assert pins(resolution) == ["app==1.0", "util==1.0"]
    assert resolution.gaps == ()
    assert "lib" not in index.pages_asked


def test_a_dependency_by_url_is_a_gap(index: MemoryCatalogue) -> None:
    index.add("web", "1.0", ["private @ https://code.example/private.zip"])

    resolution = run(index, ("web", None))

    assert pins(resolution) == ["web==1.0"]
    assert [gap.subject for gap in resolution.gaps] == ["private"]
