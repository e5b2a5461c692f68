"""One chat client: who, the conversation, and an input line."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from gui.context import Context
from gui.models import checks
from gui.models.chat import ChatClient, ChatForm, ChatState
from gui.models.offers import Fitting
from gui.models.typed import NOT_YET, PRESS_FIRST
from gui.tabs.page import NoticeBanner, RunningHere, connecting
from gui.translated import LANGUAGE_CHANGED, set_text, translate
from gui.views import offered
from gui.views.pane import TrafficPane
from gui.views.row_list import Actions, Traffic
from gui.widgets.address import AddressField
from gui.widgets.choice import Segments
from gui.widgets.field import Field
from gui.widgets.fit import fixed_request
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.focus import focused
from gui.widgets.history import History
from gui.widgets.lamp import Lamp
from gui.widgets.tooltip import enable, tip, words_of
from netlib import ENCODINGS, N_, Transport

USUAL = "localhost:8080"
PADDING, GAP = 8, 6
"""Logical pixels between the frame and what it holds, and around the conversation."""
ADDRESS, LONGEST = 15, 22
"""Characters of an address that are always in sight, and at most: an IPv4 one with its port."""
ROWS = 3
"""Lines of the conversation without which a pane is too low."""
FITTING = Fitting(Transport.TCP, (("chat",), ("acknowledge",)))
VIEWS = {"chat": N_("Chat"), "traffic": N_("Traffic")}
_EMPTY = N_("No messages yet. Press Connect,\ntype a line below and press Enter.")


class ChatPane(ttk.Frame):
    """A chat client in a frame of its own."""

    def __init__(
        self, parent: tk.Misc, context: Context, on_remove: Callable[[ChatPane], None]
    ) -> None:
        """Show an idle client."""
        theme = context.theme
        super().__init__(parent, padding=theme.px(PADDING))
        fixed_request(self)
        self.context, self.theme = context, theme
        self.model = ChatClient(context.backend)
        self._changes = -1
        self.is_compact = self.is_whole = False
        """Only the address and the line to type in stand beside the rows; not even these."""
        self._trying = False
        """Whether it is not known yet what came of the last attempt to connect."""
        self._make_who(on_remove)
        self._make_state_bar()
        cures = connecting(context, lambda: "chat/tcp", self.connect_if_idle)
        self.banner = NoticeBanner(self, theme, lambda cure: cures[cure.intent](cure))
        self._make_input()
        self._make_views()
        self.bind(LANGUAGE_CHANGED, lambda _event: self._show_state())

    # -- building --------------------------------------------------------------------------------

    def _make_who(self, on_remove: Callable[[ChatPane], None]) -> None:
        theme = self.theme
        top = self.top = ttk.Frame(self)
        top.pack(side="top", fill="x", pady=(0, theme.px(GAP)))
        self.remove = ttk.Button(top, style="Tool.TButton", text="✕", width=-2)
        self.remove.configure(command=lambda: on_remove(self))
        tip(self.remove, N_("Close this chat client."))
        self.remove.pack(side="right", anchor="n")
        flow = self.head = Flow(top, theme, gap=8)
        flow.pack(side="left", fill="x", expand=True)
        self.address = AddressField(flow, theme, N_("Server"), checks.address, width=ADDRESS)
        self._running = RunningHere(self.context.backend, self.address, lambda: FITTING, USUAL)
        self.nickname = Field(flow, theme, N_("Name"), width=8)
        tip(
            self.nickname.entry,
            N_(
                "Sent to the chat room as /name; leave empty for other servers. "
                "While connected, Enter sends another one."
            ),
        )
        self.address.entry.bind("<Return>", lambda _event: self.connect_if_idle())
        self.nickname.entry.bind("<Return>", lambda _event: _tell_name(self))
        self.main = FlipButton(flow, self.main_action)
        flow.add(self.address, self.nickname, self.main, elastic=self.address)
        self.remove.lift()  # the Tab key comes to it after the fields

    def _make_state_bar(self) -> None:
        bar = self.bar = Flow(self, self.theme, gap=8)
        bar.pack(side="top", fill="x", pady=(0, self.theme.px(GAP)))
        self.view = Segments(bar, VIEWS, lambda _key: self._show_view())
        self.encoding = ttk.Combobox(bar, values=list(ENCODINGS), width=8, font="TkTextFont")
        self.encoding.set(ENCODINGS[0])
        tip(self.encoding, N_("Text encoding."))
        for event in ("<<ComboboxSelected>>", "<Return>", "<FocusOut>"):
            self.encoding.bind(event, lambda _event: self._encoding_chosen(), add=True)
        self.state_shown = Lamp(bar)
        self._peer = ttk.Label(bar, style="Muted.TLabel")
        bar.add(self.state_shown)
        bar.add(self._peer, optional=True)
        bar.spread()
        bar.add(self.view, self.encoding)
        bar.fold(1, self.view, self.encoding)

    def _make_input(self) -> None:
        gap = self.theme.px(GAP)
        bar = self.foot = ttk.Frame(self)
        bar.pack(side="bottom", fill="x", pady=(gap, 0))
        self.send_button = ttk.Button(bar, style="Tonal.TButton", command=self.submit)
        set_text(self.send_button, N_("Send"))
        self.send_button.pack(side="right", padx=(gap, 0))
        self.line = ttk.Entry(bar, font="TkTextFont")
        self.line.pack(side="left", fill="x", expand=True)
        self._history = History()
        self.line.bind("<Return>", lambda _event: self.submit())
        self.line.bind("<KP_Enter>", lambda _event: self.submit())
        self.line.bind("<Up>", lambda _event: _recall(self.line, self._history.older))
        self.line.bind("<Down>", lambda _event: _recall(self.line, self._history.newer))

    def _make_views(self) -> None:
        theme, model = self.theme, self.model
        self.place_of_rows = ttk.Frame(self)
        self.place_of_rows.pack(fill="both", expand=True)
        tell = self.context.tell
        self.conversation = Traffic(
            self.place_of_rows,
            theme,
            model.conversation,
            Actions(
                data=model.conversation.data,
                clear=model.conversation.clear,
                restore=model.conversation.restore,
                tell=tell,
            ),
            _EMPTY,
        )
        self.conversation.wrap(True, by_words=True)
        self.traffic = TrafficPane(
            self.place_of_rows,
            self.context,
            model.rows,
            N_("Traffic"),
            _EMPTY,
            others=offered.kernel(self.context, model),
        )
        self.traffic.whole.give(partial(_give_room, self))
        self.foot.lift()  # the Tab key goes from the head to the conversation, then to the line
        self._show_view()

    # -- what the user does ----------------------------------------------------------------------

    def main_action(self) -> None:
        """Connect, give up, or disconnect."""
        if self.model.state is ChatState.IDLE:
            self.connect_if_idle()
        else:
            self.model.disconnect()

    def connect_if_idle(self) -> None:
        """Connect as typed, or say what is wrong with it."""
        if self.model.state is not ChatState.IDLE:
            return
        self.banner.clear()
        if not self.address.accept():
            return
        wrong = checks.encoding(self.encoding.get())
        if wrong:
            self.banner.complain(wrong)
            return
        self.model.connect(
            ChatForm(self.address.text, self.nickname.text.strip(), self.encoding.get())
        )
        self._trying = True
        self.line.focus_set()

    def submit(self) -> None:
        """Send the line; one that cannot be sent stays typed, and it is said why."""
        self.banner.clear()
        text = self.line.get()
        disabled = self.send_button.instate(["disabled"])
        wrong = words_of(self.send_button) if disabled else self.model.send(text)
        if wrong:
            self.banner.complain(wrong)
        else:
            self._history.add(text)
            self.line.delete(0, "end")

    def _encoding_chosen(self) -> None:
        wrong = checks.encoding(self.encoding.get())
        if wrong:
            self.banner.complain(wrong)
        else:
            self.model.set_encoding(self.encoding.get())

    # -- what is shown ---------------------------------------------------------------------------

    def _show_view(self) -> None:
        chat = self.view.key == "chat"
        views: list[ttk.Frame] = [self.conversation, self.traffic]
        shown = views.pop(0 if chat else 1)
        views[0].pack_forget()
        shown.pack(fill="both", expand=True)

    def tick(self) -> None:
        """Show what has changed."""
        self._running.tick()
        _show_whole(self.address)
        if self.model.changes != self._changes:
            self._changes = self.model.changes
            self._show_state()
            self._go_to_address_after_a_failure()
            self.banner.follow(self.model.notice)
        self.model.conversation.refresh()
        if self.view.key == "chat":
            self.conversation.refresh()
        else:
            self.traffic.refresh()

    def _go_to_address_after_a_failure(self) -> None:
        """Nothing can be said now: the address is what may be wrong."""
        if self.model.state is ChatState.CONNECTING or not self._trying:
            return
        self._trying = False
        if self.model.state is ChatState.IDLE and focused(self) == str(self.line):
            self.address.entry.focus_set()
            self.address.entry.selection_range(0, "end")

    def _show_state(self) -> None:
        state = self.model.state
        again = N_("Reconnect") if self.model.was_connected else N_("Connect")
        words = {
            ChatState.IDLE: again,
            ChatState.CONNECTING: N_("Cancel"),
            ChatState.CONNECTED: N_("Disconnect"),
        }
        self.main.say(words[state])
        connected = state is ChatState.CONNECTED
        enable(self.send_button, connected, lambda: _why_not(state, words[state]))
        self.state_shown.show(connected, translate(state.value))
        self._peer.configure(text=str(self.model.peer) if connected else "")

    # -- settings --------------------------------------------------------------------------------

    def typed(self) -> str:
        """Return what the head holds, as one text."""
        return "\t".join((self.address.typed, self.nickname.text, self.encoding.get()))

    def restore(self, typed: str) -> None:
        """Fill the head with what `typed` gave."""
        parts = [*str(typed).split("\t"), "", "", ""]
        self.address.text, self.nickname.text = parts[0], parts[1]
        if parts[2]:
            self.encoding.set(parts[2])


def _tell_name(pane: ChatPane) -> None:
    """Connect under the name that is typed; or tell it to the room where one is connected."""
    name = pane.nickname.text.strip()
    if pane.model.state is ChatState.IDLE:
        pane.connect_if_idle()
    elif name:
        pane.banner.clear()
        pane.model.rename(name)


def _why_not(state: ChatState, button: str) -> str:
    """Say why nothing can be sent, and which button changes that."""
    if state is ChatState.IDLE:
        return translate(PRESS_FIRST, button=translate(button))
    return translate(NOT_YET, state=translate(state.value))


def _recall(line: ttk.Entry, move: Callable[[str], str]) -> str:
    text = move(line.get())
    line.delete(0, "end")
    line.insert(0, text)
    return "break"


def fits(pane: ChatPane, width: int, height: int) -> bool:
    """Whether all that is needed can be seen in so many pixels, and some rows."""
    px = pane.theme.px
    width, height = width - px(2 * PADDING), height - px(2 * PADDING)
    beside = width - pane.remove.winfo_reqwidth()
    needed = pane.head.height(beside, pane.address, pane.nickname, pane.main)
    needed += pane.view.winfo_reqheight() + pane.foot.winfo_reqheight() + 3 * px(GAP)
    needed += pane.conversation.height(ROWS) + 2 * px(3)
    return pane.address.winfo_reqwidth() <= beside and needed <= height


def show_compact(pane: ChatPane, on: bool) -> None:
    """Fold away all but the address, Connect and the message line, or show it again."""
    if on != pane.is_compact:
        pane.is_compact = on
        pane.head.show(pane.nickname, not on)
        _show_parts(pane)


def _give_room(pane: ChatPane, whole: bool) -> None:
    """Give the room of a client to its traffic, or show the rest of it, too."""
    pane.is_whole = whole
    pane.configure(padding=0 if whole else pane.theme.px(PADDING))
    _show_parts(pane)


def _show_parts(pane: ChatPane) -> None:
    """Show what there is room for, from above to below."""
    gap = pane.theme.px(GAP)
    shown = {
        pane.bar: not (pane.is_whole or pane.is_compact),
        pane.top: not pane.is_whole,
        pane.foot: not pane.is_whole,
    }
    for part, on in shown.items():
        part.pack_forget()
        if on and part is pane.foot:
            part.pack(side="bottom", fill="x", pady=(gap, 0), before=pane.place_of_rows)
        elif on:
            part.pack(side="top", fill="x", pady=(0, gap), before=pane.pack_slaves()[0])


def _show_whole(address: AddressField) -> None:
    """Let the entry be as wide as its address: the port, at its end, is never cut off."""
    width = min(max(len(address.text), ADDRESS), LONGEST)
    if width != address.entry.cget("width"):
        address.entry.configure(width=width)
