"""Finding calls that follow each other: `send send receive`, in each conversation by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from heapq import merge
from typing import TYPE_CHECKING, Final

from netlib.events import Accepted, Closed, CloseReason, Connected, Event, Failed, Finished
from netlib.i18n import _
from netlib.recording.calls import CallIndex
from netlib.teaching.calls import EVENT, PLAIN_RECEIVED
from netlib.teaching.ladder import meets_rst, sends_rst
from netlib.text import visible_text

if TYPE_CHECKING:
    from netlib.recording.reader import Recording

MOST_PLACES: Final = 100_000
"""Places that are found at most."""

AT_ONCE: Final = 4096
"""Events that are read in one go."""

_LETTERS: Final = {
    **dict.fromkeys(("send", "sends", "发送"), b"S"),
    **dict.fromkeys(("receive", "receives", "recv", "接收"), b"R"),
    **dict.fromkeys(("connect", "连接"), b"C"),
    **dict.fromkeys(("accept", "接受"), b"A"),
    **dict.fromkeys(("fin", "close", "关闭"), b"F"),
    **dict.fromkeys(("rst", "reset", "重置", "复位"), b"X"),
    **dict.fromkeys(("fail", "timeout", "失败", "超时"), b"T"),
    **dict.fromkeys(("any", "任意"), b"."),
}
"""What each word of a pattern is, in both languages whatever is spoken."""

_WORDS: Final = re.compile(r"[\s,，、;；→>-]+")


class Pattern:
    """Words that follow each other; ValueError with a sentence: they are none."""

    def __init__(self, typed: str) -> None:
        words = [word for word in _WORDS.split(typed.strip().lower()) if word]
        unknown = [word for word in words if word not in _LETTERS]
        if unknown or not words:
            sentence = _(
                '"{text}" is no pattern; write words like: send, receive, connect, accept, fin, '
                "rst, timeout, any."
            )
            raise ValueError(sentence.format(text=visible_text(unknown[0] if unknown else "", 40)))
        letters = [_LETTERS[word] for word in words]
        self.size = len(letters)
        """How many calls follow each other."""
        self.needs_events = not {*letters} <= {b"S", b"R"}
        self._pattern = re.compile(b"".join(letters))

    def matches(self, letters: bytes) -> Iterator[int]:
        """Yield where it begins, one place after the end of the one before."""
        return (match.start() for match in self._pattern.finditer(letters))


def places(
    recording: Recording,
    index: CallIndex,
    pattern: Pattern,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[tuple[int, ...]]:
    """Return the calls of each place where a pattern is, in order. Raises RecordingError."""
    found: list[tuple[int, ...]] = []
    for ends in _conversations(index):
        if cancelled() or len(found) >= MOST_PLACES:
            break
        calls = [*merge(*(some for end in ends for some in index.columns.of(end)))]
        numbers, letters = _letters(recording, index, calls, events=pattern.needs_events)
        found += [tuple(numbers[at : at + pattern.size]) for at in pattern.matches(letters)]
    return sorted(found)[:MOST_PLACES]


def _conversations(index: CallIndex) -> Iterator[tuple[int, ...]]:
    """Yield the ends that belong together, once each."""
    for end in range(len(index.pairing.ends)):
        other = index.pairing.partners.get(end)
        if other is None:
            yield (end,)
        elif end < other:
            yield end, other


def _letters(
    recording: Recording, index: CallIndex, calls: list[int], *, events: bool
) -> tuple[list[int], bytes]:
    """Return calls that a pattern may name, and a letter for each."""
    happened: dict[int, bytes] = {}
    if events:
        wanted = [call for call in calls if index.columns.kind(call) == EVENT]
        for begin in range(0, len(wanted), AT_ONCE):
            some = index.read(recording, wanted[begin : begin + AT_ONCE], 0)
            happened |= {call.number: _event_letter(call.event) for call in some}
    numbers, letters = [], bytearray()
    for call in calls:
        kind = index.columns.kind(call)
        letter = happened.get(call, b"") if kind == EVENT else _WAYS[kind]
        if letter:
            numbers.append(call)
            letters += letter
    return numbers, bytes(letters)


_WAYS: Final = {kind: b"SR"[kind % 2 :][:1] if kind < PLAIN_RECEIVED else b"" for kind in range(8)}


def _event_letter(event: Event | None) -> bytes:
    match event:
        case Connected():
            return b"C"
        case Accepted():
            return b"A"
        case Failed():
            return b"T"
        case Finished():
            return b"F"
        case Closed(reason=reason) if reason in (
            CloseReason.READ_TIMEOUT,
            CloseReason.WRITE_TIMEOUT,
        ):
            return b"T"
        case Closed():
            return b"X" if sends_rst(event) or meets_rst(event) else b"F"
        case _:
            return b""
