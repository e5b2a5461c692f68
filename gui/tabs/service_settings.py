"""What may be set of some services alone: how wrong a clock is, how much is lost."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Collection
from typing import Final

from gui.settings import Settings
from gui.theme.theme import Theme
from gui.widgets.field import Field, Limits, NumberField
from gui.widgets.flow import Flow
from gui.widgets.tooltip import tip
from netlib import N_

SETTINGS: Final[tuple[tuple[str, str, Limits, str, str, str], ...]] = (
    (
        "clock_offset",
        N_("Clock offset"),
        Limits(-1e9, 1e9, whole=False),
        "0",
        N_("s"),
        N_("How far the server's clock is ahead of this computer's; negative: behind."),
    ),
    (
        "loss",
        N_("Loss"),
        Limits(0, 100, whole=False),
        "30",
        "%",
        N_("Part of the datagrams that the server loses on purpose."),
    ),
    (
        "seed",
        N_("Random seed"),
        Limits(0, 999_999_999),
        "11",
        "",
        N_("With the same seed the same happens again after every start."),
    ),
)
"""Name as in `ServiceInfo.settings`, label, limits, usual value, unit and tooltip."""


class ServiceSettings(Flow):
    """A line of fields; there are none for most services."""

    def __init__(self, parent: tk.Misc, theme: Theme, settings: Settings) -> None:
        """Show nothing yet."""
        super().__init__(parent, theme)
        self.fields: dict[str, NumberField] = {}
        self._offered: Collection[str] = ()
        for name, words, limits, usual, unit, explained in SETTINGS:
            field = NumberField(self, theme, words, limits, width=10, unit=unit)
            field.text = settings.get(f"server.{name}", usual)
            tip(field.entry, explained)
            self.fields[name] = field
            self.add(field)

    def offer(self, names: Collection[str], above: tk.Widget) -> None:
        """Show the fields of a service that has these settings, in a line below `above`."""
        self._offered = names
        for name, field in self.fields.items():
            self.show(field, name in names)
        if names:
            self.pack(after=above, fill="x", pady=(self._theme.px(6), 0))
        else:
            self.pack_forget()

    def shown(self) -> list[Field]:
        """Return the fields that hold for the service."""
        return [self.fields[name] for name in self._offered]

    def chosen(self) -> dict[str, float]:
        """Return what is typed, as `ServerConfig` has it."""
        numbers = {name: self.fields[name].number for name in self._offered}
        if "loss" in numbers:
            numbers["loss"] /= 100
        return numbers

    def remember(self, settings: Settings) -> None:
        """Put what was typed into the settings."""
        for name, field in self.fields.items():
            settings.set(f"server.{name}", field.text)
