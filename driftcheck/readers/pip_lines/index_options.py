"""What an option line changes in where packages come from, as pip's `handle_option_line` does it."""

from __future__ import annotations

import os.path
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from driftcheck.model.project import FormatControl, IndexOptions
from driftcheck.readers.pip_lines.options import LineOptions, Option


def with_format_control(options: IndexOptions, line: LineOptions) -> IndexOptions:
    """Apply `--no-binary` and `--only-binary`: pip obeys them on any line, behind a requirement too."""
    control = options.format_control
    for option, value in line.given:
        if option is Option.NO_BINARY:
            control = control.with_no_binary(value)
        elif option is Option.ONLY_BINARY:
            control = control.with_only_binary(value)
    return options if control is options.format_control else replace(options, format_control=control)


def with_option_line(
    options: IndexOptions, line: LineOptions, *, file_folder: Path, folder: Path
) -> IndexOptions:
    """Apply a line that holds nothing but options.

    Args:
        options: what held before the line.
        line: the line.
        file_folder: where the file lies; relative `--find-links` are tried there first.
        folder: the working directory, where they are looked for otherwise.
    """
    no_index = options.no_index or line.has(Option.NO_INDEX)
    index_url, extra = options.index_url, options.extra_index_urls
    if no_index:
        index_url, extra = None, ()
    else:
        if urls := line.values(Option.INDEX_URL):
            # As in pip, which then forgets the extra indexes of earlier lines.
            index_url, extra = urls[-1], ()
        extra += line.values(Option.EXTRA_INDEX_URL)
    # pip takes the first --find-links of a line alone.
    found = tuple(
        _absolute_place(value, file_folder=file_folder, folder=folder)
        for value in line.values(Option.FIND_LINKS)[:1]
    )
    return replace(
        options,
        index_url=index_url,
        extra_index_urls=extra,
        find_links=options.find_links + found,
        no_index=no_index,
        trusted_hosts=options.trusted_hosts + line.values(Option.TRUSTED_HOST),
        prefer_binary=options.prefer_binary or line.has(Option.PREFER_BINARY),
        pre=options.pre or line.has(Option.PRE) or _is_all_releases(line),
        require_hashes=options.require_hashes or line.has(Option.REQUIRE_HASHES),
    )


def unread_release_options(line: LineOptions) -> tuple[str, ...]:
    """Return the `--all-releases` and `--only-final` that name packages: they are not taken into account."""
    names = line.values(Option.ONLY_FINAL) + line.values(Option.ALL_RELEASES)
    return tuple(name for name in names if name not in {":all:", ":none:"})


def _is_all_releases(line: LineOptions) -> bool:
    control = FormatControl()
    for option, value in line.given:
        if option is Option.ALL_RELEASES:
            control = control.with_only_binary(value)
        elif option is Option.ONLY_FINAL:
            control = control.with_no_binary(value)
    return ":all:" in control.only_binary


def _absolute_place(value: str, *, file_folder: Path, folder: Path) -> str:
    try:
        is_url = urlsplit(value).scheme in {"http", "https", "file", "ftp"}
    except ValueError:  # an unclosed bracket; the index says so when it is asked
        is_url = True
    if is_url or "\0" in value:
        return value
    beside_file = os.path.join(file_folder, value)  # noqa: PTH118 - keeps an absolute value and any spelling
    place = beside_file if os.path.exists(beside_file) else os.path.join(folder, value)  # noqa: PTH110, PTH118
    return os.path.normpath(place)
