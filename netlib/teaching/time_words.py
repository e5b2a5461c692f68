"""What a time server's reply tells, in words, and how exactly that is known."""

from __future__ import annotations

import math
import re
from typing import Final

from netlib.events import TimeReply
from netlib.i18n import N_, _
from netlib.text import milliseconds, visible_text

_MOST: Final = 1e9
"""Seconds; no clock is known so badly, but a recording of somebody else may hold anything."""
_NOTHING: Final = 0.05
"""Of the last digit; a bound is not rounded up for so little."""
_DIGITS: Final = range(1, 7)
"""How many are shown of a second: the fewest in which a bound is not 0."""

_FRACTION: Final = r":\d\d[.,]\d"
"""Of a second; a daytime has other commas."""

_TOLD: Final = {
    (False, False): N_("{peer} says {text} (round-trip time {rtt})"),
    (True, False): N_("{peer} says {text} (round-trip time {rtt}; {offset})"),
    (False, True): N_("{peer} tells no time: {text} (stratum {stratum})"),
    (True, True): N_("{peer} says {text} (stratum {stratum}; round-trip time δ {rtt}; {offset})"),
}
"""Whether it told a time that could be read, and whether it spoke NTP."""


def time_told(event: TimeReply) -> str:
    """Return in words what a server replied: its time, the round trip, the offset of its clock."""
    knows, ntp = event.offset_seconds is not None, event.stratum is not None
    template = _(_TOLD[knows, ntp])
    return template.format(
        peer=visible_text(str(event.peer), 300),
        text=visible_text(event.text, 80),
        stratum=event.stratum,
        rtt=milliseconds(event.rtt_seconds),
        offset=clock_offset(event),
    )


def offset_figures(event: TimeReply) -> tuple[str, str]:
    """Return the clock offset (empty: it may be none) and how far that may be wrong, in seconds.

    No digit is shown that is not known: the bound is rounded up, the offset has as many digits.
    NTP's θ is always shown: a lesson compares it with what one knows the clock to be.
    """
    offset = event.offset_seconds or 0.0
    bound = event.precision_seconds
    if bound is None:  # a recording of before; our servers told whole seconds
        bound = (1.0 + event.rtt_seconds) / 2
    bound = min(max(0.0, bound), _MOST)
    digits = next((count for count in _DIGITS if bound > 10.0**-count), _DIGITS[-1])
    step = 10.0**-digits
    shown = max(math.ceil(bound / step - _NOTHING), 1) * step
    known = event.stratum is not None or abs(offset) > max(bound, step)
    ahead = f"{offset:+.{digits}f}".replace("-", "−") if known else ""
    return ahead, f"{shown:.{digits}f}"


def clock_offset(event: TimeReply) -> str:
    """Return in words how far the server's clock is ahead of ours, as exactly as that is known."""
    ahead, bound = offset_figures(event)
    if event.stratum is not None:
        words = _("clock offset θ {ahead} s ± δ/2 = {bound} s, + = server ahead")
    elif ahead:
        words = _("clock offset {ahead} ± {bound} s, + = server ahead")
    else:
        words = _("clock offset within ± {bound} s")
    if event.stratum is None and not re.search(_FRACTION, event.text):
        words = _("{offset}: the server tells whole seconds").format(offset=words)
    return words.format(ahead=ahead, bound=bound)
