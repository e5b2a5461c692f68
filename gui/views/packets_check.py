"""The switch between implied segments and real packets, below a ladder."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from gui.models.ladder import LadderRows
from gui.models.packet_capture import PacketCapture
from gui.translated import set_text
from gui.widgets.tooltip import enable, tip
from netlib import N_

_LIVE: Final = N_(
    "Real segments with their numbers in place of implied ones, from now on, where this computer "
    "lets a program see them."
)
_RECORDED: Final = N_("Real segments with their numbers in place of implied ones.")
_NONE: Final = N_("No packets were captured for this recording: segments are implied.")


class PacketsCheck(ttk.Checkbutton):
    """Shows packets, and captures them where the rows are live."""

    def __init__(
        self, parent: tk.Misc, rows: LadderRows, capture: PacketCapture, *, live: bool
    ) -> None:
        """`live`: more rows come, of what this window does."""
        self._rows, self._capture, self._live = rows, capture, live
        self._variable = tk.BooleanVar(parent, value=not live)
        super().__init__(parent, variable=self._variable, command=self._switch)
        set_text(self, N_("Real packets"))
        self._tip = ""
        self.refresh()

    def refresh(self) -> None:
        """Show whether there are packets, or might be."""
        there = self._rows.packets is None or bool(self._rows.packets.places)
        if self._live:
            self._variable.set(self._capture.wanted and self._rows.with_packets)
            hint = self._capture.refusal or _LIVE
        else:
            enable(self, there, _NONE)
            hint = _RECORDED
        if hint != self._tip:
            self._tip = hint
            tip(self, hint)

    def _switch(self) -> None:
        on = self._variable.get()
        self._rows.with_packets = on
        if self._live and on and not self._capture.wanted:
            self._capture.begin()
        elif self._live and not on:
            self._capture.end()
