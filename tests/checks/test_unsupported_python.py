"""`unsupported-python` names releases whose Requires-Python excludes the target's Python."""

import pytest

from driftcheck.checks.unsupported_python import CHECK, find
from driftcheck.model.finding import Confidence, Evidence, Fix
from driftcheck.model.location import Location
from driftcheck.model.resolution import Miss, MissReason
from tests.checks.snapshots import (
    TARGET,
    Index,
    line_ask,
    lines,
    metadata,
    metadata_ask,
    resolved,
    sdist,
    snapshot_of,
    wheel,
)


def test_a_pin_that_excludes_this_python() -> None:
    index, project = Index(), lines("scipy==1.5.0")
    release = index.add("scipy", "1.5.0", wheel(requires_python=">=3.6,<3.9"))
    index.add("scipy", "1.6.0", wheel(requires_python=">=3.6,<3.9"))
    index.add("scipy", "1.7.0", wheel(requires_python=">=3.7,<3.10"))
    index.add("scipy", "1.8.0", wheel(requires_python=">=3.8"))
    index.add("scipy", "1.9.0", wheel(requires_python=">=3.10"))

    assert list(find(snapshot_of(index, project, [resolved(index, project, "scipy", "1.5.0")]))) == [
        CHECK.finding(
            package=release.name,
            version="1.5.0",
            message=(
                "scipy 1.5.0 needs Python >=3.6,<3.9, so it does not install on Python 3.9.18; "
                "1.7.0 is the next release with a wheel for it and 1.8.0 the newest"
            ),
            location=Location(path="requirements.txt", line=1),
            evidence=(
                Evidence(
                    file="scipy-1.5.0-py3-none-any.whl",
                    line=None,
                    text="Requires-Python: >=3.6,<3.9",
                ),
            ),
            fixes=(Fix(package=release.name, specifier="==1.7.0"),),
            subject=f"page {TARGET.kind}",
        )
    ]


@pytest.mark.parametrize(
    "others,ending",
    [
        (["1.4"], "; 1.4 is the last release with a wheel for it"),
        (["1.6"], "; 1.6 is the next release with a wheel for it"),
        ([], "; no release of it does"),
    ],
)
def test_where_else_it_is_supported(others: list[str], ending: str) -> None:
    index, project = Index(), lines("scipy==1.5")
    index.add("scipy", "1.5", wheel(requires_python="<3.9"))
    for version in others:
        index.add("scipy", version)
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "scipy", "1.5")]))

    assert finding.message == f"scipy 1.5 needs Python <3.9, so it does not install on Python 3.9.18{ending}"


def test_an_sdist_that_only_has_no_upper_bound_is_not_proposed() -> None:
    index, project = Index(), lines("numba==0.53")
    index.add("numba", "0.53", wheel(requires_python=">=3.6,<3.9"), sdist(requires_python=">=3.6,<3.9"))
    index.add("numba", "0.56", wheel("cp38-cp38-manylinux_2_17_x86_64"), sdist())
    index.add("numba", "0.59", wheel("cp39-cp39-manylinux_2_17_x86_64"), sdist())
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "numba", "0.53")]))

    assert finding.message.endswith("; 0.59 is the next release with a wheel for it")
    assert [fix.specifier for fix in finding.fixes] == ["==0.59"]


def test_an_sdist_is_proposed_where_there_is_no_wheel() -> None:
    index, project = Index(), lines("numba==0.53")
    index.add("numba", "0.53", sdist(requires_python="<3.9"))
    index.add("numba", "0.56", sdist())
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "numba", "0.53")]))

    assert finding.message.endswith("; 0.56 is the next release that allows it")
    assert [fix.specifier for fix in finding.fixes] == ["==0.56"]


def test_no_fix_where_somebody_asks_for_this_very_release() -> None:
    index, project = Index(), lines("scipy==1.5", "learn==1")
    index.add("scipy", "1.5", wheel(requires_python="<3.9"))
    index.add("scipy", "1.6")
    scipy = resolved(index, project, "scipy", "1.5", metadata_ask("scipy<1.6", "learn", "1"))
    (finding,) = find(snapshot_of(index, project, [scipy]))

    assert finding.fixes == ()


