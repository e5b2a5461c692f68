"""What is looked for in a recording, and the one line in which people write it.

    已接收 dir:in peer:127.0.0.1 after:10:31:02
    hex:0d 0a 0d 0a
    "two  spaces" conn:3 before:2024-07-19T10:31:02+08:00

Plain words are a text, as they stand; quotes keep spaces, and what looks like one of the keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any, Final

from netlib.events import Direction
from netlib.i18n import _
from netlib.recording.event_json import EVENT
from netlib.text import check_encoding, encode, half_width, parse_hex, visible_text
from netlib.value import value


@value(kw_only=True)
class Query:
    """All that a line must have; what is empty or None is not asked for."""

    text: str = ""
    """Looked for in the bytes of a line, and in the sentence of an event; A is a."""
    encoding: str = "utf-8"
    """How `text` is written in bytes; a name that `check_encoding` returned."""
    hex: bytes = b""
    """Bytes that begin in the line; they may go on in further lines of its chunk."""
    peer: str = ""
    """Part of the other end's host:port; A is a."""
    kinds: frozenset[int] = frozenset()
    """EVENT, or a `Direction`."""
    since: float | None = None
    """Seconds since 1970."""
    until: float | None = None
    """Seconds since 1970; this moment itself is out."""
    connection: int = 0


_KINDS: Final[dict[str, int]] = {
    **dict.fromkeys(("in", "received", "收", "←"), Direction.RECEIVED),
    **dict.fromkeys(("out", "sent", "发", "→"), Direction.SENT),
    **dict.fromkeys(("event", "events", "事件"), EVENT),
}

_PART: Final = re.compile(
    r"""\s*(?:(hex|peer|dir|after|before|conn)[:：])?  (?:["“]([^"“”]*)["”](?!\S) | (\S*))""",
    re.VERBOSE | re.IGNORECASE,
)
_MORE_HEX: Final = re.compile(r"(?:(?:0x|\\x)?[0-9a-f]{2}[,:-]?)+", re.IGNORECASE)
"""A further word of hex:e5 b7 b2."""


def parse_query(typed: str, encoding: str, today: date | None = None) -> Query:
    """Read what a person typed. `today` is the day of a time without one; None: this day.

    ValueError with a sentence that names the part that is wrong.
    """
    parts: dict[str, list[str]] = {}
    for key, written in _parts(typed):
        parts.setdefault(key, []).append(written)
    text = " ".join(parts.pop("", ()))
    encode(text, encoding)  # a character that the encoding lacks is told now
    asked: dict[str, Any] = {}
    for key, values in parts.items():
        field, read = _READERS[key]
        try:
            asked[field] = read(values, today or date.today())
        except ValueError as wrong:
            raise ValueError(_("{name}: {text}").format(name=key, text=wrong)) from None
    return Query(text=text, encoding=check_encoding(encoding), **asked)


def _parts(typed: str) -> Iterator[tuple[str, str]]:
    """Cut a line into keys and values; words have the key ""."""
    before = ""
    for part in _PART.finditer(typed):
        key, quoted, plain = (part[1] or "").lower(), part[2], part[3]
        if not part[0].strip():
            continue
        if before == "hex" and not key and plain and _MORE_HEX.fullmatch(plain):
            key = "hex"
        yield key, plain if quoted is None else quoted
        before = key if quoted is None else ""


def _hex(values: list[str], _today: date) -> bytes:
    return parse_hex(_given(" ".join(values)))


def _peer(values: list[str], _today: date) -> str:
    return _given(half_width(values[-1]))


def _kinds(values: list[str], _today: date) -> frozenset[int]:
    names = [_given(name.lower()) for value in values for name in half_width(value).split(",")]
    for name in names:
        if name not in _KINDS:
            raise _wrong(_('"{text}" is not a direction; choose from: in, out, event.'), name)
    return frozenset(_KINDS[name] for name in names)


def _moment(values: list[str], today: date) -> float:
    typed = half_width(_given(values[-1]))
    try:
        if ":" in typed[:3]:
            return datetime.combine(today, time.fromisoformat(typed)).timestamp()
        return datetime.fromisoformat(typed).timestamp()
    except (ValueError, OverflowError, OSError):
        sentence = _('"{text}" is not a time; write 10:31:02 or 2024-07-19T10:31:02+08:00.')
        raise _wrong(sentence, typed) from None


def _connection(values: list[str], _today: date) -> int:
    typed = half_width(_given(values[-1])).removeprefix("#")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 18):
        raise _wrong(_('"{text}" is not the number of a connection.'), typed)
    return int(typed)


def _given(value: str) -> str:
    if not value.strip():
        raise ValueError(_("Nothing after the colon."))
    return value


def _wrong(sentence: str, typed: str) -> ValueError:
    return ValueError(sentence.format(text=visible_text(typed, 40)))


_READERS: Final[dict[str, tuple[str, Callable[[list[str], date], object]]]] = {
    "hex": ("hex", _hex),
    "peer": ("peer", _peer),
    "dir": ("kinds", _kinds),
    "after": ("since", _moment),
    "before": ("until", _moment),
    "conn": ("connection", _connection),
}
"""Each key with the field of `Query` it fills, and what reads its values."""
