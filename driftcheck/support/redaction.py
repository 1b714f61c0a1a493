"""Take secrets out of URLs before anybody sees them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_CREDENTIALS = re.compile(
    r"(?P<scheme>\b[a-zA-Z][a-zA-Z0-9+.-]*://)"
    # All up to the last @ of the authority: a password may hold one. One that holds an unquoted slash is told
    # from a port (`host:8080/path@tag`).
    r"(?:[^/\s?#]*@|[^/\s?#@:]*:(?!\d+/)[^\s@]*@)"
)


def without_credentials(url: str) -> str:
    """Return a URL without user name and password, for cache keys and for asking; malformed ones too."""
    try:
        parts = urlsplit(url)
    except ValueError:  # an unclosed bracket
        return _CREDENTIALS.sub(r"\g<scheme>", url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def redacted(text: str) -> str:
    """Return a text with the credentials of every URL in it replaced by `****`, for messages and logs."""
    return _CREDENTIALS.sub(r"\g<scheme>****@", text)
