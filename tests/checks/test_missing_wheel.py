"""`missing-wheel` names what pip would build, and what it could not install at all."""

import pytest

from driftcheck.checks.missing_wheel import CHECK, find
from driftcheck.model.finding import Evidence, Fix, Severity
from driftcheck.model.location import Location
from driftcheck.model.project import FormatControl
from driftcheck.model.requirement_source import FromArchive
from driftcheck.model.resolution import Miss, MissReason
from tests.checks.snapshots import (
    TARGET,
    File,
    Index,
    declaration,
    lines,
    metadata_ask,
    project_of,
    resolved,
    sdist,
    snapshot_of,
    wheel,
)

LINUX = "manylinux_2_17_x86_64"
ONLY_BINARY = FormatControl(only_binary=frozenset({":all:"}))
NO_BINARY = FormatControl(no_binary=frozenset({"numpy"}))


def numpy_files(*pythons: str) -> list[File]:
    return [wheel(f"{python}-{python}-{LINUX}") for python in pythons]


def test_a_build_from_source() -> None:
    index, project = Index(), lines("numpy==1.18.5")
    release = index.add("numpy", "1.18.5", *numpy_files("cp36", "cp37", "cp38"), sdist())
    index.add("numpy", "1.19.0", *numpy_files("cp38"), sdist())
    index.add("numpy", "1.19.5", *numpy_files("cp38", "cp39"), sdist())
    index.add("numpy", "1.26.4", *numpy_files("cp39", "cp310"), sdist())
    found = list(find(snapshot_of(index, project, [resolved(index, project, "numpy", "1.18.5")])))

    assert found == [
        CHECK.finding(
            package=release.name,
            version="1.18.5",
            severity=Severity.WARNING,
            message=(
                "numpy 1.18.5 has no wheel for Python 3.9.18 on x86_64-manylinux_2_28, so pip would build it "
                "from source: its wheels for x86_64-manylinux_2_28 are for Python 3.6–3.8; "
                "the nearest release with a wheel is 1.19.5, the newest 1.26.4"
            ),
            location=Location(path="requirements.txt", line=1),
            evidence=(
                *(
                    Evidence(file=f"numpy-1.18.5-{tag}-{tag}-{LINUX}.whl", line=None, text="listed")
                    for tag in ("cp36", "cp37", "cp38")
                ),
                Evidence(file="numpy-1.18.5.tar.gz", line=None, text="listed"),
            ),
            fixes=(Fix(package=release.name, specifier="==1.19.5"),),
            subject=f"build {TARGET.kind}",
        )
    ]


@pytest.mark.parametrize(
    "files,reason",
    [
        ([sdist()], "the release has no wheel at all"),
        (
            [wheel("cp39-cp39-win_amd64"), wheel("cp39-cp39-macosx_11_0_arm64"), sdist()],
            "its wheels are for Windows and macOS only",
        ),
        (
            [wheel("cp39-cp39-manylinux_2_34_x86_64"), wheel("cp39-cp39-musllinux_1_1_x86_64"), sdist()],
            "its wheels are for manylinux_2_34_x86_64 and musl Linux only",
        ),
        (
            [wheel(f"cp38-cp38-{LINUX}"), wheel(f"pp37-pypy37_pp73-{LINUX}"), sdist()],
            "its wheels for x86_64-manylinux_2_28 are for Python 3.8 and PyPy 3.7",
        ),
        (
            [wheel(f"cp312-abi3-{LINUX}"), wheel(f"cp313-cp313t-{LINUX}"), sdist()],
            (
                "its wheels for x86_64-manylinux_2_28 "
                "are for Python 3.12 and later and free-threaded Python 3.13"
            ),
        ),
        (
            [wheel(f"cp36-cp36m-{LINUX}"), wheel(f"cp38-cp38-{LINUX}"), wheel("py2-none-any"), sdist()],
            "its wheels for x86_64-manylinux_2_28 are for Python 3.6 and 3.8 and Python 2",
        ),
        (
            [wheel(requires_python=">=3.10"), sdist()],
            "its wheels that would fit say Requires-Python >=3.10",
        ),
        ([wheel(yanked="bad"), sdist()], "its wheel that would fit was yanked"),
    ],
)
def test_why_no_wheel_fits(files: list[File], reason: str) -> None:
    index, project = Index(), lines("numpy==1.18.5")
    index.add("numpy", "1.18.5", *files)
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "numpy", "1.18.5")]))

    assert finding.message == (
        "numpy 1.18.5 has no wheel for Python 3.9.18 on x86_64-manylinux_2_28, so pip would build it "
        f"from source: {reason}; no other release has a wheel for it either"
    )


