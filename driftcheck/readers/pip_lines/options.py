"""Split a line into requirement and options as pip does, which leaves the work to `optparse`.

The rules of `optparse` that people meet: an option may be cut short while it stays unique (`--extra-index`),
its value may be glued on (`-rbase.txt`, `--hash=…`) or follow, and words that belong to no option are passed
over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from driftcheck.readers.pip_lines.line_error import LineError


class Option(Enum):
    """An option that pip knows on a line of a requirements file."""

    INDEX_URL = auto()
    EXTRA_INDEX_URL = auto()
    NO_INDEX = auto()
    CONSTRAINT = auto()
    REQUIREMENT = auto()
    EDITABLE = auto()
    FIND_LINKS = auto()
    NO_BINARY = auto()
    ONLY_BINARY = auto()
    PREFER_BINARY = auto()
    REQUIRE_HASHES = auto()
    NO_REQUIRE_HASHES = auto()
    PRE = auto()
    ALL_RELEASES = auto()
    ONLY_FINAL = auto()
    TRUSTED_HOST = auto()
    USE_FEATURE = auto()
    HASH = auto()
    CONFIG_SETTINGS = auto()
    GLOBAL_OPTION = auto()


_LONG = {
    "--index-url": Option.INDEX_URL,
    "--pypi-url": Option.INDEX_URL,
    "--extra-index-url": Option.EXTRA_INDEX_URL,
    "--no-index": Option.NO_INDEX,
    "--constraint": Option.CONSTRAINT,
    "--requirement": Option.REQUIREMENT,
    "--editable": Option.EDITABLE,
    "--find-links": Option.FIND_LINKS,
    "--no-binary": Option.NO_BINARY,
    "--only-binary": Option.ONLY_BINARY,
    "--prefer-binary": Option.PREFER_BINARY,
    "--require-hashes": Option.REQUIRE_HASHES,
    "--no-require-hashes": Option.NO_REQUIRE_HASHES,
    "--pre": Option.PRE,
    "--all-releases": Option.ALL_RELEASES,
    "--only-final": Option.ONLY_FINAL,
    "--trusted-host": Option.TRUSTED_HOST,
    "--use-feature": Option.USE_FEATURE,
    "--hash": Option.HASH,
    "--config-settings": Option.CONFIG_SETTINGS,
    # Gone from pip's newest releases; it changes how a package is built, not which is taken, so it may pass.
    "--global-option": Option.GLOBAL_OPTION,
}
_SHORT = {
    "-i": Option.INDEX_URL,
    "-c": Option.CONSTRAINT,
    "-r": Option.REQUIREMENT,
    "-e": Option.EDITABLE,
    "-f": Option.FIND_LINKS,
    "-C": Option.CONFIG_SETTINGS,
}
_FLAGS = frozenset({
    Option.NO_INDEX, Option.PREFER_BINARY, Option.REQUIRE_HASHES, Option.NO_REQUIRE_HASHES, Option.PRE,
})  # fmt: skip
_REMOVED = frozenset({
    "--install-option", "--process-dependency-links", "--allow-external", "--allow-unverified", "--use-wheel",
    "--no-use-wheel", "--always-unzip", "-Z",
})  # fmt: skip
_STRONG_HASHES = ("sha256", "sha384", "sha512")
_NEEDS_SHLEX = re.compile(r"['\"\\]")
_SHLEX_SPACE = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOptions:
    """The options of one line, in order."""

    given: tuple[tuple[Option, str], ...] = ()
    """Flags have an empty value."""
    passed_over: tuple[str, ...] = ()
    """Words that pip drops without a word."""

    def values(self, option: Option) -> tuple[str, ...]:
        """Return every value of one option."""
        return tuple(value for given, value in self.given if given is option)

    def has(self, option: Option) -> bool:
        """Whether a flag is given."""
        return any(given is option for given, _ in self.given)


NO_OPTIONS = LineOptions()


@dataclass(slots=True)
class _Words:
    """The words still to be read."""

    words: list[str]
    at: int = 0
    given: list[tuple[Option, str]] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def next(self) -> str | None:
        """Return the next word, `None` at the end."""
        if self.at >= len(self.words):
            return None
        self.at += 1
        return self.words[self.at - 1]


def split_line(line: str) -> tuple[str, LineOptions]:
    """Return the requirement (may be empty) and the options of a line.

    Raises:
        LineError: an option is unknown, lacks its value, has one it does not take, or quotes do not match.
    """
    if " -" not in line and not line.startswith("-"):
        return line, NO_OPTIONS
    words = line.split(" ")
    start = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    return " ".join(words[:start]), _parsed(" ".join(words[start:]))


def _parsed(text: str) -> LineOptions:
    words = _Words(_shell_words(text))
    while (word := words.next()) is not None:
        if word == "--":
            words.passed_over += words.words[words.at :]
            break
        if word.startswith("--"):
            _read_long(word, words)
        elif word.startswith("-") and word != "-":
            _read_short(word, words)
        else:
            words.passed_over.append(word)
    return LineOptions(given=tuple(words.given), passed_over=tuple(words.passed_over))


def _shell_words(text: str) -> list[str]:
    if not _NEEDS_SHLEX.search(text):  # ten times as fast, for files with thousands of hashes
        return [word for word in _SHLEX_SPACE.split(text) if word]
    import shlex  # noqa: PLC0415 - few files quote anything

    try:
        return shlex.split(text)
    except ValueError as error:
        reason = str(error).lower()
        raise LineError(f"the options can't be split into words: {reason}") from error


def _read_long(word: str, words: _Words) -> None:
    spelled, has_value, value = word.partition("=")
    name = _full_name(spelled)
    option = _LONG[name]
    if option in _FLAGS:
        if has_value:
            raise LineError(f"{name} takes no value")
        words.given.append((option, ""))
        return
    _add(words, name, option, value if has_value else words.next())


def _read_short(word: str, words: _Words) -> None:
    name, glued = word[:2], word[2:]
    option = _SHORT.get(name)
    if option is None:
        raise LineError(_unknown(name))
    _add(words, name, option, glued or words.next())


def _full_name(spelled: str) -> str:
    if spelled in _LONG:
        return spelled
    candidates = [name for name in _LONG if name.startswith(spelled)]
    if not candidates:
        raise LineError(_unknown(spelled))
    if len(candidates) > 1:
        raise LineError(f"the option {spelled[:40]} could be {', '.join(sorted(candidates))}")
    return candidates[0]


def _unknown(spelled: str) -> str:
    if spelled in _REMOVED:
        return f"pip no longer has the option {spelled}"
    return f"pip knows no option {spelled[:40]} in a requirements file"


def _add(words: _Words, name: str, option: Option, value: str | None) -> None:
    if value is None:
        raise LineError(f"{name} needs a value")
    if option in {Option.NO_BINARY, Option.ONLY_BINARY, Option.ALL_RELEASES, Option.ONLY_FINAL}:
        if value.startswith("-"):
            raise LineError(f"{name} needs a value")
    elif option is Option.HASH:
        algorithm, colon, _ = value.partition(":")
        if not colon:
            raise LineError("--hash needs an algorithm and a digest, like --hash=sha256:…")
        if algorithm not in _STRONG_HASHES:
            raise LineError(f"--hash takes {', '.join(_STRONG_HASHES)}, not {algorithm[:40]!r}")
    elif option is Option.CONFIG_SETTINGS and not value.partition("=")[1]:
        raise LineError(f"{name} needs KEY=VALUE")
    words.given.append((option, value))
