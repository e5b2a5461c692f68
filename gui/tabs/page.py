"""What all tabs share: who on top, say at the foot, the rest between, messages in their flow."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.context import Context
from gui.models.notice import Cure, Notice
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED
from gui.views.pane import TrafficPane
from gui.widgets.banner import Banner
from gui.widgets.flip import FlipButton
from gui.widgets.split import Split


class NoticeBanner(Banner):
    """A banner that follows a model's notices, and says why something typed cannot be done."""

    def __init__(
        self, parent: tk.Misc, theme: Theme, on_cure: Callable[[Cure], None] = lambda _cure: None
    ) -> None:
        """Show nothing yet."""
        super().__init__(parent, theme, on_cure)
        self._noticed: Notice | None = None
        self._complaining = False
        self.bind(LANGUAGE_CHANGED, lambda _event: self._forget_complaint(), add=True)

    def follow(self, notice: Notice | None) -> None:
        """Show a new notice, or take an outdated one away."""
        if notice is self._noticed:
            return
        self._noticed, self._complaining = notice, False
        if notice is None:
            self.clear()
        else:
            self.show(notice)

    def complain(self, wrong: str) -> None:
        """Show a sentence in the language of the moment; it goes when the language does."""
        self._complaining = True
        self.show(Notice("warn", lambda: wrong))

    def _forget_complaint(self) -> None:
        if self._complaining:
            self.clear()


class Page(ttk.Frame):
    """A tab. `tick` is called thirty times a second while it is in sight."""

    main: FlipButton
    """What Enter presses."""
    traffic: TrafficPane
    """Where Ctrl+F searches."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Lay out the three empty parts."""
        theme = context.theme
        super().__init__(parent, padding=(theme.px(12), theme.px(10), theme.px(12), theme.px(6)))
        self.context, self.theme = context, theme
        self.who = ttk.Frame(self)
        self.banner = NoticeBanner(self, theme, self.cure)
        self.composer_area = ttk.Frame(self)
        self.body = ttk.Frame(self)
        self.who.pack(side="top", fill="x")
        self.composer_area.pack(side="bottom", fill="x", pady=(theme.px(8), 0))
        self.body.pack(fill="both", expand=True, pady=(theme.px(8), 0))

    def keep(self, split: Split, key: str) -> None:
        """Let a division outlive the window, under `key` of the settings."""
        settings = self.context.settings
        split.keep(settings.get(key, split.share), lambda chosen: settings.set(key, chosen))

    def tick(self) -> None:
        """Bring what is shown in line with the models."""

    def slow_tick(self) -> None:
        """Renew figures and tables; four times a second."""

    def main_action(self) -> None:
        """Do what Enter does in the head of this tab."""
        self.main.press()

    def find(self) -> None:
        """Do what Ctrl+F does: open the search in the rows of this tab."""
        self.traffic.open_find()

    def cure(self, cure: Cure) -> None:
        """Do what the button of a message offers."""

    def cancel(self) -> None:
        """Do what Esc does: close the message."""
        self.banner.clear()

    def remember(self) -> None:
        """Put what was typed into the settings."""
