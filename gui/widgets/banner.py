"""A message in the page: what the network answered, why perhaps, and what to try. Never a dialog.

It takes room of its own, so that nothing is covered; it never takes the focus, and stays until it
is closed or the next one comes. Where it would take too much of the page only its first sentence is
shown, with its button; another ("Why?") shows the rest, in place of the page if there is no room
beside.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Literal

from gui.models.notice import Cure, Notice
from gui.theme.palette import GLYPHS
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, set_text
from gui.widgets.explained import Block, Explained
from gui.widgets.fit import Fitted
from gui.widgets.flow import in_lines
from gui.widgets.focus import focused
from gui.widgets.tooltip import tip
from netlib import N_

SHARE, BODY_SHARE = 0.4, 0.6
"""Most of a page's height, and of what its controls leave, that a message takes unasked."""
BESIDE = 360
"""Logical pixels: words narrower than that have the buttons below, not beside them."""
EDGE, GAP = 10, 8
"""Logical pixels."""
MESSAGE_CHANGED = "<<MessageChanged>>"
"""Sent when a message comes or goes."""


class Banner(Fitted):
    """A sentence in bold, its details, buttons that may mend or explain it, a way to close it."""

    def __init__(
        self, parent: tk.Misc, theme: Theme, on_cure: Callable[[Cure], object] = lambda _cure: None
    ) -> None:
        """Be nowhere yet; `on_cure` is told when the button of a notice is pressed."""
        super().__init__(parent, theme)
        self.notice: Notice | None = None
        self._on_cure = on_cure
        self._unfolded, self._alone = False, False
        self._glyph = ttk.Label(self)
        self.explained = Explained(self, theme)
        self.cure = ttk.Button(self, style="Accent.TButton", command=lambda: self._press("cure"))
        self.check = ttk.Button(self, command=lambda: self._press("check"))
        self.why = ttk.Button(self, command=self._toggle)
        self.close = ttk.Button(self, text="✕", width=0, command=self.clear)
        tip(self.close, N_("Close this message (Esc)."))
        for part in (self._glyph, self.cure, self.check, self.why, self.close):
            self.hold(part)
        self.bind("<<ThemeChanged>>", lambda _event: self._dress(), add=True)
        self.bind(LANGUAGE_CHANGED, lambda _event: self.fit(again=True), add=True)
        self.bind("<Configure>", lambda _event: self.fit(again=self._alone), add=True)
        parent.bind("<Configure>", lambda _event: self.fit(again=True), add=True)

    @property
    def showing(self) -> bool:
        """Whether the message is in the page."""
        return bool(self.winfo_manager())

    def show(self, notice: Notice) -> None:
        """Show a notice in place of the one before."""
        self.notice = notice
        self._unfolded = self._alone = False
        for button, cure in ((self.cure, notice.cure), (self.check, notice.check)):
            if cure is not None:
                set_text(button, cure.words)
        self._dress()
        self._settle()
        self.event_generate(MESSAGE_CHANGED)

    def clear(self) -> None:
        """Take the message away."""
        if focused(self).startswith(f"{self}."):
            self.master.focus_set()
        self.pack_forget()
        self.place_forget()
        if self.notice is not None:
            self.notice = None
            self.event_generate(MESSAGE_CHANGED)

    # -- what the user does ----------------------------------------------------------------------

    def _press(self, which: Literal["cure", "check"]) -> None:
        cure: Cure | None = getattr(self.notice, which, None)
        if cure is None:
            return
        if which == "cure":  # looking mends nothing: the message stays
            self.clear()  # first: what is done may have something to say
        self._on_cure(cure)

    def _toggle(self) -> None:
        """Show the details or the sentence alone; details without room take the whole page."""
        self._unfolded = not self._unfolded
        self._alone = False
        self._alone = self._unfolded and self.arrange(self.winfo_width()) > self._room()
        self._settle()

    # -- inside ----------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Stand below the head of the page; or in place of all of it, when that was asked for."""
        if self._alone:
            self.pack_forget()
            self.place(relwidth=1, relheight=1)
            self.lift()
        else:
            self.place_forget()
            before = self._others()[0] if self._crowded() else self._following()
            self.pack(side="top", fill="x", pady=(self._theme.px(GAP), 0), before=before)
        self.fit(again=True)

    def _others(self) -> list[tk.Widget]:
        return [one for one in self.master.pack_slaves() if one is not self]

    def _following(self) -> tk.Widget:
        """Return what the message stands before: the foot of the page, or its body."""
        return next(one for one in self._others() if not _of_fixed_height(one, "top"))

    def _room(self) -> int:
        """Return the height that the head and the foot of the page leave."""
        fixed = [one for one in self._others() if _of_fixed_height(one, "top", "bottom")]
        return self.master.winfo_height() - sum(one.winfo_reqheight() for one in fixed)

    def _crowded(self) -> bool:
        """Tell whether the page has no room for its controls and a message: that comes first."""
        width = self.master.winfo_width()
        return width > 1 and self.arrange(width) > self._room()

    def _dress(self) -> None:
        """Take colours and sizes from the theme."""
        if self.notice is None:
            return
        severity = self.notice.severity
        self.configure(style=f"{severity}.Banner.TFrame")
        self._glyph.configure(style=f"{severity}.Sentence.Banner.TLabel", text=GLYPHS[severity])
        self.close.configure(style=f"{severity}.Banner.TButton")
        self.explained.dress(severity)
        self.fit(again=True)

    def arrange(self, width: int) -> int:
        """Place glyph, words and buttons; return the height they take."""
        if self.notice is None:
            return 1
        edge, gap = self._theme.px(EDGE), self._theme.px(GAP)
        left = edge + self._glyph.winfo_reqwidth() + gap
        bar = self.explained.bar.winfo_reqwidth() if self._alone else 0
        room = width - left - bar - gap - self.close.winfo_reqwidth() - edge
        words, details = self._words(self.notice, room)
        buttons = self._buttons(self.notice, details)
        taken = sum(one.winfo_reqwidth() + gap for one in buttons)
        beside = not details and room - taken >= self._theme.px(BESIDE)
        if beside:
            room -= taken
            words, details = self._words(self.notice, room)
        lines = [buttons] if beside else in_lines(buttons, gap, width - left - edge)
        step = buttons[0].winfo_reqheight() + gap if buttons else 0
        foot = 0 if beside else step * len(lines)
        high = self.explained.height(words)
        if self._alone:
            high = min(high, max(self.winfo_height() - 2 * edge - foot, 1))
        self.explained.draw(words, high)
        self.explained.place(x=left, y=edge, width=room + bar, height=high)
        self._glyph.place(x=edge, y=edge)
        self.close.place(x=width - edge - self.close.winfo_reqwidth(), y=edge // 2)
        first, y = (left + room + gap, edge // 2) if beside else (left, edge + high + gap)
        for line in lines:
            x = first
            for button in line:
                button.place(x=x, y=y)
                x += button.winfo_reqwidth() + gap
            y += step
        return 2 * edge + high + foot

    def _words(self, notice: Notice, room: int) -> tuple[Block, bool]:
        """Return the words there is room for, and whether these are all."""
        parts = notice.parts()
        most = min(self.master.winfo_height() * SHARE, self._room() * BODY_SHARE)
        advice = parts[-1:] if notice.cure is None else ()
        for shown in (parts, advice):
            words = self.explained.words(notice, shown, room)
            if self._unfolded or self.explained.height(words) <= most:
                return words, shown == parts
        return self.explained.words(notice, (), room), not parts

    def _buttons(self, notice: Notice, details: bool) -> list[ttk.Button]:
        """Return the buttons there is a use for; the others go."""
        set_text(self.why, N_("Less") if self._unfolded else notice.more)
        wanted = {
            self.cure: notice.cure is not None,
            self.check: notice.check is not None,
            self.why: self._unfolded or not details,
        }
        for button, on in wanted.items():
            if not on:
                button.place_forget()
        return [button for button, on in wanted.items() if on]


def _of_fixed_height(part: tk.Widget, *sides: str) -> bool:
    info = part.pack_info()
    return info["side"] in sides and not info["expand"]
