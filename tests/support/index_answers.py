"""What a local index answers to a request: which form, from cache, compressed, or only a part."""

import base64
import gzip
import hashlib
import re

from tests.support.index_pages import JSON_TYPE, Offers, Ranges
from tests.support.index_transport import Answer, Recorded

_JSON_TYPES = {JSON_TYPE, "application/vnd.pypi.simple.latest+json"}
_HTML_TYPES = {"application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.latest+html", "text/html"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def wants_json(request: Recorded) -> bool:
    """Whether the `Accept` header ranks JSON at least as high as HTML (PEP 691)."""
    weights = {"json": 0.0, "html": 0.0}
    for choice in request.headers.get("accept", "*/*").split(","):
        media_type, *parameters = (part.strip() for part in choice.split(";"))
        weight = next((float(text[2:]) for text in parameters if text.startswith("q=")), 1.0)
        if media_type in _JSON_TYPES:
            weights["json"] = max(weights["json"], weight)
        elif media_type in _HTML_TYPES:
            weights["html"] = max(weights["html"], weight)
    return weights["json"] > 0 and weights["json"] >= weights["html"]


def is_authorised(request: Recorded, credentials: tuple[str, str]) -> bool:
    """Whether the request carries this user and password as Basic authentication."""
    expected = base64.b64encode(":".join(credentials).encode()).decode()
    return request.headers.get("authorization") == f"Basic {expected}"


def whole(
    request: Recorded,
    body: bytes,
    content_type: str,
    offers: Offers,
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """Returns a page: 304 if the client has it, compressed if the client can unpack it."""
    headers = (*headers, ("Vary", "Accept, Accept-Encoding"), *_cache_headers(body, offers, offers.max_age_s))
    if _is_known(request, body, offers):
        return Answer(status=304, headers=headers)
    if offers.gzip and "gzip" in request.headers.get("accept-encoding", ""):
        headers = (*headers, ("Content-Encoding", "gzip"))
        body = gzip.compress(body, mtime=0)
    return Answer(body=body, content_type=content_type, headers=headers)


def part(request: Recorded, content: bytes, offers: Offers) -> Answer:
    """Returns a file, or the range of it that the client asked for."""
    max_age_s = None if offers.max_age_s is None else 365 * 24 * 3600
    headers = _cache_headers(content, offers, max_age_s)
    if _is_known(request, content, offers):
        return Answer(status=304, headers=headers)
    content_type = "application/octet-stream"
    if offers.ranges is not Ranges.IGNORED:
        headers = (*headers, ("Accept-Ranges", "bytes"))
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if match is None or match.group() == "bytes=-" or offers.ranges is Ranges.IGNORED:
        return Answer(body=content, content_type=content_type, headers=headers)
    if not match[1] and offers.ranges is Ranges.NO_SUFFIX:
        return Answer(status=501, body=b"unsupported range\n")
    start, stop = _bounds(match, len(content))
    if start >= stop:
        return Answer(status=416, headers=(("Content-Range", f"bytes */{len(content)}"),))
    size = stop - start
    sent_from = 0 if offers.ranges in {Ranges.WRONG_PART, Ranges.WRONG_BYTES} else start
    said_from = 0 if offers.ranges is Ranges.WRONG_PART else start
    content_range = ("Content-Range", f"bytes {said_from}-{said_from + size - 1}/{len(content)}")
    return Answer(
        status=206,
        body=content[sent_from : sent_from + size],
        content_type=content_type,
        headers=(*headers, content_range),
    )


def _bounds(match: re.Match[str], size: int) -> tuple[int, int]:
    """Returns the first byte of a range and the one after its last."""
    if not match[1]:
        return max(0, size - int(match[2])), size
    return int(match[1]), min(size, int(match[2]) + 1) if match[2] else size


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def _is_known(request: Recorded, body: bytes, offers: Offers) -> bool:
    return offers.etags and request.headers.get("if-none-match") == _etag(body)


def _cache_headers(body: bytes, offers: Offers, max_age_s: int | None) -> tuple[tuple[str, str], ...]:
    etag = (("ETag", _etag(body)),) if offers.etags else ()
    return etag if max_age_s is None else (*etag, ("Cache-Control", f"max-age={max_age_s}, public"))
