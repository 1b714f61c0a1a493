"""One list of files of many projects, as find-links places have it, looked up project by project."""

from __future__ import annotations

from dataclasses import replace

from packaging.utils import NormalizedName, canonicalize_name

from driftcheck.index.pages.page_entries import Entry, PageEntries


class Listing:
    """The entries of a list, grouped by how their file names begin.

    Without the groups a run that asks for 90 projects reads every file name 90 times: 0.2 s for a folder of
    2,000 files.
    """

    def __init__(self, page: PageEntries) -> None:
        self._page = page
        self._groups: dict[str, list[tuple[int, Entry]]] = {}
        for position, entry in enumerate(page.entries):
            self._groups.setdefault(_beginning(entry[0]), []).append((position, entry))

    def of_project(self, name: NormalizedName) -> PageEntries:
        """Return every entry that may be the project's and some that are not, in the list's order.

        A file of `a-b` begins with `a` or with `a-b`: which of the dashes of an sdist's name ends the
        project's is not known.
        """
        parts = name.split("-")
        beginnings = (_NAMELESS, *("-".join(parts[: count + 1]) for count in range(len(parts))))
        found = [numbered for beginning in beginnings for numbered in self._groups.get(beginning, ())]
        found.sort(key=lambda numbered: numbered[0])
        return replace(self._page, entries=[entry for _, entry in found])


_NAMELESS = ""
"""The group of entries without a file name: each project's page counts them as not understood."""


def _beginning(filename: object) -> str:
    if type(filename) is not str:
        return _NAMELESS
    return canonicalize_name(filename.partition("-")[0]).rstrip("-")
