"""Core metadata as text → `CoreMetadata`, and to JSON and back for the cache.

Only the header is looked at: the README behind it can be a megabyte, and 90 files have to be read in a few
milliseconds. So this is not `email.parser`, but it ends the header and folds lines where that one does: pip
reads metadata with it (`importlib.metadata`), so a stray line hides what follows from pip, and from us.

Sources: https://packaging.python.org/specifications/core-metadata/, PEP 566, PEP 643 (2.2), PEP 639 (2.4).
"""

from __future__ import annotations

import re
from typing import Any

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from driftcheck.model.errors import MetadataUnavailableError
from driftcheck.model.release import CoreMetadata, DistributionFile
from driftcheck.support.plain_text import printable

DEPENDENCIES_HEADER = "X-Driftcheck-Dependencies"
"""Added by `sdists` with the value `unknown` where an archive does not say what it requires."""

_MAX_REPEATED_FIELDS = 20_000  # real ones stay below 3,000 (all extras of a monorepo)
_LICENSE_CHARACTERS = 200
_SUMMARY_CHARACTERS = 1_000

_MAX_HEADER_BYTES = 4 * 1024**2  # with the README in it, as before 2.1, real ones stay below 1 MB
_NO_HEADER_LINE = re.compile(r"^(?![ \t]|[!-9;-~]*:)", re.MULTILINE)
_FIELD = re.compile(
    r"^(Metadata-Version|Name|Version|Requires-Dist|Requires-Python|Provides-Extra|Classifier|Dynamic"
    r"|License-Expression|License|Summary|X-Driftcheck-Dependencies):[ \t]*(.*(?:\n[ \t].*)*)",
    re.MULTILINE | re.IGNORECASE,
)
_FOLD = re.compile(r"\s*\n\s*")

Fields = dict[str, list[str]]
"""{field name in lower case: its values in order}, of the fields that driftcheck reads."""


def read_fields(raw: bytes) -> Fields:
    """Read the header of a METADATA or PKG-INFO file; never fails: garbage or a huge header has no fields."""
    head = raw[: _header_end(raw)].removeprefix(b"\xef\xbb\xbf")
    if len(head) > _MAX_HEADER_BYTES:
        return {}
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:  # distutils wrote what the author's machine spoke
        text = head.decode("latin-1")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    stray = _NO_HEADER_LINE.search(text)
    fields: Fields = {}
    for match in _FIELD.finditer(text, 0, stray.start() if stray else len(text)):
        value = match[2].strip()
        if "\n" in value:
            value = _FOLD.sub(" ", value)
        fields.setdefault(match[1].lower(), []).append(value)
    return fields


def parse_metadata(raw: bytes, *, is_certain: bool, file: DistributionFile) -> CoreMetadata:
    """Parse the metadata of a file.

    The name and version may be missing: the file's are taken. Of a field that must be single the first
    counts, as in pip. `Requires-Dist` stays text, malformed or not.

    Args:
        raw: METADATA of a wheel, PKG-INFO of an sdist (as `sdists.read_metadata` returns it).
        is_certain: see `CoreMetadata.is_certain`.

    Raises:
        MetadataUnavailableError: it is not metadata, or of another project or version than the file's name
            says, which pip refuses too (`MetadataInconsistent`).
    """
    fields = read_fields(raw)
    if not fields.keys() & {"metadata-version", "name", "version"}:
        raise MetadataUnavailableError(f"the metadata of {printable(file.filename)} is not core metadata")
    for repeated in ("requires-dist", "provides-extra", "classifier"):
        if len(fields.get(repeated, ())) > _MAX_REPEATED_FIELDS:
            raise MetadataUnavailableError(
                f"the metadata of {printable(file.filename)} has over {_MAX_REPEATED_FIELDS} {repeated} lines"
            )
    _refuse_other_distribution(fields, file)
    license_text = _first(fields, "license")
    summary = _first(fields, "summary")
    return CoreMetadata(
        name=file.name,
        version=file.version,
        requires_dist=tuple(text for text in fields.get("requires-dist", ()) if text),
        requires_python=_first(fields, "requires-python"),
        provides_extra=_normalized(fields.get("provides-extra", ())),
        classifiers=tuple(text for text in fields.get("classifier", ()) if text),
        license_expression=_first(fields, "license-expression"),
        license_text=license_text[:_LICENSE_CHARACTERS] if license_text else None,
        summary=summary[:_SUMMARY_CHARACTERS] if summary else None,
        is_certain=is_certain,
        dependencies_known="unknown" not in fields.get(DEPENDENCIES_HEADER.lower(), ()),
    )


