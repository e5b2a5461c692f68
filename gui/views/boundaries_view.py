"""The boundaries as a view: lanes over one axis of bytes, scrolled and zoomed; a strip of words.

It shows what it is given, whether an experiment or what was recorded.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Final, TypeVar

from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, translate
from gui.views.boundaries_drawing import Drawing
from gui.views.boundaries_layout import LEAST, MARGIN, Chosen, byte_width, names_width
from gui.views.boundaries_steering import ZOOM, Measures, Steering
from gui.views.strip import Strip
from gui.widgets.fit import Paragraph
from netlib import N_
from netlib.teaching.boundaries import Boundaries
from netlib.teaching.boundary_text import as_text
from netlib.teaching.boundary_words import describe, remark, title

Number = TypeVar("Number", int, float)

LARGEST: Final = 64
USUAL: Final = 34
"""Logical pixels of a byte: at most, and at first where not all of them fit."""
WHEEL: Final = 60
"""Logical pixels of a turn of the wheel."""
ROOM_FOR_STRIP, ROOM_FOR_TITLE, ROOM_FOR_REMARK = 230, 170, 300
"""Logical pixels of height below which they make room for the picture."""
TEXT_BYTES: Final = 20_000
"""Bytes that are copied as text at most."""
_HINT: Final = N_("Point at a piece, or use the arrow keys: here stands what it is.")


class BoundariesView(ttk.Frame):
    """Shows one direction of a connection; `show` gives it."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._theme, px = theme, theme.px
        self.shown: Boundaries | None = None
        self.steering = Steering()
        self.title = Paragraph(self, theme, "Result.TLabel")
        self.remark = Paragraph(self, theme, "Muted.TLabel")
        self.strip = Strip(self, theme)
        self._frame = ttk.Frame(self, style="Field.TFrame", padding=px(3))
        self.canvas = tk.Canvas(self._frame, width=10, height=10, takefocus=True)
        self._bar = ttk.Scrollbar(
            self._frame, orient="horizontal", command=self._obey, takefocus=False
        )
        self._frame.pack(fill="both", expand=True)
        self._bar.pack(side="bottom", fill="x")
        self.canvas.pack(fill="both", expand=True)
        self._drawing = Drawing(self.canvas, theme)
        self._add_buttons()
        self._listen()
        self._listen_to_keys()

    def show(self, boundaries: Boundaries, *, grown: bool = False) -> None:
        """Show others than before, from their beginning; or the same, which have `grown`."""
        self.shown = boundaries
        self.steering.begin(boundaries, grown=grown)
        self._say()

    def copy(self) -> None:
        """Put the picture on the clipboard, as text."""
        if self.shown is not None:
            self.clipboard_clear()
            self.clipboard_append(as_text(self.shown, 0, TEXT_BYTES))

    def _add_buttons(self) -> None:
        for sign, hint, factor in (
            ("−", N_("Make bytes narrower (−)."), 1 / ZOOM),
            ("+", N_("Make bytes wider (+)."), ZOOM),
            ("↔", N_("Show all bytes (0)."), 0.0),
        ):
            self.strip.add(sign, hint, partial(self._do, self.steering.zoom, factor))

    def _listen(self) -> None:
        canvas, steering = self.canvas, self.steering
        for event in ("<Configure>", "<<ThemeChanged>>"):
            canvas.bind(event, lambda _event: self._draw())
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda _event: self._fold())
        self.bind(LANGUAGE_CHANGED, lambda _event: self._say())
        canvas.bind("<FocusIn>", lambda _event: self._frame.state(["focus"]))
        canvas.bind("<FocusOut>", lambda _event: self._frame.state(["!focus"]))
        canvas.bind("<Button-1>", self._clicked)
        canvas.bind("<Motion>", lambda event: self._point(self._at(event)))
        canvas.bind("<Leave>", lambda _event: self._point(None))
        for event, way in (("<Button-4>", -1), ("<Button-5>", 1), ("<MouseWheel>", 0)):
            canvas.bind(event, partial(self._wheel, way))
        for key, way in (("<Left>", -1), ("<Right>", 1)):
            canvas.bind(key, lambda _event, way=way: self._do(steering.step, way))  # type: ignore[misc]
        for key, way in (("<Up>", -1), ("<Down>", 1)):
            canvas.bind(key, lambda _event, way=way: self._do(steering.change_lane, way))  # type: ignore[misc]

    def _listen_to_keys(self) -> None:
        canvas, steering = self.canvas, self.steering
        for keys, factor in (
            (("<plus>", "<equal>", "<KP_Add>"), ZOOM),
            (("<minus>", "<KP_Subtract>"), 1 / ZOOM),
            (("<Key-0>", "<KP_0>", "<KP_Insert>"), 0.0),
        ):
            for key in keys:
                canvas.bind(key, lambda _event, factor=factor: self._do(steering.zoom, factor))  # type: ignore[misc]
        canvas.bind("<Home>", lambda _event: self._do(steering.go_to, 0))
        canvas.bind("<End>", lambda _event: self._do(steering.go_to, steering.size - 1))
        canvas.bind("<Control-c>", lambda _event: self.copy())

    def _fold(self) -> None:
        """Show as many words as leave room for the picture."""
        px, high = self._theme.px, self.winfo_height()
        parts = (
            (self.title, ROOM_FOR_TITLE, "top", 2),
            (self.remark, ROOM_FOR_REMARK, "top", 6),
            (self.strip, ROOM_FOR_STRIP, "bottom", 0),
        )
        wanted = [part for part, room, _side, _gap in parts if high >= px(room)]
        if wanted == [part for part, *_more in parts if part.winfo_manager()]:
            return
        for part, _room, side, gap in parts:
            part.pack_forget()
            if part in wanted:
                above = px(6) if side == "bottom" else 0
                part.pack(side=side, fill="x", pady=(above, px(gap)), before=self._frame)  # type: ignore[arg-type]

    def _do(self, does: Callable[[Number], None], amount: Number) -> str:
        """Steer, and show it; "break": the key has been used."""
        does(amount)
        self._draw()
        return "break"

    def _clicked(self, event: tk.Event[tk.Canvas]) -> None:
        self.canvas.focus_set()
        if (found := self._at(event)) is not None:
            self.steering.chosen = found
        self._draw()

    def _at(self, event: tk.Event[tk.Canvas]) -> Chosen | None:
        lane, axis = self._drawing.rows.lane(event.y), self.steering.axis
        return self.steering.piece_at(lane, axis.offset(event.x)) if event.x >= axis.left else None

    def _point(self, found: Chosen | None) -> None:
        if found != self.steering.pointed:
            self.steering.pointed = found
            self._draw()

    def _wheel(self, way: int, event: tk.Event[tk.Canvas]) -> None:
        way = way or (-1 if event.delta > 0 else 1)
        axis = self.steering.axis
        self._do(self.steering.scroll, axis.begin + way * self._theme.px(WHEEL) / axis.cell)

    def _obey(self, action: str, amount: str, unit: str = "") -> None:
        """Obey the scrollbar."""
        axis = self.steering.axis
        pixels = axis.room if unit == "pages" else self._theme.px(WHEEL)
        begin = axis.begin + float(amount) * pixels / axis.cell
        if action == "moveto":
            begin = float(amount) * self.steering.size
        self._do(self.steering.scroll, begin)

    def _say(self) -> None:
        """Say the result anew, in the language of the moment."""
        if self.shown is not None:
            self.title.label.configure(text=title(self.shown))
            self.remark.label.configure(text=remark(self.shown))
            self._draw()

    def _draw(self) -> None:
        """Draw what is in sight, and say what is looked at."""
        shown, canvas = self.shown, self.canvas
        if shown is None or canvas.winfo_width() <= self._theme.px(2 * MARGIN):
            return
        px, ink = self._theme.px, self._drawing.ink
        left = names_width(ink, shown)
        room = canvas.winfo_width() - left - px(MARGIN)
        self.steering.measure(
            Measures(left, max(room, 1), byte_width(ink), px(USUAL), px(LARGEST), px(LEAST))
        )
        axis, looked_at = self.steering.axis, self.steering.looked_at
        self._drawing.draw(shown, axis, looked_at)
        share = axis.room / axis.cell / max(shown.size, 1)
        begin = axis.begin / max(shown.size, 1)
        self._bar.set(begin, min(begin + share, 1.0))
        self.strip.say(describe(shown, *looked_at) if looked_at else translate(_HINT))
