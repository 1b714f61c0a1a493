"""Which server a URL belongs to: scheme, host and port."""

from __future__ import annotations

from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """Return `https://index.example:8443` for any URL there, without credentials and without a default port.

    Raises:
        ValueError: the URL is malformed (a port that is no number, an unclosed IPv6 address).
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{scheme}://{host}" if port is None or port == _PORTS.get(scheme) else f"{scheme}://{host}:{port}"
