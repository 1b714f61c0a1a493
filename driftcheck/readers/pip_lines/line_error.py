"""The exception that says why pip would refuse a line; readers turn it into a `Fault`."""

from __future__ import annotations


class LineError(Exception):
    """A line that pip refuses; the message is one sentence without a full stop, and without secrets."""
