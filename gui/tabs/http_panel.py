"""An HTTP request by hand: the request as text or bytes on the left, the reply on the right."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Protocol

from gui.models.connect import reply_body, reply_head
from gui.models.request import RequestText
from gui.models.typed import Eol, Mode
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, Message, set_text, translate
from gui.widgets.choice import Choice, Segments
from gui.widgets.flow import Flow
from gui.widgets.readonly import read_only
from gui.widgets.split import Split
from gui.widgets.tooltip import tip
from netlib import N_, HttpReply, ngettext

EOLS: dict[Eol, Message] = {"crlf": "CRLF", "lf": "LF"}
MODES: dict[Mode, Message] = {"text": N_("Text"), "hex": N_("Hex")}
PARTS = {"body": N_("Body"), "head": N_("Headers")}


class Owner(Protocol):
    """Whoever the panel belongs to."""

    def send_request(self) -> None:
        """Send what the editor holds; called by the button and by Ctrl+Enter."""

    def complain(self, wrong: str) -> None:
        """Say why something cannot be done."""


class HttpPanel(Split):
    """The request editor and the reply."""

    def __init__(self, parent: tk.Misc, theme: Theme, request: RequestText, owner: Owner) -> None:
        """Show `request`; `owner` sends it."""
        super().__init__(parent, orient="horizontal", share=0.45)
        self._request, self._owner = request, owner
        self._reply: HttpReply | None = None
        self.both(self._make_request(theme), self._make_reply(theme))
        self.bind(LANGUAGE_CHANGED, lambda _event: self._show_status())
        self._fill()

    # -- the request -----------------------------------------------------------------------------

    def _make_request(self, theme: Theme) -> ttk.Frame:
        frame = ttk.Frame(self, padding=(0, 0, theme.px(4), 0))
        bar = _bar(frame, theme, N_("Request"))
        self.send_button = ttk.Button(bar, command=self._owner.send_request)
        set_text(self.send_button, N_("Send request"))
        tip(
            self.send_button,
            N_("Connects first if necessary, then sends these bytes (Ctrl+Enter)."),
        )
        self.eol = Choice(bar, EOLS)
        tip(self.eol, N_("What ends each line. HTTP asks for CRLF (RFC 9112 §2.2)."))
        self.eol.bind("<<ComboboxSelected>>", lambda _event: self._keep(), add=True)
        self.mode = Segments(bar, MODES, self._change_mode)
        bar.spread()
        bar.add(self.mode, self.eol, optional=True)
        bar.add(self.send_button)
        editing = ttk.Frame(frame, style="Field.TFrame", padding=theme.px(3))
        editing.pack(fill="both", expand=True)
        self.editor = tk.Text(
            editing, height=6, wrap="none", undo=True, padx=theme.px(6), pady=theme.px(4)
        )
        self.editor.pack(fill="both", expand=True)
        self.editor.bind("<Control-Return>", self._on_control_return)
        self.editor.bind("<Tab>", _leave)
        self.editor.bind("<FocusOut>", lambda _event: self._keep())
        return frame

    def _on_control_return(self, _event: tk.Event[tk.Misc]) -> str:
        self._owner.send_request()
        return "break"

    def data(self) -> bytes:
        """Return the bytes of the request. ValueError with a sentence when they are not bytes."""
        self._keep()
        return self._request.data()

    def offer(self, address: str) -> None:
        """The address has changed: change a request that nobody has edited."""
        self._keep()
        if self._request.offer(address):
            self._fill()

    def _keep(self) -> None:
        """Take over what is typed."""
        self._request.type(self.editor.get("1.0", "end-1c"), self.eol.key)

    def _change_mode(self, mode: Mode) -> None:
        self._keep()
        wrong = self._request.switch(mode)
        if wrong:
            self._owner.complain(wrong)
        self._fill()

    def _fill(self) -> None:
        self.editor.replace("1.0", "end-1c", self._request.text)
        self.mode.key, self.eol.key = self._request.mode, self._request.eol

    # -- the reply -------------------------------------------------------------------------------

    def _make_reply(self, theme: Theme) -> ttk.Frame:
        frame = ttk.Frame(self, padding=(theme.px(4), 0, 0, 0))
        bar = _bar(frame, theme, N_("Response"))
        self.part = Segments(bar, PARTS, lambda _key: self._show_part())
        self._status = ttk.Label(bar, style="Bold.TLabel", anchor="w")
        bar.add(self._status, self.part, elastic=self._status)
        body = ttk.Frame(frame, style="Field.TFrame", padding=theme.px(3))
        body.pack(fill="both", expand=True)
        self.shown = tk.Text(body, height=6, wrap="word", padx=theme.px(6), pady=theme.px(4))
        read_only(self.shown)
        bar_down = ttk.Scrollbar(body, command=self.shown.yview, takefocus=False)
        self.shown.configure(yscrollcommand=bar_down.set)
        bar_down.pack(side="right", fill="y")
        self.shown.pack(fill="both", expand=True)
        return frame

    def show(self, reply: HttpReply | None) -> None:
        """Show a reply, or that there is none yet."""
        if reply is not self._reply:
            self._reply = reply
            self._show_status()
            self._show_part()

    def _show_status(self) -> None:
        self._status.configure(text=_status_words(self._reply))

    def _show_part(self) -> None:
        text = ""
        if self._reply is not None and not self._reply.error:
            text = reply_head(self._reply) if self.part.key == "head" else reply_body(self._reply)
        self.shown.replace("1.0", "end", text)


def _status_words(reply: HttpReply | None) -> str:
    if reply is None:
        return ""
    if reply.error:
        return "✗ " + translate(N_("not HTTP; the bytes are in the traffic below"))
    size = ngettext("{size} byte", "{size} bytes", reply.body_size).format(
        size=f"{reply.body_size:,}"
    )
    mark = "✓" if reply.complete and reply.status < 400 else "!"
    short = "" if reply.complete else " · " + translate(N_("incomplete"))
    return f"{mark} {reply.status} · {size}{short}"


def _bar(parent: ttk.Frame, theme: Theme, title: Message) -> Flow:
    bar = Flow(parent, theme, gap=6)
    bar.pack(side="top", fill="x", pady=(0, theme.px(4)))
    label = ttk.Label(bar, style="Bold.TLabel")
    set_text(label, title)
    bar.add(label, optional=True)
    return bar


def _leave(event: tk.Event[tk.Misc]) -> str:
    """Tab leaves the editor: everything can be reached by the keyboard."""
    following = event.widget.tk_focusNext()
    if following is not None:
        following.focus_set()
    return "break"
