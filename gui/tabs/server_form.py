"""What server to start: service, interface, port, patience and, under "more", further limits."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk

from gui.context import Context
from gui.models import checks
from gui.settings import Settings
from gui.tabs.service_settings import ServiceSettings
from gui.translated import LANGUAGE_CHANGED, Message, set_text, translate
from gui.widgets.choice import Choice
from gui.widgets.field import Field, Limits, NumberField
from gui.widgets.flow import Flow
from gui.widgets.tooltip import tip
from netlib import N_, SERVICES, ServerConfig, ServiceInfo, Transport, _, interfaces, parse_port

_LOCAL, _EVERYWHERE = "localhost", "*"
LIMITS: tuple[tuple[str, str, Limits, str, str], ...] = (
    ("read", N_("Read timeout"), Limits(0, 86_400, whole=False), "30", N_("s")),
    ("write", N_("Write timeout"), Limits(0, 86_400, whole=False), "10", N_("s")),
    ("clients", N_("Max. clients"), Limits(1, 100_000), "10000", ""),
    ("rate", N_("Max. accepts per second"), Limits(0, 100_000), "0", ""),
    ("line", N_("Max. line length"), Limits(1, 64 << 20), "1048576", N_("bytes")),
    ("buffer", N_("Receive buffer"), Limits(0, (1 << 31) - 1), "0", N_("bytes")),
)
"""Key, words, limits, usual value and unit of what stands under "more"."""
READ_TIMEOUTS: dict[str, Message] = {
    "0": N_("read timeout off"),
    "30": N_("read timeout 30 s"),
    "600": N_("read timeout 10 min"),
}
"""What is offered beside Start; any other value is typed under "more"."""
_OTHER = "other"
INTERFACE_CHARACTERS = 24


class ServerForm(ttk.Frame):
    """The head of the Server tab; its owner adds the buttons to `head`."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        """Show what was typed last time, or what is usual."""
        super().__init__(parent)
        self._theme = context.theme
        self.head = Flow(self, context.theme)
        self.head.pack(fill="x")
        self._make_head(context.settings)
        self._make_more(context.settings)
        self.bind(LANGUAGE_CHANGED, lambda _event: self._offer_interfaces())

    def add_buttons(self, *buttons: ttk.Button) -> None:
        """Put buttons behind the fields, and "more" behind the buttons."""
        self._more_shown = tk.BooleanVar(self, False)
        self.more = ttk.Checkbutton(self.head, variable=self._more_shown, command=self._show_more)
        set_text(self.more, N_("Timeouts and limits"))
        self.head.add(self.service, self.interface, self.port, self.patience, *buttons, self.more)

    def server_config(self) -> ServerConfig | None:
        """Return the server that is wished for, or None after saying what is wrong."""
        if not self._accept():
            return None
        name, transport = self.service.key.split("/")
        special = self.special.chosen()
        limit = {key: field.number for key, field in self.limits.items()}
        return ServerConfig(
            service=name,
            transport=Transport(transport),
            host=self.interface.key,
            port=parse_port(self.port.text, listening=True),
            read_timeout=limit["read"] or None,
            write_timeout=limit["write"] or None,
            max_clients=int(limit["clients"]),
            max_accepts=int(limit["rate"]) or None,
            max_line=int(limit["line"]),
            receive_buffer=int(limit["buffer"]) or None if transport == Transport.TCP else None,
            clock_offset=special.get("clock_offset", 0.0),
            loss=special.get("loss", 0.0),
            seed=int(special.get("seed", 0)),
        )

    def remember(self, settings: Settings) -> None:
        """Put what was typed into the settings."""
        settings.set("server.service", self.service.key)
        settings.set("server.port", self.port.text)
        for key, field in self.limits.items():
            settings.set(f"server.{key}", field.text)
        self.special.remember(settings)

    # -- inside ----------------------------------------------------------------------------------

    def _make_head(self, settings: Settings) -> None:
        services = _services()
        self.service = Choice(self.head, services)
        self.service.key = settings.one_of("server.service", services, "acknowledge/tcp")
        self.service.bind("<<ComboboxSelected>>", lambda _event: self._service_chosen(), add=True)
        tip(self.service, lambda: _(SERVICES[self._service_name].description))
        self.interface = Choice(self.head, _interface_words())
        self.interface.configure(postcommand=self._offer_interfaces)
        self._keep_width()
        tip(self.interface, N_("Who can reach the server: only this computer, or others too."))
        self.port = Field(self.head, self._theme, N_("Port"), checks.listening_port, width=6)
        self.port.text = settings.get("server.port", "8080")
        self.patience = Choice(self.head, READ_TIMEOUTS)
        self.patience.bind("<<ComboboxSelected>>", lambda _event: self._patience_chosen(), add=True)
        tip(
            self.patience, N_("A client that sends no complete message within this time is closed.")
        )

    def _make_more(self, settings: Settings) -> None:
        self._more = Flow(self, self._theme)
        self.limits: dict[str, NumberField] = {}
        for key, words, limits, usual, unit in LIMITS:
            field = NumberField(self._more, self._theme, words, limits, width=8, unit=unit)
            field.text = settings.get(f"server.{key}", usual)
            self.limits[key] = field
            self._more.add(field)
        read = self.limits["read"].entry
        read.bind("<KeyRelease>", lambda _event: self._show_patience(), add=True)
        self._show_patience()
        tip(read, N_("Longest wait for a complete message; 0: no limit."))
        tip(self.limits["write"].entry, N_("Longest wait for a client to read; 0: no limit."))
        tip(
            self.limits["rate"].entry,
            N_(
                "Further connections wait in the accept queue (already connected, not yet "
                "accepted); 0: no limit."
            ),
        )
        tip(
            self.limits["buffer"].entry,
            N_(
                "Asked for each connection (SO_RCVBUF); the log tells what the system made of it."
                " 0: the system chooses."
            ),
        )
        self.special = ServiceSettings(self, self._theme, settings)
        self.typed = (self.port, *self.special.fields.values(), *self.limits.values())
        """All fields, also those that do not hold for the service."""
        _fit_service(self)

    @property
    def wrong(self) -> Field | None:
        """The first field with something wrong in it."""
        fields = (self.port, *self.special.shown(), *self.limits.values())
        return next((field for field in fields if field.wrong), None)

    def _accept(self) -> bool:
        """Tell whether every field is right; if not, bring the first wrong one in sight."""
        wrong = self.wrong
        if wrong is None:
            return True
        if wrong in self.limits.values() and not self._more_shown.get():
            self._more_shown.set(True)
            self._show_more()
            self.update_idletasks()
        return wrong.accept()

    @property
    def _service_name(self) -> str:
        return self.service.key.split("/")[0]

    def _service_chosen(self) -> None:
        """Offer the service's usual port and line length, unless others were typed."""
        chosen, line = SERVICES[self._service_name], self.limits["line"]
        if self.port.text in {str(info.default_port) for info in SERVICES.values()}:
            self.port.text = str(chosen.default_port)
        if line.text in {str(info.max_line) for info in SERVICES.values()}:
            line.text = str(chosen.max_line)
        _fit_service(self)

    def _patience_chosen(self) -> None:
        if self.patience.key != _OTHER:
            self.limits["read"].text = self.patience.key
        self._show_patience()

    def _show_patience(self) -> None:
        """Choose what is typed under "more", as one of those offered or beside them."""
        field = self.limits["read"]
        typed = "" if field.wrong else f"{field.number:g}"
        if typed in READ_TIMEOUTS:
            self.patience.offer(READ_TIMEOUTS)
            self.patience.key = typed
            return
        seconds = typed or "?"
        other: Message = lambda: translate(N_("read timeout {seconds} s"), seconds=seconds)  # noqa: E731
        self.patience.offer(READ_TIMEOUTS | {_OTHER: other})
        self.patience.key = _OTHER

    def _show_more(self) -> None:
        if self._more_shown.get():
            self._more.pack(fill="x", pady=(self._theme.px(6), 0))
        else:
            self._more.pack_forget()

    def _offer_interfaces(self) -> None:
        """Offer the addresses of this moment; asked only when the list is opened."""
        self.interface.offer(_interface_words(asking=True))
        self._keep_width()

    def _keep_width(self) -> None:
        """Leave room for an address with its name, so that nothing moves when they are offered."""
        wide = int(self.interface.cget("width"))
        self.interface.configure(width=max(wide, INTERFACE_CHARACTERS))


def _fit_service(form: ServerForm) -> None:
    """Show what may be set of the service, and allow a buffer where there are connections."""
    form.special.offer(SERVICES[form.service.key.split("/")[0]].settings, form.head)
    tcp = form.service.key.endswith(f"/{Transport.TCP}")
    form.limits["buffer"].enable(tcp, N_("UDP has no connections."))


def _services() -> dict[str, Message]:
    """Return every service with every transport it has, as choices."""
    return {
        f"{info.name}/{transport}": partial(_service_words, info, transport)
        for info in SERVICES.values()
        for transport in info.transports
    }


def _service_words(info: ServiceInfo, transport: Transport) -> str:
    return f"{info.label()} · {transport.upper()}"


def _interface_words(*, asking: bool = False) -> dict[str, Message]:
    """Return where a server can listen, as choices."""
    words: dict[str, Message] = {
        _LOCAL: N_("this computer only"),
        _EVERYWHERE: N_("all interfaces"),
    }
    found = interfaces() if asking else []
    return words | {one.address: one.words for one in found}
