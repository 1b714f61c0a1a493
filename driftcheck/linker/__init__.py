"""Wheels → a summary of each → imports that cannot work on this target.

The public function is `link`. It executes every top-level import abstractly, functions included, within
bounds;
what fails is confirmed from the other side: the same line must work with the provider's release of the
importer's
day, else our reading is at fault. A screen that enters no functions first was tried: with the bounds it
saves no
time, and it misses what only calls reach.
"""

from __future__ import annotations

from driftcheck.linker.archive import Archive, LinkedWheel
from driftcheck.linker.linking import OlderReleases, link
from driftcheck.linker.summary import SummaryCache

__all__ = ["Archive", "LinkedWheel", "OlderReleases", "SummaryCache", "link"]