def test_what_only_the_metadata_says() -> None:
    index, project = Index(), lines("scipy==1.5")
    index.add("scipy", "1.5", sdist())
    core = metadata("scipy", "1.5", requires_python=">=3.10", is_certain=False)
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "scipy", "1.5", core=core)]))

    assert finding.message == (
        "scipy 1.5 says in its metadata that it needs Python >=3.10, "
        "so it does not install on Python 3.9.18; no release of it does"
    )
    assert finding.confidence is Confidence.MEDIUM
    assert finding.evidence == (
        Evidence(file="scipy 1.5 METADATA", line=None, text="Requires-Python: >=3.10"),
    )


def test_a_range_of_which_no_release_supports_it() -> None:
    index, project = Index(), lines("learn==1")
    index.add("learn", "1")
    index.add("scipy", "2.0", wheel(requires_python=">=3.11"))
    index.add("scipy", "2.1", wheel(requires_python=">=3.12"))
    index.add("scipy", "1.0")
    miss = Miss(
        ask=metadata_ask("scipy>=2", "learn", "1"),
        reason=MissReason.NO_INSTALLABLE_FILE,
    )
    packages = [resolved(index, project, "learn", "1")]
    (finding,) = find(snapshot_of(index, project, packages, misses=[miss]))

    assert finding.message == (
        "no release of scipy in >=2, which learn 1 requires, supports Python 3.9.18: 2.1 needs >=3.12; "
        "1.0 is the last release with a wheel for it"
    )
    assert (finding.package, finding.version, finding.fixes) == ("scipy", None, ())


def test_what_a_release_asks_for_that_does_not_install_itself_goes_unsaid() -> None:
    index, project = Index(), lines("tox==4.31")
    index.add("tox", "4.31", wheel(requires_python=">=3.10"))
    index.add("pluggy", "1.6", wheel(requires_python=">=3.10"))
    miss = Miss(ask=metadata_ask("pluggy>=1.6", "tox", "4.31"), reason=MissReason.NO_INSTALLABLE_FILE)
    packages = [resolved(index, project, "tox", "4.31")]

    (finding,) = find(snapshot_of(index, project, packages, misses=[miss]))
    assert finding.package == "tox"


def test_a_pin_is_reported_once_where_the_resolver_also_misses_it() -> None:
    index, project = Index(), lines("scipy==1.5")
    index.add("scipy", "1.5", wheel(requires_python="<3.9"))
    miss = Miss(ask=line_ask(project.declarations[0]), reason=MissReason.NO_INSTALLABLE_FILE)
    packages = [resolved(index, project, "scipy", "1.5")]

    assert len(list(find(snapshot_of(index, project, packages, misses=[miss])))) == 1


def test_silent_where_one_file_allows_it() -> None:
    index, project = Index(), lines("scipy==1.5")
    index.add("scipy", "1.5", wheel(requires_python="<3.9"), sdist(requires_python=">=3.6"))

    assert list(find(snapshot_of(index, project, [resolved(index, project, "scipy", "1.5")]))) == []


def test_silent_where_only_the_wheel_tags_do_not_fit() -> None:
    index, project = Index(), lines("scipy==1.5")
    index.add("scipy", "1.5", wheel("cp38-cp38-win_amd64", requires_python=">=3.6"))

    assert list(find(snapshot_of(index, project, [resolved(index, project, "scipy", "1.5")]))) == []


def test_silent_for_a_malformed_bound() -> None:
    index, project = Index(), lines("scipy==1.5")
    index.add("scipy", "1.5")
    core = metadata("scipy", "1.5", requires_python="three point six")

    assert (
        list(find(snapshot_of(index, project, [resolved(index, project, "scipy", "1.5", core=core)]))) == []
    )
