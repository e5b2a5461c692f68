"""The models of a server as a view: the picture, and a strip that tells of one client."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from tkinter import ttk
from typing import Final

from gui.models.server_models import as_text, of_client
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, set_text, translate
from gui.views.models_drawing import Chosen, ModelsDrawing
from gui.views.strip import Strip
from gui.widgets.fit import Paragraph
from netlib import MODELS, N_, ModelShown

ROOM_FOR_STRIP, ROOM_FOR_LEGEND = 230, 300
"""Logical pixels of height below which they make room for the picture."""
_LEGEND: Final = N_(
    "Dashed: connected, in the accept queue. Thin line: accepted, no work for it now. Filled: the "
    "server works for it."
)
_HINT: Final = N_("Point at a client, or use the arrow keys: here stands what has become of it.")


class ModelsView(ttk.Frame):
    """Shows runs of models; `show` gives them."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._theme, px = theme, theme.px
        self.shown: Mapping[str, ModelShown] = {}
        self.chosen: Chosen | None = None
        """By keys or a click."""
        self._pointed: Chosen | None = None
        self._seconds = 0
        self.legend = Paragraph(self, theme, "Muted.TLabel")
        set_text(self.legend.label, _LEGEND)
        self.strip = Strip(self, theme)
        self._frame = ttk.Frame(self, style="Field.TFrame", padding=px(3))
        self.canvas = tk.Canvas(self._frame, width=10, height=10, takefocus=True)
        self._bar = ttk.Scrollbar(self._frame, command=self.canvas.yview, takefocus=False)
        self.canvas.configure(yscrollcommand=self._bar.set)
        self._frame.pack(fill="both", expand=True)
        self._bar.pack(side="right", fill="y")
        self.canvas.pack(fill="both", expand=True)
        self.drawing = ModelsDrawing(self.canvas, theme)
        self._listen()

    def show(self, shown: Mapping[str, ModelShown], seconds: int) -> None:
        """Show runs that take so many seconds each."""
        self.shown, self._seconds = shown, seconds
        self._draw()

    def copy(self) -> None:
        """Put all that is shown on the clipboard, as text."""
        if self.shown:
            self.clipboard_clear()
            self.clipboard_append(as_text(dict(self.shown)))

    def _listen(self) -> None:
        canvas = self.canvas
        for event in ("<Configure>", "<<ThemeChanged>>"):
            canvas.bind(event, lambda _event: self._draw())
            self.bind(event, lambda _event: self._fold())
        self.bind(LANGUAGE_CHANGED, lambda _event: self._draw())
        canvas.bind("<FocusIn>", lambda _event: self._frame.state(["focus"]))
        canvas.bind("<FocusOut>", lambda _event: self._frame.state(["!focus"]))
        canvas.bind("<Button-1>", self._clicked)
        canvas.bind("<Motion>", lambda event: self._point(self._at(event)))
        canvas.bind("<Leave>", lambda _event: self._point(None))
        for event, way in (("<Button-4>", -1), ("<Button-5>", 1)):
            canvas.bind(event, lambda _event, way=way: canvas.yview_scroll(way, "units"))  # type: ignore[misc]
        canvas.bind(
            "<MouseWheel>",
            lambda event: canvas.yview_scroll(-1 if event.delta > 0 else 1, "units"),
        )
        for key, column, row in (
            ("<Left>", -1, 0),
            ("<Right>", 1, 0),
            ("<Up>", 0, -1),
            ("<Down>", 0, 1),
        ):
            canvas.bind(key, lambda _event, way=(column, row): self._step(*way))  # type: ignore[misc]
        for key, way in (("<Prior>", -1), ("<Next>", 1)):
            canvas.bind(key, lambda _event, way=way: canvas.yview_scroll(way, "pages"))  # type: ignore[misc]
        canvas.bind("<Control-c>", lambda _event: self.copy())

    def _fold(self) -> None:
        """Show as many words as leave room for the picture."""
        px, high = self._theme.px, self.winfo_height()
        for part, room, side in (
            (self.legend, ROOM_FOR_LEGEND, "top"),
            (self.strip, ROOM_FOR_STRIP, "bottom"),
        ):
            if (high >= px(room)) == bool(part.winfo_manager()):
                continue
            if part.winfo_manager():
                part.pack_forget()
            else:
                part.pack(side=side, fill="x", pady=px(4), before=self._frame)  # type: ignore[arg-type]

    def _at(self, event: tk.Event[tk.Canvas]) -> Chosen | None:
        found = self.drawing.places.at(event.x, self.canvas.canvasy(event.y))
        return found if found is not None and found.model in self.shown else None

    def _clicked(self, event: tk.Event[tk.Canvas]) -> None:
        self.canvas.focus_set()
        self.chosen = self._at(event) or self.chosen
        self._draw()

    def _point(self, found: Chosen | None) -> None:
        if found != self._pointed:
            self._pointed = found
            self._draw()

    def _step(self, column: int, row: int) -> str:
        """Choose the client beside the one that is chosen, and bring it into sight."""
        models = [model for model in MODELS if model in self.shown]
        if models:
            if self.chosen is None or self.chosen.model not in models:
                self.chosen = Chosen(models[0], 0)
            else:
                place = models.index(self.chosen.model) + column
                model = models[min(max(place, 0), len(models) - 1)]
                last = len(self.shown[model].clients) - 1
                self.chosen = Chosen(model, min(max(self.chosen.client + row, 0), max(last, 0)))
            self._draw()
            self._into_sight(self.chosen.client)
        return "break"

    def _into_sight(self, client: int) -> None:
        places, canvas = self.drawing.places, self.canvas
        top = places.top + client * places.row
        if not canvas.canvasy(0) <= top <= canvas.canvasy(canvas.winfo_height() - places.row):
            canvas.yview_moveto((top - places.top) / max(places.high, 1))

    def _draw(self) -> None:
        """Draw all, and say what is looked at."""
        canvas = self.canvas
        if canvas.winfo_width() <= 1:
            return
        looked_at = self._pointed or self.chosen
        self.drawing.draw(self.shown, self._seconds, looked_at)
        canvas.configure(scrollregion=(0, 0, 1, max(self.drawing.places.high, 1)))
        if self.drawing.places.high <= canvas.winfo_height():
            canvas.yview_moveto(0)
        found = self.shown.get(looked_at.model) if looked_at is not None else None
        if found is None or looked_at is None or looked_at.client >= len(found.clients):
            self.strip.say(translate(_HINT))
        else:
            told = of_client(found, looked_at.client)
            self.strip.say(f"{translate(MODELS[looked_at.model])} · {told}")
