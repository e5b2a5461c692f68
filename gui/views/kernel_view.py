"""The Kernel view: what the kernel says of a connection, and what a person sets about it.

States on the left, buffers and windows on the right; where there is no room for both, one of them.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final, Literal

from gui.context import Context
from gui.models.kernel import Controls, Direction, KernelModel, KernelSource
from gui.models.kernel_states import EndShown, Whose
from gui.translated import LANGUAGE_CHANGED, Message, set_text, translate
from gui.views.kernel_diagram import Diagram
from gui.views.kernel_gauges import Gauges
from gui.views.other_view import OtherView
from gui.widgets.choice import Segments
from gui.widgets.field import Limits, NumberField
from gui.widgets.fit import Paragraph, fixed_request
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.tooltip import enable, tip
from netlib import N_, _, broken
from netlib.teaching.tcp_states import comparison, meaning, waiting

Half = Literal["state", "buffers"]
HALVES: Final[dict[Half, Message]] = {"state": N_("State"), "buffers": N_("Buffers")}
ENDS: Final[dict[Whose, Message]] = {"this": N_("This end"), "peer": N_("Peer")}
DIRECTIONS: Final[dict[Direction, Message]] = {
    "out": N_("This end → peer"),
    "in": N_("Peer → this end"),
}
BESIDE: Final = 760
"""Logical pixels: from this width on both halves stand side by side."""
LOW: Final = 280
"""Logical pixels: where it is lower, one half is shown, and no words about the state."""
NARROWEST: Final = 160
"""Logical pixels: nothing is drawn in less."""
WHEEL: Final = 40
_PAUSE_TIP: Final = N_(
    "The receiver reads nothing more: its receive buffer fills, the window closes, the sender has"
    " to stop. Nothing is lost."
)
_ACCEPT_TIP: Final = N_("Who connects waits in the accept queue; the kernel completes handshakes.")
_BUFFER_TIP: Final = N_(
    "Ask for a receive buffer of this size (SO_RCVBUF) at the receiver, now and for the next"
    " connection. The log tells what the system made of it."
)
_ONLY_SERVERS: Final = N_("Only a server accepts.")


class Picture(ttk.Frame):
    """A canvas in a frame like a field, higher inside than outside where that is needed."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show nothing yet."""
        super().__init__(parent, style="Field.TFrame", padding=context.theme.px(3))
        fixed_request(self)
        self._theme = context.theme
        self.canvas = tk.Canvas(self, width=10, height=10, takefocus=True)
        self.canvas.pack(side="bottom", fill="both", expand=True)
        for event, way in (("<Button-4>", -1), ("<Button-5>", 1), ("<MouseWheel>", 0)):
            self.canvas.bind(event, lambda event, way=way: self._wheel(event, way))  # type: ignore[misc]
        for key, way in (("<Up>", -1), ("<Down>", 1)):
            self.canvas.bind(key, lambda _event, way=way: self._scroll(way))  # type: ignore[misc]
        self.canvas.bind("<FocusIn>", lambda _event: self.state(["focus"]))
        self.canvas.bind("<FocusOut>", lambda _event: self.state(["!focus"]))

    def reach(self, height: int) -> None:
        """Let the canvas be scrolled as far as what is drawn goes."""
        wide, high = self.canvas.winfo_width(), self.canvas.winfo_height()
        self.canvas.configure(scrollregion=(0, 0, wide, max(height, high)))

    def see(self, tag: str) -> None:
        """Bring what is tagged so into sight."""
        high = self.canvas.winfo_height()
        if not (box := self.canvas.bbox(tag)):
            return
        top, whole = self.canvas.canvasy(0), float(self.canvas.cget("scrollregion").split()[3])
        if box[1] < top or box[3] > top + high:
            self.canvas.yview_moveto(((box[1] + box[3]) / 2 - high / 2) / whole)

    def _wheel(self, event: tk.Event[tk.Misc], way: int) -> None:
        self._scroll(way or (-1 if event.delta > 0 else 1))

    def _scroll(self, way: int) -> None:
        self.canvas.configure(yscrollincrement=self._theme.px(WHEEL))
        self.canvas.yview_scroll(way, "units")


