"""Buffers, window and figures over time on a canvas, the accept queue, and who is in TIME-WAIT."""

from __future__ import annotations

import tkinter as tk
from itertools import pairwise
from typing import Final, Literal

from gui.models.kernel import KernelModel
from gui.models.kernel_flow import FlowShown
from gui.models.kernel_history import SECONDS, History, Sample
from gui.models.kernel_states import NOT_TOLD
from gui.theme.theme import Theme
from gui.translated import translate
from gui.views.ink import BOLD, CORNER, MONO, SMALL, Font, Ink, Point
from netlib import N_, QUEUE_NOT_TOLD, _, broken, milliseconds, now
from netlib.teaching.tcp_states import waiting
from netlib.value import NamedTuple

SENDER: Final = N_("sender, send buffer")
OFFERED: Final = N_("receiver to sender")
RECEIVER: Final = N_("receiver, receive buffer")
UNKNOWN: Final = N_("– not available here, because the other program is not this one")
UNAVAILABLE: Final = N_("– not available here, because {reason}")
PLOTS: Final = {
    "window": N_("Window"),
    "unread": N_("Unread"),
    "unsent": N_("Unsent"),
    "rtt": N_("Round-trip time"),
    "cwnd": N_("Congestion window"),
    "retransmits": N_("Retransmitted"),
}
COLUMNS: Final = 3
LEAST_PLOT: Final = 30
"""Logical pixels of a plot below its words."""
TALLEST_PLOT: Final = 120
WAITING_SHOWN: Final = 3


class Gauge(NamedTuple):
    """A bar and its words."""

    title: str
    owner: str
    value: int | None
    limit: int | None
    colour: str


