"""Wheels → a summary of each → imports that cannot work on this target.

The public function is `link`. It executes every top-level import abstractly, first without entering functions,
then, where that predicts a failure, with functions; what still fails is confirmed from the other side: the same
line must work with the provider's release of the importer's day, else our reading is at fault.
"""

from __future__ import annotations

from driftcheck.linker.archive import Archive, LinkedWheel
from driftcheck.linker.linking import OlderReleases, link
from driftcheck.linker.summary import SummaryCache

__all__ = ["Archive", "LinkedWheel", "OlderReleases", "SummaryCache", "link"]