class KernelView(OtherView):
    """What the kernel says of the sockets of a source."""

    def __init__(self, parent: tk.Misc, context: Context, source: KernelSource) -> None:
        """Show what is looked at; `refresh` keeps it up to date while it is in sight."""
        super().__init__(parent)
        fixed_request(self)
        self._context, self._theme = context, context.theme
        self.model = KernelModel(source, context.backend)
        self.controls = Controls(self.model, source, context.backend)
        self._drawn: tuple[object, ...] = ()
        self._pictured: tuple[object, ...] = ()
        self._half: Half = "state"
        self._make_bar(source)
        self._make_halves()
        self._show_controls()
        self.bind("<Configure>", lambda _event: self._arrange())
        for event in ("<<ThemeChanged>>", LANGUAGE_CHANGED):
            self.bind(event, lambda _event: self._forget(), add=True)

    # -- building --------------------------------------------------------------------------------

    def _make_bar(self, source: KernelSource) -> None:
        theme = self._theme
        bar = self._bar = Flow(self, theme, gap=8)
        bar.pack(side="top", fill="x", pady=(0, theme.px(6)))
        self.half = Segments(bar, HALVES, self._show_half)
        self.ends = Segments(bar, ENDS, self.controls.turn_to)
        self.direction = Segments(bar, DIRECTIONS, self.controls.turn)
        self.direction.key = self.model.direction
        self.reading = FlipButton(bar, self.controls.pause_or_resume_reading)
        tip(self.reading, _PAUSE_TIP)
        self.accepting = FlipButton(bar, self.controls.pause_or_resume_accepting)
        tip(self.accepting, _ACCEPT_TIP)
        self.buffer = NumberField(
            bar, theme, N_("Receive buffer"), Limits(1, (1 << 31) - 1), width=9, unit=N_("B")
        )
        self.buffer.text = "65536"
        self.buffer.entry.bind("<Return>", lambda _event: self.set_buffer())
        self.set = ttk.Button(bar, command=self.set_buffer)
        set_text(self.set, N_("Set"))
        tip(self.set, _BUFFER_TIP)
        bar.add(self.half, self.ends, self.direction, self.reading, self.accepting)
        bar.add(self.buffer, self.set)
        bar.fold(1, self.ends, self.accepting, self.direction, self.buffer, self.set)
        bar.show(self.accepting, source.serves)

    def _make_halves(self) -> None:
        self._body = ttk.Frame(self)
        fixed_request(self._body)
        self._body.pack(fill="both", expand=True)
        self._left = ttk.Frame(self._body)
        fixed_request(self._left)
        self._buffers = Picture(self._body, self._context)
        self.compared = Paragraph(self._left, self._theme, "Muted.TLabel")
        self.words = Paragraph(self._left, self._theme)
        self._states = Picture(self._left, self._context)
        self._states.pack(fill="both", expand=True)
        self._diagram = Diagram(self.states, self._theme)
        self._gauges = Gauges(self.figures, self._theme)
        for canvas in (self.states, self.figures):
            canvas.bind("<Configure>", lambda _event: self._forget())

    @property
    def states(self) -> tk.Canvas:
        """Where the diagram is drawn."""
        return self._states.canvas

    @property
    def figures(self) -> tk.Canvas:
        """Where buffers and figures are drawn."""
        return self._buffers.canvas

    # -- what the user does ----------------------------------------------------------------------

    def set_buffer(self) -> None:
        """Ask for the receive buffer that is typed, or say what is wrong with it."""
        if not self.buffer.accept():
            return
        if not self.controls.set_receive_buffer(int(self.buffer.number)):
            self._context.tell(_("The receive buffer is asked for when the next connection opens."))

    def _show_half(self, half: Half) -> None:
        self._half = half
        self._arrange()

    # -- what is shown ---------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look again and draw what is new; called at every tick while it is in sight."""
        model = self.model
        model.tick()
        left = tuple(-1 if one.left is None else round(one.left) for one in model.waiting())
        drawn = (model.changes, left)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._show_controls()
        self._show_states(model.end())
        width, height = _size(self.figures)
        if width >= self._theme.px(NARROWEST):
            self._buffers.reach(self._gauges.draw(model, width, height))

    def _forget(self) -> None:
        """Draw everything anew at the next tick."""
        self._drawn = self._pictured = ()

    def _show_controls(self) -> None:
        model, flow = self.model, self.model.flow()
        self.reading.say(N_("Resume reading") if flow.paused else N_("Pause reading"))
        why_not = model.why_not_paused()
        enable(self.reading, not why_not, why_not)
        server = model.server
        paused = server is not None and server.accepting_paused
        self.accepting.say(N_("Resume accepting") if paused else N_("Pause accepting"))
        enable(self.accepting, server is not None, _ONLY_SERVERS)
        self.direction.key, self.ends.key = model.direction, model.whose

    def _show_states(self, end: EndShown) -> None:
        why = self.model.why_nothing()
        compared = translate(why) if why else _compared(end)
        _say(self.compared, compared)
        _say(self.words, self._meaning(end))
        width, height = _size(self.states)
        if width < self._theme.px(NARROWEST) or (end, width, height) == self._pictured:
            return
        self._pictured = end, width, height
        high = max(height, self._diagram.least_height())
        self._diagram.draw(end, width, high)
        self._states.reach(high)
        self._states.see("ours")

    def _meaning(self, end: EndShown) -> str:
        queue = self.model.queue()
        if queue is not None and (words := waiting(*queue)):
            return f"! {words}"
        return meaning(end.system or end.ours) if end.system or end.ours else ""

    def _arrange(self) -> None:
        """Let the halves stand as the room says."""
        low = self.winfo_height() < self._theme.px(LOW)
        beside = not low and self.winfo_width() >= self._theme.px(BESIDE)
        self._bar.show(self.half, not beside)
        self._bar.show(self.ends, beside or self._half == "state")
        gap = self._theme.px(4)
        shown = {"state": self._left, "buffers": self._buffers}
        for half, picture in shown.items():
            if beside:
                left = half == "state"
                picture.place(relx=0 if left else 0.5, x=0 if left else gap, relwidth=0.5)
                picture.place(relheight=1, width=-gap)
            elif half == self._half:
                picture.place(relx=0, x=0, relwidth=1, width=0, relheight=1)
            else:
                picture.place_forget()
        self.compared.pack_forget()
        self.words.pack_forget()
        if not low:
            self.compared.pack(side="top", fill="x", pady=(0, gap), before=self._states)
            self.words.pack(side="bottom", fill="x", pady=(gap, 0), before=self._states)
        self._forget()


def _say(paragraph: Paragraph, words: str) -> None:
    """Show words, broken where Chinese may be broken: Tk breaks at blanks alone."""
    measure = tkfont.nametofont("TkDefaultFont", root=paragraph).measure
    lines = broken(words, measure, paragraph.winfo_width())
    paragraph.label.configure(text="\n".join(lines) if paragraph.winfo_width() > 1 else words)


def _compared(end: EndShown) -> str:
    """Return in words how far both marks agree, or why there is only one."""
    if end.ours and end.system:
        return comparison(end.ours, end.system)
    if end.ours:
        reason = translate(end.why)
        return _(
            "as this program knows it; what the system says is not available here, because {reason}"
        ).format(reason=reason)
    if end.system:
        return _("as the system says: the socket is not this program's")
    return _("not available here, because {reason}").format(reason=translate(end.why))


def _size(canvas: tk.Canvas) -> tuple[int, int]:
    return canvas.winfo_width(), canvas.winfo_height()
