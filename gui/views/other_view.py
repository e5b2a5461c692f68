"""A view of a traffic pane that shows no rows: a picture of the same traffic."""

from __future__ import annotations

import tkinter as tk
from abc import ABC, abstractmethod
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING, NamedTuple

from gui.context import Context
from gui.translated import Message
from netlib import N_

if TYPE_CHECKING:
    from gui.models.kernel import KernelSource


class OtherView(ttk.Frame, ABC):
    """Kept up to date while it is in sight."""

    @abstractmethod
    def refresh(self) -> None:
        """Show what is new; called at every tick."""


class Offer(NamedTuple):
    """A view that can be chosen; it is made when it is first wanted."""

    words: Message
    make: Callable[[tk.Misc], OtherView]


def kernel(context: Context, source: KernelSource) -> dict[str, Offer]:
    """Offer what the kernel says of the sockets of `source`."""

    def make(parent: tk.Misc) -> OtherView:
        from gui.views.kernel_view import KernelView  # late: not needed for the first picture

        return KernelView(parent, context, source)

    return {"kernel": Offer(N_("Kernel"), make)}
