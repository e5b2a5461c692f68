"""The Connect tab: TCP, HTTP by hand, or UDP."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from tkinter import ttk

from gui.context import Context
from gui.models import checks
from gui.models.connect import (
    OPEN,
    UNDER_WAY,
    ConnectForm,
    ConnectModel,
    ConnectState,
    is_https,
    tls_words,
)
from gui.models.offers import Fitting
from gui.models.repeat import differs, same_target
from gui.models.request import RequestText
from gui.models.saved_messages import check_target
from gui.models.traffic import short_time
from gui.models.typed import NOT_YET, PRESS_FIRST
from gui.tabs.http_panel import HttpPanel
from gui.tabs.page import Page, RunningHere, connecting
from gui.tabs.saved import Saved
from gui.translated import LANGUAGE_CHANGED, set_text, translate
from gui.views import offered
from gui.views.pane import TrafficPane
from gui.widgets.address import WRITTEN, AddressField
from gui.widgets.choice import Choice, Segments
from gui.widgets.composer import Composer
from gui.widgets.field import Limits, NumberField
from gui.widgets.flip import FlipButton
from gui.widgets.flow import Flow
from gui.widgets.focus import focused
from gui.widgets.lamp import Lamp
from gui.widgets.split import Split
from gui.widgets.tooltip import enable, tip
from netlib import ENCODINGS, N_, Family, Transport

KINDS = {"tcp": "TCP", "http": "HTTP", "udp": "UDP"}
USUAL = "localhost:8080"
_REACHES = {"tcp": "acknowledge/tcp", "http": "web/tcp", "udp": "acknowledge/udp"}
"""The service that is started when nobody listens."""
_FITTING = {
    "tcp": Fitting(Transport.TCP),
    "http": Fitting(Transport.TCP, (("web",),)),
    "udp": Fitting(Transport.UDP),
}
FAMILIES = {"any": N_("automatic"), "ipv4": "IPv4", "ipv6": "IPv6"}
_FAMILY = {"any": Family.ANY, "ipv4": Family.IPV4, "ipv6": Family.IPV6}
_FINISH_TIP = N_("Send FIN: this end sends nothing more, but still receives.")
_ABORT_TIP = N_("Send RST: the connection ends at once, unsent data is lost.")
_VERIFY_TIP = N_(
    "Check that an authority trusted by this system signed the server's "
    "certificate. Without that the data is encrypted, but the peer may be an "
    "attacker. Switched on again after each connection."
)
_NOT_OPEN = N_("Connect first.")
_KIND_OPEN = N_("What is open now is {kind}: disconnect first.")
_PEER_SET = N_("peer set (UDP has no handshake)")
_ONLY_TCP = N_("Half-close and reset exist only in TCP.")
_EMPTY = N_("Nothing yet. Start a server in the Server tab,\nthen press Connect and send a line.")


class ConnectTab(Page):
    """One connection at a time, everything about it in sight."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show the pre-filled defaults, or what was typed last time."""
        super().__init__(parent, context)
        self.model = ConnectModel(context.backend)
        self._changes = -1
        settings = context.settings
        address = settings.get("connect.address", USUAL)
        self.complain = self.banner.complain
        self._was_open = False
        self._called, self._first_line = False, ""
        """Whether another tab wants a connection, and what is to be sent first."""
        self.request = RequestText(address)
        self._make_who(address)
        self._make_body()
        self.composer = Composer(self.composer_area, self.theme, self.model.send, ENCODINGS)
        self.composer.pack(fill="x")
        self.cures = connecting(
            context,
            lambda: _REACHES[self.kind.key],
            lambda: self.model.state is ConnectState.IDLE and self.main.invoke(),
        )
        self.saved = Saved(
            self, self.composer, lambda target: _reach(self, target), lambda: _target(self)
        )
        self.kind.key = settings.one_of("connect.kind", KINDS, "tcp")
        self.change_kind()
        self.bind(LANGUAGE_CHANGED, lambda _event: self._show_state())

    # -- building --------------------------------------------------------------------------------

    def _make_who(self, address: str) -> None:
        theme, settings = self.theme, self.context.settings
        self._head = flow = Flow(self.who, theme)
        flow.pack(fill="x")
        self.kind = Segments(flow, KINDS, lambda _key: self.change_kind())
        self.address = AddressField(flow, theme, N_("Address"), checks.address_or_url, width=24)
        self.address.text = address
        self.address.history = settings.texts("connect.history", [USUAL])
        self._running = RunningHere(
            self.context.backend, self.address, lambda: _FITTING[self.kind.key], USUAL
        )
        for event in ("<FocusOut>", "<<ComboboxSelected>>", WRITTEN):
            self.address.entry.bind(event, lambda _event: self.offer_request(), add=True)
        self.address.entry.bind("<KeyRelease>", lambda _event: self._offer_to_verify(), add=True)
        self.main = FlipButton(flow, self.connect_or_disconnect, width=11)
        self.finish = _button(flow, N_("Half-close"), self.model.finish, _FINISH_TIP)
        self.abort = _button(flow, N_("Reset (RST)"), self.model.abort, _ABORT_TIP)
        self.timeout = NumberField(
            flow, theme, N_("Timeout"), Limits(0.1, 600, whole=False), width=5, unit=N_("s")
        )
        self.timeout.text = settings.get("connect.timeout", "5")
        for field in (self.address, self.timeout):
            field.entry.bind("<Return>", lambda _event: self.main_action())
        self.family = Choice(flow, FAMILIES)
        self.family.key = settings.one_of("connect.family", FAMILIES, "any")
        tip(self.family, N_("IP version: automatic, IPv4 or IPv6."))
        flow.add(
            self.kind, self.address, self.main, self.finish, self.abort, self.timeout, self.family
        )
        flow.fold(2, self.finish, self.abort, self.timeout, self.family)
        self._verify = tk.BooleanVar(self, True)
        self.verify = ttk.Checkbutton(flow, variable=self._verify, command=self._change_verify)
        set_text(self.verify, N_("Verify the certificate"))
        tip(self.verify, _VERIFY_TIP)
        flow.add(self.verify)
        flow.show(self.verify, False)
        self.state_shown = Lamp(self.who)
        self.state_shown.pack(fill="x", pady=(theme.px(6), 0))

    def _make_body(self) -> None:
        self.panes = Split(self.body, orient="vertical", share=0.55)
        self.keep(self.panes, "connect.reply_share")
        self.panes.pack(fill="both", expand=True)
        self.http = HttpPanel(self.panes, self.theme, self.request, self)
        self.keep(self.http, "connect.request_share")
        self.traffic = TrafficPane(
            self.panes,
            self.context,
            self.model.rows,
            N_("Traffic"),
            _EMPTY,
            others=offered.kernel(self.context, self.model),
        )
        self.whole = False
        """Whether the traffic has the page to itself."""
        self.traffic.whole.give(partial(_give_page, self))

    # -- what the user does ----------------------------------------------------------------------

    def connect_or_disconnect(self) -> None:
        """Connect, give up, or disconnect."""
        self.banner.clear()
        if self.model.state is not ConnectState.IDLE:
            self.model.disconnect()
        elif (form := self._form()) is not None:
            self.model.connect(form)

    def cancel(self) -> None:
        """Give up an attempt under way; else close the banner."""
        if self.model.state in UNDER_WAY:
            self.model.disconnect()
        else:
            super().cancel()

    def _form(self) -> ConnectForm | None:
        """Return what is typed, or None after saying what is wrong with it."""
        if not (self.address.accept() and self.timeout.accept()):
            return None
        transport = Transport.UDP if self.kind.key == "udp" else Transport.TCP
        return ConnectForm(
            self.address.text,
            transport,
            _FAMILY[self.family.key],
            self.timeout.number,
            tls=self.kind.key == "http" and is_https(self.address.text),
        )

    def _change_verify(self) -> None:
        self.model.verify = self._verify.get()

    def _offer_to_verify(self) -> None:
        """Show the choice where there will be a certificate; half an address changes nothing."""
        with suppress(ValueError):
            asked = self.kind.key == "http" and is_https(self.address.text)
            self._head.show(self.verify, asked)

    def send_request(self) -> None:
        """Send the request as it stands, or say why that cannot be."""
        self.banner.clear()
        try:
            data = self.http.data()
        except ValueError as wrong:
            self.banner.complain(str(wrong))
            return
        if (form := self._form()) and (refusal := self.model.request(form, data)):
            self.banner.complain(refusal)

    def call(self, address: str, line: str) -> None:
        """Connect over TCP for another tab; send a line, if there is one, when that stands."""
        if self.model.state is not ConnectState.IDLE:
            self.model.stop()
        self.kind.choose("tcp")
        self.address.text, self._first_line = address, line
        self._called = True

    def offer_request(self) -> None:
        """Write the address into a request that nobody has edited."""
        self._offer_to_verify()
        self.http.offer(self.address.text)

    def change_kind(self) -> None:
        """Show the request editor for HTTP only, and what https asks."""
        self._offer_to_verify()
        _give_page(self, self.whole)
        self._show_state()

    # -- what is shown ---------------------------------------------------------------------------

    def tick(self) -> None:
        """Show what has changed."""
        self._running.tick()
        if self.model.changes != self._changes:
            self._changes = self.model.changes
            self._show_state()
            self.banner.follow(self.model.notice)
        self.http.show(self.model.reply, self.model.waiting, self.model.request_ended)
        self.traffic.refresh()
        if self._called and self.model.state is ConnectState.IDLE:
            self._called = False
            self.connect_or_disconnect()
        elif self._first_line and self.model.state is ConnectState.CONNECTED:
            self.composer.text, self._first_line = self._first_line, ""
            self.composer.submit()

    def _show_state(self) -> None:
        model = self.model
        if model.state in OPEN:
            self.address.remember(model.address)
        is_open, tcp = model.state in OPEN, model.transport is Transport.TCP
        label = N_("Connect") if model.state is ConnectState.IDLE else N_("Disconnect")
        self.main.say(N_("Cancel") if model.state in UNDER_WAY else label)
        why = _ONLY_TCP if is_open else _NOT_OPEN
        enable(self.finish, is_open and tcp and model.state is not ConnectState.FINISHED, why)
        enable(self.abort, is_open and tcp, why)
        self.composer.enable(is_open, lambda: _why_not(model))
        for key in KINDS:
            fits = model.state is ConnectState.IDLE or (key == "udp") is not tcp
            self.kind.enable(key, fits, lambda: _kind_words(tcp))
        buttons = self.main, self.http.send_button, self.composer.send_button
        self.emphasise(_following(self.kind.key, model.state, *buttons), *buttons)
        self._verify.set(model.verify)
        idle = model.state is ConnectState.IDLE
        enable(self.verify, idle, N_("For the next connection: disconnect first."))
        self.state_shown.show(is_open, _facts(model))
        head = {str(self.main), str(self.address.entry)}
        if is_open and not self._was_open and focused(self) in head:
            self.composer.entry.focus_set()  # what is typed next is meant to be sent
        self._was_open = is_open

    def remember(self) -> None:
        """Put what was typed into the settings."""
        settings = self.context.settings
        settings.set("connect.address", self.address.typed)
        settings.set("connect.history", list(self.address.history))
        settings.set("connect.timeout", self.timeout.text)
        settings.set("connect.kind", self.kind.key)
        settings.set("connect.family", self.family.key)


