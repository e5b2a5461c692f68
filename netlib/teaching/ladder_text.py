"""A ladder in words: one line an arrow, the same that is drawn; and a sentence for a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from netlib.i18n import N_, _, ngettext
from netlib.segment import ACK
from netlib.teaching.calls import PLAIN_RECEIVED
from netlib.teaching.ladder import OTHERS, Arrow, Rung, Site
from netlib.teaching.lines import HEX_BYTES, WIRE_BYTES, clock, short_time
from netlib.teaching.narrate import describe, mark
from netlib.teaching.segments import Captured, numbers, told, what
from netlib.text import to_hex, visible, visible_text
from netlib.value import NamedTuple

WORDS_BYTES: Final = 120
"""Bytes of a call whose text is shown."""

_STYLES: Final = {
    "seen": "──▶",
    "implied": "╌╌▶",
    "captured": "──▷",
    "lost": "──✗",
    "unread": "──✗",
    "waiting": "──…",
}

_STATES: Final = {
    "implied": N_("implied"),
    "captured": N_("captured"),
    "lost": N_("lost: never received"),
    "unread": N_("never read: the peer has closed"),
    "waiting": N_("not received yet"),
}


class TextOptions(NamedTuple):
    """How a ladder reads."""

    addresses: dict[Site, str]
    """Where each site is; one without is told by its number."""
    encoding: str = "utf-8"
    commentary: bool = False
    """A sentence below each row of which there is something to say."""


def ladder_lines(rows: Sequence[Rung], options: TextOptions) -> list[str]:
    """Return the rows as lines: one for each arrow, or one for a row without arrows."""
    found: list[str] = []
    for row in rows:
        head = row_head(row)
        if not row.arrows:
            found.append(f"{head}  {_whose(row.site, options)}  {note(row, options.encoding)}")
        for arrow in row.arrows:
            found.append(f"{head}  {_arrow(row, arrow, options)}")
            head = " " * len(head)
        sentence = commentary(row) if options.commentary else ""
        if sentence:
            found.append(f"{'':{len(head)}}    {sentence}")
    return found


def ladder_records(row: Rung, options: TextOptions) -> list[dict[str, Any]]:
    """Return the same for other programs: a record for each arrow, or one of a row without."""
    call = row.call
    head: dict[str, Any] = {
        "call": call.number if row.packet is None else None,
        "at": round(call.wall, 6),
        "delta_ms": None if row.delta is None else round(row.delta * 1000, 3),
        "where": _whose(row.site, options),
        "name": row.name,
        "size": row.size,
    }
    if row.packet is not None:
        head |= {"packet": row.packet.number} | _numbers(row.packet)
    if not row.arrows:
        return [head | {"note": note(row, options.encoding)}]
    return [
        head
        | {
            "from": _whose(arrow.source, options),
            "to": _whose(arrow.target, options),
            "segment": arrow.label or arrow.sort,
            "state": arrow.style,
            "other_call": arrow.other,
            "bytes": arrow.size,
            "text": "" if arrow.label else words(row, options.encoding),
        }
        for arrow in row.arrows
    ]


def _numbers(packet: Captured) -> dict[str, Any]:
    """Return what the header of a segment says; `relative` is counted from the SYN."""
    segment = packet.segment
    if segment is None:
        return {"missed": packet.missed}
    acknowledges = bool(segment.flags & ACK)
    return {
        "flags": segment.label,
        "seq": segment.sequence,
        "ack": segment.acknowledged if acknowledges else None,
        "relative_seq": packet.sequence,
        "relative_ack": packet.acknowledged if acknowledges else None,
        "window": packet.window,
        "mss": segment.mss,
        "again": packet.again,
        "fills": packet.fills,
        "damaged": packet.damaged,
        "probe": packet.probe,
    }


def row_head(row: Rung) -> str:
    """Return the number of a call, the time, and how long after the row above it came."""
    delta = "" if row.delta is None else short_time(row.delta)
    time = "" if row.call.lost else clock(row.call.wall)
    number = f"#{row.call.number}" if row.packet is None else ""
    return f"{number:>7}  {time:12}  {delta:>10}"


def _arrow(row: Rung, arrow: Arrow, options: TextOptions) -> str:
    """Return one arrow: from where to where, what, and what became of it."""
    ends = f"{_whose(arrow.source, options)} {_STYLES[arrow.style]} {_whose(arrow.target, options)}"
    cells = [ends, arrow.label or row.name]
    if row.packet is not None:
        cells += filter(None, (numbers(row.packet), what(row.packet)))
    elif not arrow.label:
        cells += [f"{arrow.size:,} B", words(row, options.encoding)]
    cells += filter(None, (state(arrow), relation(row, arrow)))
    return "  ".join(cells)


def state(arrow: Arrow) -> str:
    """Return how an arrow is known, or what became of it; empty: it was seen to arrive."""
    return _(_STATES[arrow.style]) if arrow.style in _STATES else ""


def relation(row: Rung, arrow: Arrow) -> str:
    """Return in which row an arrow ends, or began; empty: in its own."""
    if arrow.other is None:
        return ""
    arrives = arrow.source == row.site
    sentence = _("arrives in #{number}") if arrives else _("from #{number}")
    return sentence.format(number=arrow.other)


def words(row: Rung, encoding: str) -> str:
    """Return the first bytes of a call as they read; of ciphertext in hexadecimal."""
    call = row.call
    more = call.size - len(call.data)
    if row.arrows and row.arrows[0].sort == "secret":
        left = call.size - WIRE_BYTES
        return to_hex(call.data[:WIRE_BYTES]) + (f" … +{left:,} B" if left > 0 else "")
    return visible(call.data, encoding, WORDS_BYTES, more=more)


def hexadecimal(row: Rung) -> str:
    """Return the first bytes of a call in hexadecimal."""
    return to_hex(row.call.data[:HEX_BYTES])


def note(row: Rung, encoding: str) -> str:
    """Return what a row without an arrow says."""
    call = row.call
    if row.packet is not None:
        return f"? {told(row.packet)}"
    if call.lost:
        return f"? {_(call.lost)}"
    if call.event is not None:
        return f"{mark(call.event)} {describe(call.event)}"
    template = _("read as plain text: {text}")
    if call.kind > PLAIN_RECEIVED:
        template = _("sent as plain text: {text}")
    return f"· {template.format(text=words(row, encoding))}"


def site_name(site: Site) -> str:
    """Return what a lifeline is, without its address."""
    if site == OTHERS:
        return _("others")
    if not site.activity:
        return _("the peer")
    template = _("server {number:02}") if site.serves else _("client {number:02}")
    return template.format(number=site.activity)


def _whose(site: Site, options: TextOptions) -> str:
    address = site.address or options.addresses.get(site, "")
    return visible_text(address, 300) or site_name(site)


def commentary(row: Rung) -> str:
    """Return a sentence about a row; empty: it says all there is."""
    call = row.call
    if call.lost or not row.arrows:
        return ""
    if row.packet is not None:
        return told(row.packet)
    if call.event is not None:
        return describe(call.event)
    if row.arrows[0].style == "lost":
        return _("This datagram was never received; UDP does not send it again.")
    if row.arrows[-1].style == "unread":
        return _("The peer closed without reading all of it: the rest is gone (RFC 9293, 3.6.1).")
    known = [arrow for arrow in row.arrows if arrow.other is not None]
    if not known:
        waits = row.arrows[0].style == "waiting"
        return _("No receive call of the peer has taken these bytes yet.") if waits else ""
    unnamed = any(arrow.style == "seen" and arrow.other is None for arrow in row.arrows)
    return (_sent if call.is_sent else _received)(row, known, unnamed=unnamed)


def _sent(row: Rung, known: Sequence[Arrow], *, unnamed: bool) -> str:
    waiting = sum(arrow.size for arrow in row.arrows if arrow.style == "waiting")
    if waiting:
        sentence = _("So far {arrived:,} of {size:,} bytes were received by the peer.")
        return sentence.format(arrived=row.call.size - waiting, size=row.call.size)
    if unnamed:
        sentence = _(
            "It was received by more than {count:,} calls of the peer: "
            "TCP carries bytes, not messages."
        )
        return sentence.format(count=len(known))
    if len(known) == 1:
        return _("All of it was received by one call of the peer.")
    sentence = ngettext(
        "It was received by {count} call of the peer.",
        "It was received by {count} calls of the peer: TCP carries bytes, not messages.",
        len(known),
    )
    return sentence.format(count=len(known))


def _received(_row: Rung, known: Sequence[Arrow], *, unnamed: bool) -> str:
    if unnamed:
        sentence = _(
            "Bytes of more than {count:,} send calls arrived in this one receive: "
            "TCP carries bytes, not messages."
        )
        return sentence.format(count=len(known))
    if len(known) == 1:
        return ""
    sentence = ngettext(
        "Bytes of {count} send call arrived in this one receive.",
        "Bytes of {count} send calls arrived in this one receive: TCP carries bytes, not messages.",
        len(known),
    )
    return sentence.format(count=len(known))
