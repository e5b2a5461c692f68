"""What the boundaries show, in sentences: the result, and all that is known of one piece."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from operator import eq
from typing import Final

from netlib.i18n import N_, _, ngettext
from netlib.teaching.boundaries import FRAMINGS, Boundaries, Lane, LaneName, Piece, byte_word
from netlib.teaching.explain import beside
from netlib.teaching.narrate import size_in_words
from netlib.text import milliseconds

LOOKED_AT: Final = 1000
"""Receives that are looked at for one that ends inside a character."""
TITLES: Final[dict[LaneName, str]] = {
    "sends": N_("Sender"),
    "stream": N_("Byte stream"),
    "receives": N_("Receiver"),
    "messages": N_("Messages"),
}
"""What each lane is called in the picture, from above to below."""

_ONE: Final[dict[LaneName, str]] = {
    "sends": N_("Send {number}: {size} from offset {first}."),
    "receives": N_("Receive {number}: {size} from offset {first}."),
    "messages": N_("Message {number}: {size} from offset {first}."),
}
_SEVERAL: Final[dict[LaneName, str]] = {
    "sends": N_("Sends {number} to {until}: {size} from offset {first}."),
    "receives": N_("Receives {number} to {until}: {size} from offset {first}."),
    "messages": N_("Messages {number} to {until}: {size} from offset {first}."),
}
_WITHIN: Final[dict[LaneName, tuple[LaneName, str, str]]] = {
    "sends": (
        "receives",
        N_("It arrived in receive {number}."),
        N_("It arrived in receives {number} to {until}."),
    ),
    "receives": (
        "sends",
        N_("Its bytes are of send {number}."),
        N_("Its bytes are of sends {number} to {until}."),
    ),
    "messages": (
        "receives",
        N_("It arrived in receive {number}."),
        N_("It arrived in receives {number} to {until}, and is whole again."),
    ),
}
"""For a piece of each lane, those of which other lane hold its bytes: one, or several."""


def title(boundaries: Boundaries) -> str:
    """Return the result: how many calls there were, and how many messages."""
    parts = []
    if boundaries.sends is not None:
        count = len(boundaries.sends)
        parts.append(ngettext("{count:,} send", "{count:,} sends", count).format(count=count))
    if boundaries.receives is not None:
        count = len(boundaries.receives)
        words = ngettext("{count:,} receive", "{count:,} receives", count)
        parts.append(words.format(count=count))
    if boundaries.messages is not None:
        count = len(boundaries.messages)
        words = ngettext("{count:,} message", "{count:,} messages", count)
        parts.append(words.format(count=count))
    return _("{result}.").format(result=_(", ").join(parts))


def remark(boundaries: Boundaries) -> str:
    """Return what the result shows."""
    return beside(*_remarks(boundaries))


def _remarks(boundaries: Boundaries) -> Iterator[str]:
    if not boundaries.size:
        return
    if boundaries.missing:
        told = _("{size} sent and not received.")
        yield told.format(size=size_in_words(boundaries.missing))
    elif boundaries.sends is None or boundaries.receives is None:
        yield _("Only one end is known.")
    elif len(boundaries.sends) == len(boundaries.receives) and all(
        map(eq, boundaries.sends.ends, boundaries.receives.ends)
    ):
        yield _("Each receive took what one send gave. TCP does not promise that.")
    else:
        yield _("TCP carries bytes in order; it does not keep the calls apart.")
    if boundaries.receives is not None and (cut := _first_divided(boundaries, boundaries.receives)):
        number, character = cut
        told = _("Receive {number} ends inside {character}.")
        yield told.format(number=number, character=character)
    if rest := boundaries.rest("messages"):
        count = rest.end - rest.start
        told = ngettext(
            "{count:,} byte at the end is no whole message yet.",
            "{count:,} bytes at the end are no whole message yet.",
            count,
        )
        yield told.format(count=count)


def _first_divided(boundaries: Boundaries, lane: Lane) -> tuple[int, str] | None:
    for number, end in enumerate(islice(lane.ends, LOOKED_AT), 1):
        if (found := boundaries.divided(end)) is not None:
            return number, found.text
    return None


def describe(boundaries: Boundaries, name: LaneName, piece: Piece) -> str:
    """Return all that is known of a piece: its bytes, its time, and where they are else."""
    return beside(*_descriptions(boundaries, name, piece))


def _descriptions(boundaries: Boundaries, name: LaneName, piece: Piece) -> Iterator[str]:
    if name == "stream":
        yield _byte(boundaries, piece.start)
        return
    sentence = (_ONE if piece.alone else _SEVERAL)[name]
    yield _(sentence).format(
        size=size_in_words(piece.end - piece.start),
        first=f"{piece.start:,}",
        **_numbers(piece),
    )
    lane = boundaries.lane(name)
    if lane is not None and len(lane.times) >= piece.number and piece.alone:
        told = _("It ended {time} after the first send began.")
        yield told.format(time=milliseconds(lane.times[piece.number - 1]))
    other, one, several = _WITHIN[name]
    lane = boundaries.lane(other)
    if piece.alone and lane and (found := lane.holding(piece.start, piece.end)):
        yield _(one if found.alone else several).format(**_numbers(found))
    if name != "messages" and piece.alone and (cut := boundaries.divided(piece.end)):
        yield _("It ends inside {character}.").format(character=cut.text)


def _byte(boundaries: Boundaries, offset: int) -> str:
    byte = boundaries.read(offset, offset + 1)[0]
    known = {"offset": f"{offset:,}", "hex": f"{byte:02x}", "word": byte_word(byte)}
    within = boundaries.characters(offset, offset + 1)
    if not within:
        return _("Offset {offset}: {word}, hexadecimal {hex}.").format(**known)
    one = within[0]
    place = {"number": offset - one.start + 1, "count": one.end - one.start}
    sentence = _("Offset {offset}: {hex}, byte {number} of {count} of the character {character}.")
    return sentence.format(character=one.text, **known, **place)


def _numbers(piece: Piece) -> dict[str, str]:
    return {"number": f"{piece.number:,}", "until": f"{piece.last:,}"}


def note(boundaries: Boundaries, name: LaneName) -> str:
    """Return what stands under a lane's name: how many calls, bytes, or how messages are marked."""
    if name == "stream":
        return size_in_words(boundaries.size)
    if name == "messages":
        return _(FRAMINGS.get(boundaries.framing, ""))
    lane = boundaries.lane(name)
    count = f"{0 if lane is None else len(lane):,}"
    if name == "sends":
        return _("{count} × send()").format(count=count)
    size = boundaries.recv_size or ""
    return _("{count} × recv({size})").format(count=count, size=size)


def buffer_words(asked: int, given: int) -> str:
    """Return what the system made of a receive buffer of `asked` bytes; 0: none was asked for."""
    if not asked:
        return _("Receive buffer: {given:,} bytes, as the system has it.").format(given=given)
    told = _("Receive buffer: {asked:,} bytes asked for, {given:,} given.")
    return told.format(asked=asked, given=given)
