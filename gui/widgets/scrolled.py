"""The safety net of a page: where it needs more height than there is, it scrolls.

Pages fold what matters less first; this is for what is left at very large text in a small window.
The foot of the page, where one types, stays in sight. The bar lies in the page's own margin, so
that it takes no width and wraps nothing.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from gui.theme.theme import Theme
from gui.widgets.banner import MESSAGE_CHANGED
from gui.widgets.fit import fixed_request
from gui.widgets.split import Split

LEAST: Final = 56
"""Logical pixels that are kept for a list, two rows: the parts that take what room there is."""
STEP: Final = 40
"""Logical pixels a turn of the wheel."""
MARGIN: Final = 12
"""Logical pixels left and right of a page."""
GAP: Final = 8
"""Logical pixels over the foot."""
SLACK: Final = 24
"""Logical pixels that must be too many before a page scrolls no more: it never does so in turns."""


class Scrolled(ttk.Frame):
    """Holds one page, as high as it is itself, or as the page needs."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Hold nothing yet."""
        super().__init__(parent)
        fixed_request(self)
        self._theme = theme
        self._page: ttk.Frame | None = None
        self._foot: ttk.Frame | None = None
        self._following: tk.Widget | None = None
        self._wanted: tk.Misc | None = None
        """What is to be brought into sight as soon as everything has its place."""
        self._top, self._laid = 0, (0, 0, 0, 0)
        self._bar = ttk.Scrollbar(self, command=self._yview, takefocus=False)
        self.bind("<Configure>", lambda _event: self.settle())
        window = self.winfo_toplevel()
        window.bind("<FocusIn>", lambda event: self._reveal(event.widget), add=True)
        window.bind(MESSAGE_CHANGED, self._want, add=True)
        for event, way in (("<Button-4>", -1), ("<Button-5>", 1), ("<MouseWheel>", 0)):
            window.bind(event, lambda event, way=way: self._wheel(event, way), add=True)  # type: ignore[misc]

    def hold(self, page: ttk.Frame, foot: ttk.Frame | None = None) -> None:
        """Show a page; its `foot` stays in sight, unless the page has taken it away."""
        self._page, self._foot = page, foot
        self.settle()

    @property
    def hidden(self) -> int:
        """How many pixels of the page do not fit."""
        return max(self._needed() - self.winfo_height(), 0)

    def settle(self) -> None:
        """Give the page its height, its place and its foot, if they have changed.

        Called now and then, not by the parts of the page: while these find their own heights, each
        step would move all the others.
        """
        if self._page is None or self.winfo_height() <= 1:
            return
        needed, room = self._needed(), self.winfo_height()
        if self._laid[1] > self._laid[2] and needed > room - self._theme.px(SLACK):
            needed = max(
                needed, room + 1
            )  # scrolls already, and goes on until there is room enough
        self._top = min(max(self._top, 0), max(needed - room, 0))
        laid = (self._top, max(room, needed), room, self._foot_height())
        if laid == self._laid and not self._foot_is_packed_beyond(room < needed):
            self._bring()
            return
        self._laid = laid
        self._page.place(x=0, y=-self._top, relwidth=1, height=laid[1])
        self._settle_foot()
        if needed > room:
            self._bar.set(self._top / needed, (self._top + room) / needed)
            self._bar.place(relx=1, anchor="ne", relheight=1)
            self._bar.lift()
        else:
            self._bar.place_forget()

    def _settle_foot(self) -> None:
        """Pack the foot where it belongs or, over a page that scrolls, hold it in sight."""
        top, height, room, foot_height = self._laid
        foot, edge = self._foot, self._theme.px(MARGIN)
        if foot is None or not foot.winfo_manager():
            return
        if height > room:
            if foot.winfo_manager() == "pack" and self._page is not None:
                packed = self._page.pack_slaves()
                self._following = packed[packed.index(foot) + 1]
            y = top + room - foot_height
            foot.place(
                x=edge,
                y=y,
                relwidth=1,
                width=-2 * edge,
                height=foot_height,
                bordermode="outside",
            )
            foot.lift()
        elif foot.winfo_manager() == "place" and self._following is not None:
            gap = self._theme.px(GAP)
            foot.pack(side="bottom", fill="x", pady=(gap, 0), before=self._following)

    def _foot_is_packed_beyond(self, scrolls: bool) -> bool:
        """Tell whether the page has packed its foot again, where it would be out of sight."""
        return scrolls and self._foot is not None and self._foot.winfo_manager() == "pack"

    def _foot_height(self) -> int:
        shown = self._foot is not None and self._foot.winfo_manager()
        return self._foot.winfo_reqheight() if self._foot is not None and shown else 0

    def _needed(self) -> int:
        if self._page is None:
            return 0
        foot = self._foot
        pinned = foot is not None and foot.winfo_manager() == "place"
        pinned_height = self._foot_height() + self._theme.px(GAP)
        return least_height(self._page, self._theme.px(LEAST)) + pinned * pinned_height

    def _scroll(self, top: int) -> None:
        self._top = top
        self.settle()

    def _yview(self, action: str, amount: str, _unit: str = "") -> None:
        """Obey the scrollbar."""
        if action == "moveto":
            self._scroll(round(float(amount) * self._laid[1]))
        else:
            self._scroll(self._top + int(amount) * self._theme.px(STEP))

    def _wheel(self, event: tk.Event[tk.Misc], way: int) -> None:
        """Scroll, where nothing under the pointer scrolls itself."""
        if self.hidden and self._within(event.widget):
            way = way or (-1 if event.delta > 0 else 1)
            self._scroll(self._top + way * self._theme.px(STEP))

    def _want(self, event: tk.Event[tk.Misc]) -> None:
        """Bring a message into sight once it has its room."""
        self._wanted = event.widget

    def _bring(self) -> None:
        """Bring what is wanted into sight, as soon as it has found its height."""
        part = self._wanted
        if part is None or not part.winfo_exists():
            self._wanted = None
        elif part.winfo_ismapped() and 1 < part.winfo_height() == part.winfo_reqheight():
            self._wanted = None
            self._reveal(part)

    def _reveal(self, part: tk.Misc) -> None:
        """Bring what has got the keyboard, or a new message, into sight."""
        if self._page is None or not self.hidden or not self._within(part):
            return
        if not part.winfo_viewable():
            return
        upper = part.winfo_rooty() - self._page.winfo_rooty()
        lower = upper + part.winfo_height()
        room = self.winfo_height() - self._foot_height()
        if self._foot is not None and str(part).startswith(f"{self._foot}."):
            return
        if upper < self._top:
            self._scroll(upper)
        elif lower > self._top + room:
            self._scroll(min(upper, lower - room))

    def _within(self, part: object) -> bool:
        return str(part).startswith(f"{self._page}.") and self.winfo_viewable()


