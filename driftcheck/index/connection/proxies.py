"""Which proxy leads to a URL: the one configured, else those of the environment, `NO_PROXY` excepted."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit


def proxy_for(url: str, *, configured: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the address of the proxy for a URL, `None` if it is to be asked directly.

    The variables are those of requests and curl: `https_proxy`, `http_proxy` and `all_proxy`, lower case
    before upper case; `no_proxy` holds hosts, domains, addresses and networks. A configured proxy (pip's
    `--proxy`) is used for everything, as in pip.
    """
    if configured:
        return configured
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    proxy = _variable(environment, f"{scheme}_proxy") or _variable(environment, "all_proxy")
    if not proxy or _is_excepted(parts.hostname or "", parts.port, _variable(environment, "no_proxy") or ""):
        return None
    return proxy


def _variable(environment: Mapping[str, str], name: str) -> str | None:
    # In a CGI process `HTTP_PROXY` is a header that the client of the web server chose (CVE-2016-1000110).
    upper = name.upper()
    if upper == "HTTP_PROXY" and "REQUEST_METHOD" in environment:
        return environment.get(name)
    return environment.get(name) or environment.get(upper)


def _is_excepted(host: str, port: int | None, exceptions: str) -> bool:
    address = _address(host)
    for entry in exceptions.replace(",", " ").split():
        if entry == "*":
            return True
        if address is not None and _holds(entry, address):
            return True
        wanted = entry.lower().lstrip(".")
        if wanted and (wanted in {host, f"{host}:{port}"} or host.endswith("." + wanted)):
            return True
    return False


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _holds(entry: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return address in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
