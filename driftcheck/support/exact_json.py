"""Write JSON that is the same byte for byte for the same data, and safe to show wherever it ends up."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]

_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def written(value: JsonValue) -> str:
    r"""Return JSON with keys in the order given, indented by two, ending in a newline.

    Control, bidirectional and zero-width characters are written as `\u009b`, which any reader of JSON turns
    back. A lone surrogate has no place in UTF-8 and strict readers refuse its escape: it becomes the six
    characters `\udc80`.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    text = _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text)
    return _UNSAFE.sub(_escape, text) + "\n"


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
