"""Compare a text with the file that holds what it should be; `UPDATE_SNAPSHOTS=1` writes the file anew."""

import os
from pathlib import Path


def assert_snapshot(text: str, path: Path) -> None:
    """Fails if the text is not what the file holds."""
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    assert path.is_file(), f"{path} is missing: run the test with UPDATE_SNAPSHOTS=1 and read what it wrote"
    assert text == path.read_bytes().decode("utf-8"), f"{path.name} differs: UPDATE_SNAPSHOTS=1 renews it"
