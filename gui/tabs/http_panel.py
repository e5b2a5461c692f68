"""An HTTP request by hand: the request as text or bytes on the left, the reply on the right."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Protocol

from gui.models.connect import reply_body, reply_head, status_line
from gui.models.request import PRESETS, RequestText
from gui.models.typed import Eol, Mode
from gui.theme.theme import Theme
from gui.translated import LANGUAGE_CHANGED, Message, set_text, translate
from gui.widgets.choice import Choice, Segments
from gui.widgets.editing import replace
from gui.widgets.field import Field
from gui.widgets.flow import Flow
from gui.widgets.line_ends import LineEnds
from gui.widgets.menus import Menu
from gui.widgets.readonly import read_only
from gui.widgets.split import Split
from gui.widgets.tooltip import tip
from netlib import N_, HttpReply, ngettext
from netlib.teaching.narrate import describe

EOLS: dict[Eol, Message] = {"crlf": "CRLF", "lf": "LF"}
MODES: dict[Mode, Message] = {"text": N_("Text"), "hex": N_("Hex")}
MARKS: dict[Eol, str] = {"crlf": r"\r\n", "lf": r"\n", "none": ""}
"""How a line end is shown: the pictures of control characters are missing in some fonts."""
WAITING = N_("Waiting for the response… {seconds} s")
UNFINISHED = N_("No blank line yet: the request has not ended. {seconds} s")
_NO_HTTP = N_("not HTTP; the bytes are in the traffic below")
PARTS = {"body": N_("Body"), "head": N_("Headers")}


class Owner(Protocol):
    """Whoever the panel belongs to."""

    @property
    def address(self) -> Field:
        """Where to."""

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
        self._hint_shown = ""
        self.both(self._make_request(theme), self._make_reply(theme))
        self.bind(LANGUAGE_CHANGED, lambda _event: self._show_status())
        self._fill()
        self.editor.edit_reset()

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
        self.presets = _presets(bar, self._use)
        bar.spread()
        bar.add(self.presets, self.eol, self.mode, optional=True)
        bar.add(self.send_button)
        editing = ttk.Frame(frame, style="Field.TFrame", padding=theme.px(3))
        editing.pack(fill="both", expand=True)
        self.editor = tk.Text(
            editing, height=6, wrap="none", undo=True, padx=theme.px(6), pady=theme.px(4)
        )
        self.editor.pack(fill="both", expand=True)
        self.line_ends = LineEnds(self.editor, theme, self._mark)
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

    def _use(self, preset: str) -> None:
        self._request.use(preset, self._owner.address.text)
        self._fill()

    def _mark(self) -> str:
        """Return how a line end of the editor is marked: as what is sent."""
        return "" if self._request.mode == "hex" else MARKS[self.eol.key]

    def _keep(self) -> None:
        """Take over what is typed."""
        self._request.type(self.editor.get("1.0", "end-1c"), self.eol.key)
        self.line_ends.show()

    def _change_mode(self, mode: Mode) -> None:
        self._keep()
        wrong = self._request.switch(mode)
        if wrong:
            self._owner.complain(wrong)
        self._fill()

    def _fill(self) -> None:
        if self.editor.get("1.0", "end-1c") != self._request.text:
            replace(self.editor, "1.0", "end-1c", self._request.text)
        self.mode.key, self.eol.key = self._request.mode, self._request.eol
        self.line_ends.show()

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
        self._hint = ttk.Label(self.shown, style="Empty.TLabel", justify="center")
        return frame

    def show(self, reply: HttpReply | None, waiting: float | None, ended: bool) -> None:
        """Show a reply; or that there is none yet, how long it has been waited for, and why."""
        self._show_hint("" if reply is not None else _hint_words(waiting, ended))
        if reply is not self._reply:
            self._reply = reply
            self._show_status()
            self._show_part()

    def _show_status(self) -> None:
        self._status.configure(text=_status_words(self._reply))

    def _show_hint(self, words: str) -> None:
        if words != self._hint_shown:
            self._hint_shown = words
            self._hint.configure(text=words)
            if words:
                self._hint.place(relx=0.5, rely=0.4, anchor="center")
            else:
                self._hint.place_forget()

    def _show_part(self) -> None:
        text = ""
        if self._reply is not None and self._reply.status:
            text = reply_head(self._reply) if self.part.key == "head" else reply_body(self._reply)
        self.shown.replace("1.0", "end", text)


def _presets(parent: tk.Misc, use: Callable[[str], None]) -> ttk.Menubutton:
    button = ttk.Menubutton(parent)
    set_text(button, N_("Presets"))
    tip(button, N_("Fill the editor with a request for this address; Ctrl+Z undoes it."))
    menu = Menu(button)
    menu.fill(*((one.words, partial(use, key)) for key, one in PRESETS.items()))
    button.configure(menu=menu)
    return button


def _hint_words(waiting: float | None, ended: bool) -> str:
    """Return what stands where the response will be; `waiting` in seconds, for a request."""
    if waiting is None:
        return translate(N_('No response yet: press "Send request".'))
    return translate(WAITING if ended else UNFINISHED, seconds=f"{waiting:.1f}")


def _status_words(reply: HttpReply | None) -> str:
    if reply is None:
        return ""
    if not reply.status:
        return "✗ " + (translate(_NO_HTTP) if reply.error else describe(reply))
    size = ngettext("{size} byte", "{size} bytes", reply.body_size).format(
        size=f"{reply.body_size:,}"
    )
    mark = "✓" if reply.complete and reply.status < 400 else "!"
    lacks = N_("damaged") if reply.error else N_("incomplete")  # why: the banner has room for it
    short = "" if reply.complete else " · " + translate(lacks)
    return f"{mark} {status_line(reply)} · {size}{short}"


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
