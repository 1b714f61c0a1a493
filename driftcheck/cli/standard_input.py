"""Read `-`, a requirements file on standard input, once and bounded."""

from __future__ import annotations

import sys

from driftcheck.model.errors import InputError

_LARGEST_BYTES = 64 * 1024 * 1024


def read_standard_input() -> bytes:
    """Return everything that standard input holds.

    Raises:
        InputError: it is closed, can't be read, or is larger than 64 MiB.
    """
    try:
        data = sys.stdin.buffer.read(_LARGEST_BYTES + 1) if sys.stdin else b""
    except (OSError, ValueError) as error:
        raise InputError(f"standard input can't be read: {error}") from error
    if len(data) > _LARGEST_BYTES:
        raise InputError(f"standard input is larger than {_LARGEST_BYTES // 1024**2} MiB")
    return data