class Gauges:
    """Draws the right half of the Kernel view for a size."""

    def __init__(self, canvas: tk.Canvas, theme: Theme) -> None:
        """Draw nothing yet."""
        self._ink, self._theme = Ink(canvas, theme), theme
        self._left = self._right = self._top = 0

    def draw(self, model: KernelModel, width: int, height: int) -> int:
        """Draw everything; return the height that it takes."""
        ink, px = self._ink, self._theme.px
        ink.clear()
        self._left, self._right, self._top = px(12), width - px(12), px(8)
        if why := model.why_nothing():
            self._sentence(translate(why), "muted")
        if not model.whole:
            self._flow(model)
        foot = self._foot_height(model)
        if not model.whole:
            self._plots(model, height - foot - px(6))
        self._queue(model)
        self._waiting(model)
        return self._top + px(6)

    # -- gauges ----------------------------------------------------------------------------------

    def _flow(self, model: KernelModel) -> None:
        flow = model.flow()
        window_limit = max(flow.unread_limit or 0, flow.window or 0) or None
        for gauge in (
            Gauge(N_("Unsent"), SENDER, flow.unsent, flow.unsent_limit, "sent"),
            Gauge(N_("Window offered"), OFFERED, flow.window, window_limit, "accent"),
            Gauge(N_("Unread"), RECEIVER, flow.unread, flow.unread_limit, "received"),
        ):
            self._gauge(gauge, flow)
        for sentence in flow.sentences:
            self._sentence(f"! {sentence}", "warn")
        if model.here is not None and None in (flow.unsent, flow.window, flow.unread):
            reason = translate(flow.unavailable or NOT_TOLD)
            missing = UNKNOWN if None in model.ends() else UNAVAILABLE
            self._sentence(translate(missing, reason=reason), "muted")

    def _gauge(self, gauge: Gauge, flow: FlowShown) -> None:
        ink, px = self._ink, self._theme.px
        value = "–" if gauge.value is None else f"{gauge.value:,}"
        limit = "" if gauge.limit is None else f"/ {gauge.limit:,} B"
        if gauge.colour == "sent" and flow.in_program:
            limit += " " + _("+ {count:,} B in the program").format(count=flow.in_program)
        middle = self._top + ink.line(BOLD) // 2
        right = self._right - self._write((self._right, middle), limit, SMALL, "muted", "e") - px(6)
        right -= self._write((right, middle), value, MONO, "text", "e") + px(10)
        left = self._left + self._write((self._left, middle), translate(gauge.title), BOLD) + px(8)
        owner = ink.fit(translate(gauge.owner), SMALL, right - left)
        self._write((left, middle), owner, SMALL, "muted")
        top = self._top + ink.line(BOLD) + px(3)
        self._bar(top, px(14), gauge)
        self._top = top + px(14) + px(7)

    def _bar(self, top: int, high: int, gauge: Gauge) -> None:
        ink, left, right = self._ink, self._left, self._right
        ink.box((left, top, right, top + high), "track", "edge")
        if gauge.value and gauge.limit:
            share = min(1.0, gauge.value / gauge.limit)
            end = left + max(round((right - left) * share), self._theme.px(2 * CORNER) + 1)
            ink.box((left, top, end, top + high), gauge.colour, gauge.colour)
        for quarter in (1, 2, 3):
            x = left + (right - left) * quarter // 4
            ink.fill((x, top, x + max(self._theme.px(1), 1), top + self._theme.px(4)), "edge")

    def _sentence(self, words: str, colour: str) -> None:
        ink = self._ink
        room = self._right - self._left
        for line in broken(words, lambda text: ink.wide(text, SMALL), room):
            self._write((self._left, self._top + ink.line(SMALL) // 2), line, SMALL, colour)
            self._top += ink.line(SMALL)
        self._top += self._theme.px(4)

    # -- plots -----------------------------------------------------------------------------------

    def _plots(self, model: KernelModel, bottom: int) -> None:
        ink, px = self._ink, self._theme.px
        gap, words = px(16), ink.line(SMALL) + ink.line(BOLD) + px(4)
        rows = len(PLOTS) // COLUMNS
        room = (bottom - self._top - ink.line(SMALL)) // rows - words - px(8)
        high = min(max(room, px(LEAST_PLOT)), px(TALLEST_PLOT))
        wide = (self._right - self._left - gap * (COLUMNS - 1)) // COLUMNS
        top = self._top + px(2)
        for index, (name, title) in enumerate(PLOTS.items()):
            left = self._left + (wide + gap) * (index % COLUMNS)
            y = top + (words + high + px(8)) * (index // COLUMNS)
            self._plot(name, title, model.figures.by_name[name], (left, y, left + wide, y + high))
        self._top = top + rows * (words + high + px(8))
        span = _("over the last {seconds} s").format(seconds=f"{SECONDS:.0f}")
        self._write(
            (self._right, self._top + ink.line(SMALL) // 2 - px(4)), span, SMALL, "muted", "e"
        )
        self._top += ink.line(SMALL)

    def _plot(
        self, name: str, title: str, history: History, area: tuple[int, int, int, int]
    ) -> None:
        ink, px = self._ink, self._theme.px
        left, top, right, _bottom = area
        small, bold = ink.line(SMALL), ink.line(BOLD)
        title = ink.fit(translate(title), SMALL, right - left)
        self._write((left, top + small // 2), title, SMALL, "muted")
        figure = ink.fit(_figure(name, history), BOLD, right - left)
        since = history.zero_since() if name == "window" else None
        if since is not None:
            figure = _("0 for {seconds} s").format(seconds=f"{max(0.0, now() - since):.1f}")
        colour = "text" if since is None else "bad"
        self._write((left, top + small + bold // 2), figure, BOLD, colour)
        head = top + small + bold + px(4)
        foot = head + (area[3] - area[1])
        thin = max(px(1), 1)
        ink.fill((left, foot, right, foot + thin), "line")
        ink.fill((left, head, right, head + thin), "line")
        self._steps(history, (left, head + px(3), right, foot), "bad" if name == "window" else "")

    def _steps(self, history: History, area: tuple[int, int, int, int], at_zero: str) -> None:
        ink, thick = self._ink, max(self._theme.px(2), 2)
        left, top, right, foot = area
        begin, highest = now() - SECONDS, history.highest or 1.0
        shown = [one for one in history.samples if one.at >= begin]
        before: int | None = None
        for one, (at, _value) in pairwise([*shown, Sample(history.end, None)]):
            if one.value is None:
                before = None
                continue
            y = foot - round((foot - top) * one.value / highest)
            x = left + round((right - left) * (one.at - begin) / SECONDS)
            end = left + round((right - left) * min(1.0, (at - begin) / SECONDS))
            colour = "accent" if one.value else at_zero or "accent"
            if before is not None and before != y:
                ink.fill((x, min(before, y) - thick, x + thick, max(before, y)), "accent")
            ink.fill((x, y - thick, max(end, x + thick), y), colour)
            before = y

    # -- foot ------------------------------------------------------------------------------------

    def _foot_height(self, model: KernelModel) -> int:
        ink, lines = self._ink, min(len(model.waiting()), WAITING_SHOWN)
        queue = (ink.line(BOLD) + 2 * ink.line(SMALL)) if model.server is not None else 0
        return queue + lines * (ink.line(BOLD) + self._theme.px(2))

    def _queue(self, model: KernelModel) -> None:
        """Say how many wait to be accepted."""
        server, ink = model.server, self._ink
        if server is None:
            return
        told = model.queue()
        middle = self._top + ink.line(BOLD) // 2
        self._write((self._left, middle), translate(N_("Accept queue")), BOLD)
        if not told:
            self._top += ink.line(BOLD)
            reason = translate(QUEUE_NOT_TOLD)
            self._sentence(translate(UNAVAILABLE, reason=reason), "muted")
            return
        queue, backlog = told
        limit = f" / {backlog:,}"
        right = self._right - self._write((self._right, middle), limit, SMALL, "muted", "e")
        self._write((right, middle), f"{queue:,}", MONO, "text", "e")
        self._top += ink.line(BOLD) + self._theme.px(2)
        if words := waiting(queue, backlog):
            self._sentence(f"! {words}", "warn")

    def _waiting(self, model: KernelModel) -> None:
        """List the connections in TIME-WAIT, with what is left of it."""
        ink, px = self._ink, self._theme.px
        for one in model.waiting()[:WAITING_SHOWN]:
            middle = self._top + ink.line(BOLD) // 2
            words = _("how long is not known here")
            if one.left is not None:
                words = _("{seconds} s left").format(seconds=f"{one.left:.0f}")
            right = self._right - self._write((self._right, middle), words, BOLD, "text", "e")
            left = self._left + self._write((self._left, middle), "TIME-WAIT", BOLD) + px(10)
            ends = f"{one.pair.local} ↔ {one.pair.peer}"
            ends = ink.fit(ends, "MonoSmallFont", right - left - px(8))
            self._write((left, middle), ends, "MonoSmallFont", "muted")
            self._top += ink.line(BOLD) + px(2)

    def _write(
        self,
        point: Point,
        words: str,
        font: Font,
        colour: str = "text",
        anchor: Literal["w", "e"] = "w",
    ) -> int:
        """Write in the middle of a line, from or up to a place; return the width."""
        fill = self._ink.colour(colour)
        self._ink.canvas.create_text(*point, text=words, font=font, fill=fill, anchor=anchor)
        return self._ink.wide(words, font)


def _figure(name: str, history: History) -> str:
    """Return the last figure in words."""
    last = history.last
    if last is None:
        return "–"
    if name == "rtt":
        return milliseconds(last)
    return f"{last:,.0f}" if name == "retransmits" else f"{last:,.0f} B"
