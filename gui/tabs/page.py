"""What all tabs share: who on top, say at the foot, the rest between, messages in their flow."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from gui.context import Context
from gui.models.backend import Backend
from gui.models.notice import Cure, Notice
from gui.models.offers import Fitting, offers, only_offer
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED
from gui.widgets.address import AddressField
from gui.widgets.banner import MESSAGE_CHANGED, Banner
from gui.widgets.emphasis import emphasise
from gui.widgets.flip import FlipButton
from gui.widgets.split import Split
from netlib import Endpoint, Transport

if TYPE_CHECKING:
    from gui.views.pane import TrafficPane


class NoticeBanner(Banner):
    """A banner that follows a model's notices, and says why something typed cannot be done."""

    def __init__(
        self, parent: tk.Misc, theme: Theme, on_cure: Callable[[Cure], object] = lambda _cure: None
    ) -> None:
        """Show nothing yet."""
        super().__init__(parent, theme, on_cure)
        self._noticed: Notice | None = None
        self._complaining = False
        self.bind(LANGUAGE_CHANGED, lambda _event: self.withdraw(), add=True)

    def follow(self, notice: Notice | None) -> None:
        """Show a new notice, or take an outdated one away."""
        if notice is self._noticed:
            return
        self._noticed, self._complaining = notice, False
        if notice is None:
            self.clear()
        else:
            self.show(notice)

    def complain(self, wrong: str, cure: Cure | None = None) -> None:
        """Show a sentence in the language of the moment; it goes when the language does."""
        self._complaining = True
        self.show(Notice("warn", lambda: wrong, cure=cure))

    def withdraw(self) -> None:
        """Take a complaint away, which is no longer true; a notice stays."""
        if self._complaining:
            self.clear()


Cures = dict[str, Callable[[Cure], object]]
"""What a tab does for each intent that the button of a message may have."""


def connecting(context: Context, service: Callable[[], str], again: Callable[[], object]) -> Cures:
    """Return what a client does: connect again, if need be to a `service/transport` started now."""

    def serve(cure: Cure) -> None:
        from netlib import ServerConfig  # late: not needed for the first picture

        name, transport = service().split("/")
        config = ServerConfig(
            service=name, transport=Transport(transport), host=cure.host, port=cure.port
        )
        context.tabs().serve(config, then)

    def then(local: Endpoint | None) -> None:
        if local is None:
            context.tabs().show("server")  # which says why
        else:
            again()

    def check(cure: Cure) -> None:
        from gui.tabs.path_window import show_path  # late: not needed for the first picture

        show_path(context, Endpoint(cure.host, cure.port))

    return {"serve": serve, "again": lambda _cure: again(), "check": check}


class RunningHere:
    """Offers the servers of this window in an address field; the only one is written there."""

    def __init__(
        self, backend: Backend, field: AddressField, fitting: Callable[[], Fitting], usual: str
    ) -> None:
        """Offer what `fitting` describes; `usual` stands there as long as nobody has typed."""
        self._backend, self._field, self._fitting = backend, field, fitting
        self._seen: object = None
        field.offer(self._words, usual)

    def tick(self) -> None:
        """Write down the only server that fits, when what runs has changed."""
        now = (*self._backend.running.items(), self._fitting())
        if now != self._seen:
            self._seen = now
            if address := only_offer(self._backend, self._fitting()):
                self._field.write(address)

    def _words(self) -> dict[str, str]:
        return {one.words: one.address for one in offers(self._backend, self._fitting())}


class Page(ttk.Frame):
    """A tab. `tick` is called thirty times a second while it is in sight."""

    main: FlipButton
    """What Enter presses."""
    traffic: TrafficPane
    """Where Ctrl+F searches."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Lay out the three empty parts."""
        theme = context.theme
        super().__init__(parent)
        self.context, self.theme = context, theme
        self.who = ttk.Frame(self)
        self.cures: Cures = {}
        self.banner = NoticeBanner(self, theme, lambda cure: self.cures[cure.intent](cure))
        self.body = ttk.Frame(self)
        self.composer_area = ttk.Frame(self)
        self.says = True
        """Whether there is something to say here: the foot of the page."""
        self.body.pack(fill="both", expand=True, pady=(theme.px(8), 0))
        self.show_parts()
        self._following: tuple[ttk.Button | None, ...] = (None,)
        self.banner.bind(MESSAGE_CHANGED, lambda _event: self._fill(), add=True)

    def emphasise(self, following: ttk.Button | None, *buttons: ttk.Button) -> None:
        """Fill the button that is the next thing to do; a message's own button comes before it."""
        self._following = following, *buttons
        self._fill()

    def _fill(self) -> None:
        following, *buttons = self._following
        notice = self.banner.notice
        cured = notice is not None and notice.cure is not None
        emphasise(None if cured else following, *filter(None, buttons))

    def show_parts(self, *, whole: bool = False) -> None:
        """Show head and foot, or give the whole page to what is between them."""
        for part in (self.who, self.composer_area):
            part.pack_forget()
            part.place_forget()
        px = self.theme.px
        self.configure(padding=(px(12), px(2 if whole else 10), px(12), px(2 if whole else 6)))
        self.body.pack(pady=(0 if whole else px(8), 0))
        if not whole:
            self.who.pack(side="top", fill="x", before=self.pack_slaves()[0])
        if self.says and not whole:
            self.composer_area.pack(side="bottom", fill="x", pady=(px(8), 0), before=self.body)

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

    def cancel(self) -> None:
        """Do what Esc does: close the message."""
        self.banner.clear()

    def remember(self) -> None:
        """Put what was typed into the settings."""
