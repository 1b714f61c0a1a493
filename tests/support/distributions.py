"""Builders of tiny real wheels and sdists.

The same arguments give the same bytes: entries are sorted and every time stamp is fixed.
"""

import base64
import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from packaging.tags import parse_tag
from packaging.utils import canonicalize_name

NOTHING: Mapping[str, Sequence[str]] = {}
_ZIP_TIME = (2020, 1, 1, 0, 0, 0)
_TAR_TIME = 1577836800


def metadata_text_of(
    name: str,
    version: str,
    *,
    requires: Iterable[str] = (),
    requires_python: str | None = None,
    extras: Mapping[str, Sequence[str]] = NOTHING,
    classifiers: Iterable[str] = (),
    metadata_version: str = "2.1",
    dynamic: Iterable[str] = (),
    headers: Iterable[tuple[str, str]] = (),
) -> str:
    """Returns the text of a METADATA or PKG-INFO file.

    Args:
        requires: Requirements as they stand in `Requires-Dist`.
        extras: `{extra: requirements}`; the marker `extra == "…"` is added to each.
        dynamic: Fields whose value a build decides.
        headers: Any further fields, such as `("License-Expression", "MIT")`.
    """
    lines = [f"Metadata-Version: {metadata_version}", f"Name: {name}", f"Version: {version}"]
    lines += [f"Dynamic: {field}" for field in dynamic]
    lines += [f"{field}: {value}" for field, value in headers]
    lines += [f"Classifier: {classifier}" for classifier in classifiers]
    if requires_python is not None:
        lines.append(f"Requires-Python: {requires_python}")
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    for extra, requirements in extras.items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {_with_extra(requirement, extra)}" for requirement in requirements]
    return "\n".join(lines) + "\n\nA tiny distribution for tests.\n"


def build_wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    requires: Iterable[str] = (),
    requires_python: str | None = None,
    extras: Mapping[str, Sequence[str]] = NOTHING,
    tag: str = "py3-none-any",
    build_number: str | None = None,
    files: Mapping[str, str | bytes] | None = None,
    entry_points: Mapping[str, Mapping[str, str]] | None = None,
    dist_info_files: Mapping[str, str | bytes] | None = None,
    classifiers: Iterable[str] = (),
    headers: Iterable[tuple[str, str]] = (),
    metadata_version: str = "2.1",
    metadata_text: str | None = None,
    compressed: bool = True,
) -> Path:
    """Writes a wheel that pip can install, and returns its path.

    Args:
        folder: Made if absent.
        tag: May be a compressed set, such as `py2.py3-none-any`.
        files: `{path in the wheel: content}`; `None` gives one package that holds `__version__`, `{}` none.
        entry_points: `{group: {name: "module:object"}}`, such as `{"console_scripts": {"x": "x:main"}}`.
        dist_info_files: `{name: content}` of further files in `.dist-info`, such as `top_level.txt`.
        metadata_text: The whole METADATA, in place of what the other arguments give.
    """
    stem = f"{_escaped(name)}-{version}"
    dist_info = f"{stem}.dist-info"
    if files is None:
        files = {f"{_escaped(name)}/__init__.py": f'__version__ = "{version}"\n'}
    if metadata_text is None:
        metadata_text = metadata_text_of(
            name,
            version,
            requires=requires,
            requires_python=requires_python,
            extras=extras,
            classifiers=classifiers,
            metadata_version=metadata_version,
            headers=headers,
        )
    contents = {path: _as_bytes(content) for path, content in sorted(files.items())}
    contents[f"{dist_info}/METADATA"] = metadata_text.encode()
    contents[f"{dist_info}/WHEEL"] = _wheel_text(tag, build_number).encode()
    if entry_points:
        contents[f"{dist_info}/entry_points.txt"] = _entry_points_text(entry_points).encode()
    for path, content in sorted((dist_info_files or {}).items()):
        contents[f"{dist_info}/{path}"] = _as_bytes(content)
    contents[f"{dist_info}/RECORD"] = _record_text(contents, f"{dist_info}/RECORD").encode()
    middle = f"{stem}-{build_number}" if build_number else stem
    return _write_zip(folder / f"{middle}-{tag}.whl", contents, compressed=compressed)


