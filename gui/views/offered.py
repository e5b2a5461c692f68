"""The views that traffic panes offer beside their rows; each is loaded when it is first wanted."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from gui.context import Context
from gui.views.other_view import Offer, OtherView
from netlib import N_

if TYPE_CHECKING:
    from gui.models.kernel import KernelSource
    from gui.models.ladder import LadderRows


def boundaries(context: Context, calls: LadderRows) -> dict[str, Offer]:
    """Offer which calls sent, and which received, the bytes of a connection."""

    def make(parent: tk.Misc) -> OtherView:
        from gui.views.boundaries_pane import BoundariesPane

        return BoundariesPane(parent, context.theme, calls)

    return {"boundaries": Offer(N_("Boundaries"), make)}


def kernel(context: Context, source: KernelSource) -> dict[str, Offer]:
    """Offer what the kernel says of the sockets of `source`."""

    def make(parent: tk.Misc) -> OtherView:
        from gui.views.kernel_view import KernelView

        return KernelView(parent, context, source)

    return {"kernel": Offer(N_("Kernel"), make)}
