import json
import time
from contextlib import suppress
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from packaging.version import Version

from driftcheck.index.metadata.core_metadata import from_json, parse_metadata, read_fields, to_json
from driftcheck.model.errors import MetadataUnavailableError
from driftcheck.model.release import CoreMetadata, DistributionFile, FileKind
from tests.support.distributions import metadata_text_of


def file_of(name: str = "flask", version: str = "1.1.2") -> DistributionFile:
    filename = f"{name}-{version}-py3-none-any.whl"
    return DistributionFile(
        filename=filename,
        url=f"https://index.example/{filename}",
        kind=FileKind.WHEEL,
        name=canonicalize_name(name),
        version=Version(version),
        index_url="https://index.example/simple/",
    )


def parsed(text: str | bytes, **about: str) -> CoreMetadata:
    raw = text if isinstance(text, bytes) else text.encode()
    return parse_metadata(raw, is_certain=True, file=file_of(**about))


def test_everything_is_read() -> None:
    text = metadata_text_of(
        "Flask",
        "1.1.2",
        requires=["Werkzeug>=0.15", 'colorama; sys_platform == "win32"'],
        requires_python=">=2.7",
        extras={"Dot_Env": ["python-dotenv"]},
        classifiers=["Framework :: Flask", "Topic :: Internet"],
        headers=[
            ("Summary", "A micro framework"),
            ("License", "BSD"),
            ("License-Expression", "BSD-3-Clause"),
        ],
    )

    assert parsed(text) == CoreMetadata(
        name=canonicalize_name("flask"),
        version=Version("1.1.2"),
        requires_dist=(
            "Werkzeug>=0.15",
            'colorama; sys_platform == "win32"',
            'python-dotenv; extra == "Dot_Env"',
        ),
        requires_python=">=2.7",
        provides_extra=(canonicalize_name("dot-env"),),
        classifiers=("Framework :: Flask", "Topic :: Internet"),
        license_expression="BSD-3-Clause",
        license_text="BSD",
        summary="A micro framework",
    )


def test_the_text_behind_the_header_is_not_read() -> None:
    assert parsed("Name: flask\n\nRequires-Dist: from-the-readme\n").requires_dist == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(newline: str) -> None:
    text = newline.join(["Name: flask", "Requires-Dist: a", "Requires-Dist: b", "", "Requires-Dist: c"])

    assert parsed(text).requires_dist == ("a", "b")


def test_a_stray_line_ends_the_header_as_it_does_for_pip() -> None:
    raw = b"Name: flask\nRequires-Dist: a\nLicense: BSD\nRedistribution and use\nRequires-Dist: b\n"

    assert parsed(raw).requires_dist == ("a",)
    assert BytesParser().parsebytes(raw).get_all("Requires-Dist") == ["a"]


def test_folded_lines_become_one() -> None:
    assert parsed("Name: flask\nRequires-Dist: a\n   >=1\n\t,<2\n").requires_dist == ("a >=1 ,<2",)


def test_a_description_among_the_headers_hides_nothing() -> None:
    text = "Name: flask\nDescription: one\n      Requires-Dist: no\n        \n      two\nRequires-Dist: yes\n"

    assert parsed(text).requires_dist == ("yes",)


@pytest.mark.parametrize(
    "line", ["requires-dist: a", "REQUIRES-DIST: a", "Requires-Dist:a", "Requires-Dist:\ta "]
)
def test_field_names_are_read_in_any_case(line: str) -> None:
    assert parsed(f"Name: flask\n{line}\n").requires_dist == ("a",)


def test_malformed_and_legacy_requirements_stay_as_they_are() -> None:
    text = "Name: flask\nRequires-Dist: foo (>=1.0)\nRequires-Dist: !!\nRequires-Dist:\n"

    assert parsed(text).requires_dist == ("foo (>=1.0)", "!!")


def test_of_a_doubled_field_the_first_counts() -> None:
    text = "Name: flask\nName: other\nVersion: 1.1.2\nRequires-Python: >=3\nRequires-Python: >=2\n"

    assert parsed(text).requires_python == ">=3"


def test_a_missing_name_or_version_is_the_one_of_the_file() -> None:
    metadata = parsed("Metadata-Version: 2.1\n")

    assert (metadata.name, metadata.version) == ("flask", Version("1.1.2"))


def test_text_that_is_not_utf8_is_read_as_latin1() -> None:
    raw = "Name: flask\nSummary: café\nRequires-Dist: a\n".encode("latin-1")

    assert (parsed(raw).summary, parsed(raw).requires_dist) == ("café", ("a",))


