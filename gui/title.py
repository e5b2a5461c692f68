"""The title line: for servers that others can reach, what people at other computers type."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from gui.models.backend import Backend
from gui.translated import set_title, translate
from netlib import N_, Endpoint, reachable_addresses

EVERYWHERE: Final = ("0.0.0.0", "::")
_NAME: Final = N_("Socketboard")
MOST: Final = 3
"""Addresses in the title at most: it is one line."""


class Title:
    """Keeps the title in line with the servers that listen on every interface."""

    def __init__(self, root: tk.Tk, backend: Backend) -> None:
        """Show the name of the program."""
        self._root, self._backend = root, backend
        self._shown: list[Endpoint] = []
        set_title(root, _NAME)

    def slow_tick(self) -> None:
        """Ask for the addresses of this computer, when other servers listen than before."""
        open_to_all = [one for one in self._backend.listening() if one.host in EVERYWHERE]
        if open_to_all == self._shown:
            return
        self._shown = open_to_all
        words = "   ".join(addresses(open_to_all))
        if words:
            set_title(self._root, lambda: f"{words}   {translate(_NAME)}")
        else:
            set_title(self._root, _NAME)


def addresses(listening: list[Endpoint]) -> list[str]:
    """Return what people at other computers type, the first server first, at most `MOST`."""
    found = [
        str(Endpoint(host, one.port)) for one in listening for host in reachable_addresses(one.host)
    ]
    return [*dict.fromkeys(found)][:MOST]