def least_height(part: tk.Misc, least: int) -> int:
    """Return the height below which a part cannot show itself; `least`: that of a list."""
    if isinstance(part, tk.Text | ttk.Treeview):
        return least
    if isinstance(part, Split):
        heights = [least_height(pane, least) for pane in part.parts]
        return sum(heights) if str(part.cget("orient")) == "vertical" else max(heights, default=0)
    rows = part.grid_size()[1] if isinstance(part, ttk.Frame) else 0
    if rows:
        return sum(
            max((least_height(one, least) for one in part.grid_slaves(row=row)), default=0)
            for row in range(rows)
        )
    packed = part.pack_slaves() if isinstance(part, ttk.Frame) else []
    return _of_packed(packed, least) + _padding(part) if packed else part.winfo_reqheight()


def _of_packed(parts: list[tk.Widget], least: int) -> int:
    total, beside = 0, 0
    for part in parts:
        info = part.pack_info()
        high = least_height(part, least) if info["expand"] else part.winfo_reqheight()
        pads = info["pady"]
        high += sum(pads) if isinstance(pads, tuple) else 2 * int(pads)
        if info["side"] in {"top", "bottom"}:
            total += high
        else:
            beside = max(beside, high)
    return total + beside


def _padding(part: tk.Misc) -> int:
    value = part.cget("padding")
    parts = value if isinstance(value, tuple) else part.tk.splitlist(value)
    pads = [int(str(one)) for one in parts]
    if not pads:
        return 0
    above = pads[1] if len(pads) > 1 else pads[0]
    return above + (pads[3] if len(pads) == 4 else above)