def _give_page(tab: ConnectTab, whole: bool) -> None:
    """Give the page to the traffic, or show the rest of it, too."""
    tab.whole = whole
    tab.says = tab.kind.key != "http"  # there the editor is what one says
    if tab.says or whole:
        tab.panes.only(tab.traffic)
    else:
        tab.panes.both(tab.http, tab.traffic)
    tab.show_parts(whole=whole)


def _target(tab: ConnectTab) -> str:
    """Return where a message that is typed here goes."""
    return f"{'udp' if tab.kind.key == 'udp' else 'tcp'} {tab.address.text}"


def _reach(tab: ConnectTab, target: str) -> str | None:
    """Connect where a saved message goes; or say that something else is connected."""
    transport, address = check_target(target)
    if tab.model.state is not ConnectState.IDLE:
        now = f"{tab.model.transport.value} {tab.model.address}"
        return None if same_target(target, now) else differs(target, now)
    tab.kind.key, tab.address.text = transport, address
    tab.change_kind()
    tab.connect_or_disconnect()
    return None


def _following(
    kind: str, state: ConnectState, connect: ttk.Button, request: ttk.Button, send: ttk.Button
) -> ttk.Button | None:
    """Return the button that is the next thing to do."""
    if kind == "http":
        return request
    return connect if state is ConnectState.IDLE else send if state in OPEN else None


