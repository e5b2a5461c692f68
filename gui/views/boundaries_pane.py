"""Boundaries in a traffic pane: one direction of the connection that is chosen, or the newest."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from gui.models.boundaries_of import BoundariesOf
from gui.models.ladder import LadderRows
from gui.theme.theme import Theme
from gui.translated import set_text, translate
from gui.views.boundaries_view import BoundariesView
from gui.views.other_view import OtherView
from gui.widgets.choice import Segments
from gui.widgets.flow import Flow
from netlib import N_

_EMPTY: Final = N_("Sends, bytes and receives stand over each other here, once bytes have gone.")


class BoundariesPane(OtherView):
    """The picture, which direction it is of, and how messages are marked."""

    def __init__(self, parent: tk.Misc, theme: Theme, calls: LadderRows) -> None:
        """Show the calls of the activities of a pane."""
        super().__init__(parent)
        self.model = BoundariesOf(calls)
        self._shown: tuple[object, ...] = ()
        self._place: tuple[object, ...] = ()
        bar = Flow(self, theme, gap=6)
        bar.pack(side="top", fill="x")
        self.way = Segments(bar, {"out": N_("Sent"), "in": N_("Received")}, self._choose_way)
        self._way_chosen = False
        """Whether a person chose it."""
        self.framing = Segments(
            bar, {"none": N_("no framing"), "line": N_("cut at LF")}, self._choose
        )
        self._whose, self._wrong = (ttk.Label(bar, style="Muted.TLabel") for _ in range(2))
        bar.add(self.way, self.framing)
        bar.add(self._whose, optional=True)
        bar.add(self._wrong)
        bar.fold(1, self.framing)
        self._bar = bar
        self._empty = ttk.Label(self, style="Muted.TLabel", anchor="center")
        set_text(self._empty, _EMPTY)
        self.view = BoundariesView(self, theme)

    def refresh(self) -> None:
        """Show what is new; called at every tick."""
        self.model.sync()
        place = (self.model.end, self.way.key, self.framing.key)
        now = (*place, self.model.version)
        if now == self._shown or not self.winfo_viewable():
            return
        self._shown = now
        stream = self.model.stream(sent=self.way.key == "out")
        if stream is None:
            self.view.pack_forget()
            self._empty.pack(fill="both", expand=True)
            return
        self._empty.pack_forget()
        if not self.view.winfo_manager():
            self.view.pack(fill="both", expand=True)
        boundaries = stream.boundaries(lines=self.framing.key == "line")
        if not self._way_chosen and not boundaries.size and self._has_received():
            self.way.key = "in"
            self.refresh()
            return
        self.view.show(boundaries, grown=place == self._place)
        self._place = place
        wrong = translate(N_("The recording cannot be read: {reason}"), reason=stream.wrong)
        self._whose.configure(text=self.model.whose)
        self._wrong.configure(text=wrong)
        self._bar.show(self._wrong, bool(stream.wrong))

    def _has_received(self) -> bool:
        other = self.model.stream(sent=False)
        return other is not None and other.boundaries(lines=False).size > 0

    def _choose_way(self, _key: str) -> None:
        self._way_chosen = True
        self.refresh()

    def _choose(self, _key: str) -> None:
        self.refresh()
