"""Which indexes and formats hold for a project.

The command line comes first, then the input files, then pip's and uv's configuration. pip itself lets an
`--index-url` inside a requirements file override the command line. Here the command line wins, as in uv:
somebody who types an index wants that one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from driftcheck.model.project import FormatControl, IndexOptions, Project
from driftcheck.model.settings import IndexSettings, Settings, ToolConfiguration


def merged_format_control(first: FormatControl, later: FormatControl) -> FormatControl:
    """Apply `later` after `first`, `:all:` before what names packages."""
    merged = first
    for is_only, names in sorted(
        ((True, later.only_binary), (False, later.no_binary)), key=lambda option: ":all:" not in option[1]
    ):
        for name in sorted(names):
            merged = merged.with_only_binary(name) if is_only else merged.with_no_binary(name)
    return merged


def merged_options(strong: IndexOptions, weak: IndexOptions) -> IndexOptions:
    """Merge two sources of index options: lists add up, single values are the strong one's."""
    return IndexOptions(
        index_url=strong.index_url if strong.index_url is not None else weak.index_url,
        extra_index_urls=_united(strong.extra_index_urls, weak.extra_index_urls),
        find_links=_united(strong.find_links, weak.find_links),
        no_index=strong.no_index or (weak.no_index and strong.index_url is None),
        trusted_hosts=_united(strong.trusted_hosts, weak.trusted_hosts),
        format_control=merged_format_control(weak.format_control, strong.format_control),
        prefer_binary=strong.prefer_binary or weak.prefer_binary,
        pre=strong.pre or weak.pre,
        require_hashes=strong.require_hashes or weak.require_hashes,
    )


def index_settings(
    project: Project, settings: Settings, tools: ToolConfiguration, *, default_index_url: Callable[[], str]
) -> IndexSettings:
    """Decide where a project's packages come from."""
    options = merged_options(settings.index_options, merged_options(project.index_options, tools.options))
    if options.index_url is None and not options.no_index:
        options = replace(options, index_url=default_index_url())
    return IndexSettings(
        options=options,
        connection=settings.connection.over(tools.connection),
        cache=replace(settings.cache, is_offline=settings.cache.is_offline or tools.is_offline),
    )


def _united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