def to_json(metadata: CoreMetadata) -> dict[str, Any]:
    """Return what `from_json` reads: strings, lists of strings and booleans; what is empty is left out."""
    everything = {
        "name": metadata.name,
        "version": str(metadata.version),
        "requires_dist": list(metadata.requires_dist),
        "requires_python": metadata.requires_python,
        "provides_extra": list(metadata.provides_extra),
        "classifiers": list(metadata.classifiers),
        "license_expression": metadata.license_expression,
        "license_text": metadata.license_text,
        "summary": metadata.summary,
        "is_certain": metadata.is_certain,
        "dependencies_known": metadata.dependencies_known,
    }
    return {key: value for key, value in everything.items() if value not in (None, [])}


def from_json(data: object) -> CoreMetadata:
    """Read what `to_json` wrote.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(data, dict):
        raise ValueError("expected an object")  # noqa: TRY004  one error type for all that a cache can hold
    name = _text(data, "name")
    version = _text(data, "version")
    if name is None or version is None or canonicalize_name(name) != name:
        raise ValueError("expected a normalised name and a version")
    return CoreMetadata(
        name=canonicalize_name(name),
        version=Version(version),  # InvalidVersion is a ValueError
        requires_dist=_texts(data, "requires_dist"),
        requires_python=_text(data, "requires_python"),
        provides_extra=_normalized(_texts(data, "provides_extra")),
        classifiers=_texts(data, "classifiers"),
        license_expression=_text(data, "license_expression"),
        license_text=_text(data, "license_text"),
        summary=_text(data, "summary"),
        is_certain=_flag(data, "is_certain"),
        dependencies_known=_flag(data, "dependencies_known"),
    )


def _header_end(raw: bytes) -> int:
    """Return where the first blank line begins, or the end; lines may end in any of the three ways."""
    end = len(raw)
    for blank in (b"\n\n", b"\n\r", b"\r\r"):
        at = raw.find(blank, 0, end)
        if at >= 0:
            end = at + 1
    return end


def _refuse_other_distribution(fields: Fields, file: DistributionFile) -> None:
    name, version = _first(fields, "name"), _first(fields, "version")
    if name is not None and canonicalize_name(name) != file.name:
        raise MetadataUnavailableError(
            f"the metadata of {printable(file.filename)} is of project {printable(name, limit=100)}"
        )
    if version is None:
        return
    try:
        is_same = Version(version) == file.version
    except InvalidVersion:
        is_same = False
    if not is_same:
        raise MetadataUnavailableError(
            f"the metadata of {printable(file.filename)} is of version {printable(version, limit=100)}"
        )


def _first(fields: Fields, name: str) -> str | None:
    """Return the first value, `None` if there is none or setuptools wrote that it knows none."""
    value = fields.get(name, [""])[0]
    return None if value in ("", "UNKNOWN") else value


def _normalized(names: list[str] | tuple[str, ...]) -> tuple[NormalizedName, ...]:
    return tuple(dict.fromkeys(canonicalize_name(name) for name in names if name))


def _text(data: dict[Any, Any], key: str) -> str | None:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key}: expected a string")
    return value


def _texts(data: dict[Any, Any], key: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key}: expected a list of strings")
    return tuple(value)


def _flag(data: dict[Any, Any], key: str) -> bool:
    value = data.get(key)
    if not isinstance(value, bool):
        raise ValueError(f"{key}: expected true or false")  # noqa: TRY004  as in `from_json`
    return value