def test_a_byte_order_mark_is_skipped() -> None:
    assert parsed(b"\xef\xbb\xbfName: flask\nRequires-Dist: a\n").requires_dist == ("a",)


def test_unknown_means_nothing() -> None:
    metadata = parsed("Name: flask\nSummary: UNKNOWN\nLicense: UNKNOWN\n")

    assert (metadata.summary, metadata.license_text) == (None, None)


def test_a_long_license_is_cut() -> None:
    assert parsed("Name: flask\nLicense: " + "x" * 1000).license_text == "x" * 200


def test_unknown_dependencies_are_told() -> None:
    text = "Name: flask\n"

    assert parsed(text).dependencies_known
    assert not parsed("X-Driftcheck-Dependencies: unknown\n" + text).dependencies_known


@pytest.mark.parametrize(
    "text,reason",
    [
        ("", "is not core metadata"),
        ("<html>Please sign in</html>", "is not core metadata"),
        ("\nName: flask\n", "is not core metadata"),
        ("Name: django\n", "is of project django"),
        ("Name: flask\nVersion: 1.1.3\n", "is of version 1.1.3"),
        ("Name: flask\nVersion: 1.1.2+local\n", "is of version 1.1.2+local"),
        ("Name: flask\nVersion: \x1b[31mnone\n", r"is of version \x1b[31mnone"),
        ("Name: flask\n" + "Requires-Dist: a\n" * 20_001, "has over 20000 requires-dist lines"),
    ],
    ids=["empty", "html", "blank first", "project", "version", "local version", "escape", "too many"],
)
def test_what_pip_would_refuse_is_refused(text: str, reason: str) -> None:
    with pytest.raises(MetadataUnavailableError) as caught:
        parsed(text)

    assert caught.value.message == f"the metadata of flask-1.1.2-py3-none-any.whl {reason}"


def test_names_and_versions_are_compared_normalised() -> None:
    metadata = parsed("Name: Ruamel.Yaml_x\nVersion: 1.0-beta1\n", name="ruamel-yaml-x", version="1.0b1")

    assert (metadata.name, str(metadata.version)) == ("ruamel-yaml-x", "1.0b1")


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail_otherwise(raw: bytes) -> None:
    try:
        metadata = parsed(b"Name: flask\n" + raw)
    except MetadataUnavailableError:
        return
    assert from_json(json.loads(json.dumps(to_json(metadata)))) == metadata


_VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["Cc", "Zs"]), min_size=1
)


@given(st.lists(st.tuples(st.sampled_from(["Requires-Dist", "Classifier", "Keywords", "Name"]), _VALUES)))
def test_fields_are_those_of_the_email_parser(headers: list[tuple[str, str]]) -> None:
    raw = "".join(f"{name}: {value}\n" for name, value in headers).encode() + b"\nbody\n"
    message = BytesParser().parsebytes(raw)

    fields = read_fields(raw)

    for name in ("Requires-Dist", "Classifier", "Name"):
        expected = [str(value).encode("ascii", "surrogateescape") for value in _raw_values(message, name)]
        assert [value.encode() for value in fields.get(name.lower(), [])] == expected


def _raw_values(message: Any, name: str) -> list[str]:
    return [value for key, value in message.raw_items() if key == name]


def test_json_leaves_out_what_is_empty() -> None:
    assert to_json(parsed("Name: flask\n")) == {
        "name": "flask",
        "version": "1.1.2",
        "is_certain": True,
        "dependencies_known": True,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Flask"},
        {"name": None},
        {"name": 1},
        {"version": "not a version"},
        {"version": None},
        {"requires_dist": "a"},
        {"requires_dist": [1]},
        {"requires_python": 3},
        {"provides_extra": {}},
        {"classifiers": None},
        {"is_certain": "yes"},
        {"is_certain": None},
        {"dependencies_known": 1},
    ],
    ids=str,
)
def test_a_corrupt_cache_entry_is_a_value_error(change: dict[str, Any]) -> None:
    good = to_json(parsed("Name: flask\nRequires-Dist: a\n"))

    with pytest.raises(ValueError, match=r"."):
        from_json({**good, **change})


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_any_other_json_is_a_value_error(data: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(data)


@pytest.mark.parametrize("line", [b" \n", b"x:\n", b" \r", b"Summary: a\n b\n", b"Requires-Dist:\n"])
def test_a_huge_header_costs_little(line: bytes) -> None:
    started = time.monotonic()

    with pytest.raises(MetadataUnavailableError):
        parsed(b"Name: flask\n" + line * (16 * 1024**2 // len(line)))
    with suppress(MetadataUnavailableError):
        parsed(b"Name: flask\n" + line * (4 * 1024**2 // len(line) - 10))
    assert time.monotonic() - started < 20