def _facts(model: ConnectModel) -> str:
    """Return the state in words, with what is known of the connection."""
    udp = model.transport is Transport.UDP
    ready = udp and model.state is ConnectState.CONNECTED
    words = [translate(_PEER_SET if ready else model.state.value)]
    if model.secured is not None and model.state in OPEN:
        words.append(tls_words(model.secured))
    if (facts := model.connected) is not None and model.state in OPEN:
        words.append(f"{facts.local} ↔ {facts.peer}")
        took = [(N_("name lookup"), facts.resolve_seconds), (N_("connect"), facts.connect_seconds)]
        for what, seconds in took[:1] if udp else took:
            words.append(f"{translate(what)} {short_time(seconds).removeprefix('+')}")
    return "   ".join(words)


def _why_not(model: ConnectModel) -> str:
    """Say why nothing can be sent, and which button changes that."""
    if model.state in UNDER_WAY:
        return translate(NOT_YET, state=translate(model.state.value))
    return translate(PRESS_FIRST, button=translate(N_("Connect")))


def _kind_words(tcp: bool) -> str:
    return translate(_KIND_OPEN, kind="TCP" if tcp else "UDP")


def _button(parent: tk.Misc, words: str, does: Callable[[], None], hint: str) -> ttk.Button:
    button = ttk.Button(parent, command=does)
    set_text(button, words)
    tip(button, hint)
    return button
