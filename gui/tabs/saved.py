"""Saved messages in a tab: the button beside its composer, what it sends, and the list."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from gui.models.repeat import Sending
from gui.models.saved_messages import SavedMessage
from gui.tabs.page import Page
from gui.tabs.saved_window import SavedWindow
from gui.widgets.composer import Composer
from gui.widgets.saved_menu import Hooks, SavedButton


class _Timer:
    """Calls things later in the window's thread."""

    def __init__(self, widget: tk.Misc) -> None:
        self._widget = widget

    def after(self, seconds: float, does: Callable[[], None]) -> Callable[[], None]:
        name = self._widget.after(round(seconds * 1000), does)
        return lambda: self._widget.after_cancel(name)


class Saved:
    """What a tab does with saved messages."""

    def __init__(
        self,
        page: Page,
        composer: Composer,
        reach: Callable[[str], str | None] = lambda _target: None,
        target: Callable[[], str] = lambda: "",
    ) -> None:
        """`reach` is told where a message goes, and says why it cannot; `target`: where one is."""
        self._page, self._composer, self._target = page, composer, target
        self._window: SavedWindow | None = None
        say = composer.bubble.show
        self.sending = Sending(_Timer(composer), composer.deliver, reach, self._can_send, say)
        hooks = Hooks(self._send, self._keep, self.manage)
        self.button = SavedButton(composer, page.context.messages, self.sending, hooks)
        composer.fold_last(self.button)
        composer.add(self.button)
        composer.bind("<Destroy>", lambda _event: self.sending.stop(), add=True)

    def _send(self, message: SavedMessage) -> None:
        if refusal := self.sending.send(message):
            self._composer.bubble.show(refusal)

    def _can_send(self) -> bool:
        return not self._composer.send_button.instate(["disabled"])

    def _keep(self) -> None:
        self.manage().begin(self._composer.typed, self._target())

    def manage(self) -> SavedWindow:
        """Show the list, or bring it to the front."""
        window = self._window
        if window is None or not window.winfo_exists():
            window = SavedWindow(self._page, self._page.context, self.sending.send)
            self._window = window
        window.lift()
        window.focus_set()
        return window