def build_sdist(
    folder: Path,
    name: str,
    version: str,
    *,
    requires: Iterable[str] = (),
    requires_python: str | None = None,
    extras: Mapping[str, Sequence[str]] = NOTHING,
    metadata_version: str = "2.1",
    dynamic: Iterable[str] = (),
    egg_info_requires_txt: str | None = None,
    setup_py: str | None = None,
    pyproject_toml: str | None = None,
    files: Mapping[str, str | bytes] | None = None,
    classifiers: Iterable[str] = (),
    headers: Iterable[tuple[str, str]] = (),
    metadata_text: str | None = None,
    extension: str = ".tar.gz",
) -> Path:
    """Writes a source distribution, and returns its path.

    Args:
        folder: Made if absent.
        metadata_version: From "2.2" on, a field not in `dynamic` is what any wheel of it will have.
        egg_info_requires_txt: The text of `*.egg-info/requires.txt`; `None` leaves the file out.
        setup_py: The text of `setup.py`; `None` leaves the file out.
        pyproject_toml: The text of `pyproject.toml`; `None` leaves the file out.
        files: `{path in the source tree: content}`; `None` gives one package that holds `__version__`.
        metadata_text: The whole PKG-INFO, in place of what the other arguments give.
        extension: `.tar.gz` or `.zip`.
    """
    stem = f"{_escaped(name)}-{version}"
    if files is None:
        files = {f"{_escaped(name)}/__init__.py": f'__version__ = "{version}"\n'}
    if metadata_text is None:
        metadata_text = metadata_text_of(
            name,
            version,
            requires=requires,
            requires_python=requires_python,
            extras=extras,
            classifiers=classifiers,
            metadata_version=metadata_version,
            dynamic=dynamic,
            headers=headers,
        )
    contents = {f"{stem}/PKG-INFO": metadata_text.encode()}
    for path, text in (("setup.py", setup_py), ("pyproject.toml", pyproject_toml)):
        if text is not None:
            contents[f"{stem}/{path}"] = text.encode()
    if egg_info_requires_txt is not None:
        egg_info = f"{stem}/{_escaped(name)}.egg-info"
        contents[f"{egg_info}/PKG-INFO"] = metadata_text.encode()
        contents[f"{egg_info}/requires.txt"] = egg_info_requires_txt.encode()
    for path, content in sorted(files.items()):
        contents[f"{stem}/{path}"] = _as_bytes(content)
    path_of_sdist = folder / f"{stem}{extension}"
    return _write_zip(path_of_sdist, contents) if extension == ".zip" else _write_tar(path_of_sdist, contents)


def _escaped(name: str) -> str:
    return canonicalize_name(name).replace("-", "_")


def _as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _with_extra(requirement: str, extra: str) -> str:
    wanted, _, marker = requirement.partition(";")
    condition = f'({marker.strip()}) and extra == "{extra}"' if marker else f'extra == "{extra}"'
    return f"{wanted.strip()}; {condition}"


def _wheel_text(tag: str, build_number: str | None) -> str:
    pure = "true" if tag.endswith("-none-any") else "false"
    lines = ["Wheel-Version: 1.0", "Generator: driftcheck-tests", f"Root-Is-Purelib: {pure}"]
    lines += [f"Tag: {one}" for one in sorted(map(str, parse_tag(tag)))]
    if build_number:
        lines.append(f"Build: {build_number}")
    return "\n".join(lines) + "\n"


def _entry_points_text(entry_points: Mapping[str, Mapping[str, str]]) -> str:
    lines: list[str] = []
    for group, entries in entry_points.items():
        lines += [f"[{group}]", *(f"{name} = {target}" for name, target in entries.items()), ""]
    return "\n".join(lines)


def _record_text(contents: Mapping[str, bytes], record_path: str) -> str:
    lines = []
    for path, content in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{record_path},,"]) + "\n"


def _write_zip(path: Path, contents: Mapping[str, bytes], *, compressed: bool = True) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            archive.writestr(entry, content)
    return path


def _write_tar(path: Path, contents: Mapping[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=_TAR_TIME) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(content), _TAR_TIME, 0o644
            archive.addfile(entry, io.BytesIO(content))
    return path