def test_only_wheels_for_elsewhere_are_an_error() -> None:
    index, project = Index(), lines("numpy==1.18.5")
    index.add("numpy", "1.18.5", wheel("cp39-cp39-win_amd64"))
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "numpy", "1.18.5")]))

    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "numpy 1.18.5 does not install on Python 3.9.18 on x86_64-manylinux_2_28: "
        "its wheels are for Windows only, and there is no sdist; "
        "no other release has a wheel for it either"
    )


def test_only_binary_forbids_the_sdist() -> None:
    index, project = Index(), lines("numpy==1.18.5")
    index.add("numpy", "1.18.5", sdist())
    numpy = resolved(index, project, "numpy", "1.18.5", formats=ONLY_BINARY)
    (finding,) = find(snapshot_of(index, project, [numpy], formats=ONLY_BINARY))

    assert finding.severity is Severity.ERROR
    assert "the release has no wheel at all, and --only-binary forbids its sdist" in finding.message


def test_no_binary_forbids_the_wheels() -> None:
    index, project = Index(), lines("numpy==1.18.5")
    index.add("numpy", "1.18.5")
    numpy = resolved(index, project, "numpy", "1.18.5", formats=NO_BINARY)
    (finding,) = find(snapshot_of(index, project, [numpy], formats=NO_BINARY))

    assert "--no-binary forbids its wheels and it has no sdist" in finding.message


def test_the_sdist_excludes_this_python_and_the_wheels_this_platform() -> None:
    index, project = Index(), lines("numpy==1.18.5")
    index.add("numpy", "1.18.5", wheel("cp39-cp39-win_amd64"), sdist(requires_python=">=3.10"))
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "numpy", "1.18.5")]))

    assert finding.severity is Severity.ERROR
    assert "its wheels are for Windows only, and its sdist excludes this Python" in finding.message


def test_a_range_of_which_nothing_installs() -> None:
    index, project = Index(), lines("learn==1")
    index.add("learn", "1")
    index.add("numpy", "1.18.5", wheel("cp39-cp39-win_amd64"))
    index.add("numpy", "1.17")
    miss = Miss(ask=metadata_ask("numpy>=1.18", "learn", "1"), reason=MissReason.NO_INSTALLABLE_FILE)
    (finding,) = find(snapshot_of(index, project, [resolved(index, project, "learn", "1")], misses=[miss]))

    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "no release of numpy in >=1.18, which learn 1 requires, installs on Python 3.9.18 on "
        "x86_64-manylinux_2_28; 1.18.5 does not because its wheels are for Windows only, and there is no "
        "sdist; "
        "the nearest release with a wheel is 1.17"
    )


def test_the_fix_respects_what_others_ask() -> None:
    index, project = Index(), lines("numpy==1.18.5", "learn==1")
    index.add("numpy", "1.17")
    index.add("numpy", "1.18.5", sdist())
    index.add("numpy", "1.18.6")
    numpy = resolved(index, project, "numpy", "1.18.5", metadata_ask("numpy<1.18.6", "learn", "1", 2))
    (finding,) = find(snapshot_of(index, project, [numpy]))

    assert [fix.specifier for fix in finding.fixes] == ["==1.17"]


def test_silent_for_a_wheel() -> None:
    index, project = Index(), lines("numpy==1.18.5")
    index.add("numpy", "1.18.5", *numpy_files("cp38", "cp39"), sdist())

    assert list(find(snapshot_of(index, project, [resolved(index, project, "numpy", "1.18.5")]))) == []


def test_silent_where_the_user_wants_a_build() -> None:
    index, project = Index(), lines("numpy==1.18.5")
    index.add("numpy", "1.18.5", wheel(), sdist())
    numpy = resolved(index, project, "numpy", "1.18.5", formats=NO_BINARY)

    assert list(find(snapshot_of(index, project, [numpy], formats=NO_BINARY))) == []


def test_silent_where_a_line_names_the_sdist_itself() -> None:
    source = FromArchive(url="https://files.example/numpy-1.18.5.tar.gz")
    index, project = Index(), project_of(declaration("numpy", source=source))
    index.add("numpy", "1.18.5", sdist())

    assert list(find(snapshot_of(index, project, [resolved(index, project, "numpy", "1.18.5")]))) == []


def test_silent_where_the_python_is_what_is_wrong() -> None:
    index, project = Index(), lines("numpy==1.18.5")
    index.add("numpy", "1.18.5", wheel(requires_python=">=3.10"))

    assert list(find(snapshot_of(index, project, [resolved(index, project, "numpy", "1.18.5")]))) == []
