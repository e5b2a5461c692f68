"""The Connect tab: one TCP connection or UDP socket at a time, and HTTP requests by hand."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from gui.models.activity import ActivityModel
from gui.models.backend import Backend
from gui.models.typed import NOT_CONNECTED, TOO_MUCH, Typed
from netlib import (
    N_,
    ActivityStopped,
    ClientConfig,
    CloseMode,
    Connected,
    Connecting,
    ConnectionOptions,
    Endpoint,
    Event,
    Family,
    Finished,
    HttpReply,
    PeerFinished,
    Resolved,
    Resolving,
    Secured,
    Transport,
    Url,
    _,
    decode_body,
    head_ended,
    now,
    parse_endpoint,
    parse_url,
    visible_text,
)
from netlib.value import replace, value

if TYPE_CHECKING:
    from netlib import ClientTls

OPTIONS = ConnectionOptions(duplex=True, stays_open=True)


SAID: Final = 20
SAID_BYTES: Final = 10_000
"""So many messages are kept for a program that says the same, none of them longer."""


class ConnectState(Enum):
    """Where the connection is in its life."""

    IDLE = N_("not connected")
    RESOLVING = N_("looking up the name…")
    CONNECTING = N_("connecting…")
    SECURING = N_("TLS handshake…")
    CONNECTED = N_("connected")
    PEER_FINISHED = N_("FIN received: the peer will send no more")
    FINISHED = N_("FIN sent: half-closed, still receiving")


OPEN = (ConnectState.CONNECTED, ConnectState.PEER_FINISHED, ConnectState.FINISHED)
UNDER_WAY = (ConnectState.RESOLVING, ConnectState.CONNECTING, ConnectState.SECURING)
_AFTER: dict[type[Event], ConnectState] = {
    Resolving: ConnectState.RESOLVING,
    Resolved: ConnectState.CONNECTING,
    Connecting: ConnectState.CONNECTING,
    Connected: ConnectState.CONNECTED,
    Secured: ConnectState.CONNECTED,
    PeerFinished: ConnectState.PEER_FINISHED,
    Finished: ConnectState.FINISHED,
    ActivityStopped: ConnectState.IDLE,
}
"""The state an event leads to; the others change none."""

NO_MORE = N_("This end has sent FIN: nothing more can be sent.")
ELSEWHERE = N_("Still connected to {peer}: press Disconnect first.")
ONLY_TCP = N_("HTTP needs TCP: disconnect this UDP socket first.")

BODY_LINES = 2000
"""Most lines of a body that are shown."""


@value()
class ConnectForm:
    """What was typed in the head of the tab; all checked."""

    address: str
    transport: Transport
    family: Family
    timeout: float
    tls: bool = False


class ConnectModel(ActivityModel):
    """State and intents of the Connect tab."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.state = ConnectState.IDLE
        self.address = ""
        """What was connected to last, as it was typed."""
        self.connected: Connected | None = None
        """The facts of the connection that is open, or was last."""
        self.secured: Secured | None = None
        """What TLS has agreed on for it, if it is spoken."""
        self.verify = True
        """Whether the next TLS connection is verified; true again when one has ended."""
        self.reply: HttpReply | None = None
        self.transport = Transport.TCP
        self.said: list[bytes] = []
        """The first messages that were sent over the connection that is open, or was last."""
        self._target: Endpoint | None = None
        self._tls = False
        self._request: bytes | None = None
        """What is sent once the connection stands."""
        self._again: tuple[ConnectForm, bool] | None = None
        """What is opened, verified or not, as soon as the present connection is closed."""
        self.request_ended = True
        """Whether the request that is waited for has its blank line; what is sent next is more."""
        self._begun = b""
        """The last bytes sent of a request whose blank line is still missing."""
        self._asked = 0.0
        """When the request was sent whose response has not come; 0: there is none."""

    @property
    def waiting(self) -> float | None:
        """Seconds since the request was sent whose response has not come; None: there is none."""
        return now() - self._asked if self._asked else None

    # -- intents ---------------------------------------------------------------------------------

    def connect(self, form: ConnectForm) -> None:
        """Open what is wished, unless something is open already."""
        if self.state is not ConnectState.IDLE:
            return
        self.address = form.address
        self._target, self._tls = url_of(form.address).endpoint, form.tls
        config = ClientConfig(
            endpoint=self._target,
            transport=form.transport,
            family=form.family,
            timeout=form.timeout,
            options=replace(OPTIONS, receive_buffer=self.receive_buffer),
            tls=_client_tls(self.verify) if form.tls else None,
        )
        self._follow(self._network.connect(config))
        self._called = self._target if form.transport is Transport.TCP else None
        self.connected, self.secured, self.transport = None, None, form.transport
        self.said = []
        self.state = ConnectState.CONNECTING

    def disconnect(self) -> None:
        """Close with FIN; or give up an attempt under way."""
        self._again = None
        if self.state in OPEN and self.transport is Transport.TCP:
            self._network.end(self._activity, CloseMode.CLOSE)
        else:
            self.stop()

    def finish(self) -> None:
        """Half-close: FIN for our direction only."""
        self._network.end(self._activity, CloseMode.FINISH)

    def abort(self) -> None:
        """Close with RST."""
        self._network.end(self._activity, CloseMode.ABORT)

    def send(self, typed: Typed) -> str | None:
        """Send what was typed; return a sentence when that cannot be, None when it was queued."""
        if self.state not in OPEN:
            return _(NOT_CONNECTED)
        try:
            data = self._encode(typed)
        except ValueError as wrong:
            return str(wrong)
        return self._send(data)

    def _send(self, data: bytes) -> str | None:
        if self.state is ConnectState.FINISHED:
            return _(NO_MORE)
        if self.transport is Transport.TCP and not data:
            return _("Nothing to send: in a byte stream there is no empty message.")
        try:
            if not self._network.send(self._activity, data):
                return _(TOO_MUCH)
        except ValueError as wrong:  # no datagram can carry as much
            return str(wrong)
        if len(self.said) < SAID and len(data) <= SAID_BYTES:
            self.said.append(data)
        return None

    def request(self, form: ConnectForm, data: bytes) -> str | None:
        """Send an HTTP request as it stands, connecting first if need be; a sentence: why not."""
        if not data:
            return _("The request is empty: there is nothing to send.")
        if self.state in OPEN and self._is_used_up():
            self.reply, self.notice = None, None
            self.disconnect()
            self._request, self._again = data, (form, self.verify)
            self.changes += 1
            return None
        if self.state is not ConnectState.IDLE and (wrong := self._no_request(form)):
            return wrong
        self.reply, self.notice = None, None
        if self.state not in OPEN:
            self._request = data
            self.connect(form)
            return None
        self.changes += 1
        return None if self._ask(data) else _(NOT_CONNECTED)

    def _ask(self, data: bytes) -> bool:
        sent = self._network.request(self._activity, data)
        whole = (self._begun if self._asked else b"") + data
        self.request_ended = head_ended(whole)
        self._begun = b"" if self.request_ended else whole[-2:]
        self._asked = now() if sent else 0.0
        return sent

    def _is_used_up(self) -> bool:
        """Tell whether no response can come any more: the server has closed, or is about to."""
        told = self.reply is not None and ends_connection(self.reply)
        return self.state is ConnectState.PEER_FINISHED or (
            told and self.state is ConnectState.CONNECTED
        )

    def _no_request(self, form: ConnectForm) -> str | None:
        """Say why what is open now is not what the request needs."""
        if self.transport is not Transport.TCP:
            return _(ONLY_TCP)
        if (self._target, self._tls) != (url_of(form.address).endpoint, form.tls):
            return _(ELSEWHERE).format(peer=visible_text(str(self._target)))
        return _(NO_MORE) if self.state is ConnectState.FINISHED else None

    # -- what happened ---------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        self.state = _AFTER.get(type(event), self.state)
        if isinstance(event, Connected):
            self.connected = event
            if self._tls:
                self.state = ConnectState.SECURING
            else:
                self._send_waiting()
        elif isinstance(event, Secured):
            self.secured = event
            self._send_waiting()
        elif isinstance(event, HttpReply):
            self.reply, self._asked = event, 0.0
        elif isinstance(event, ActivityStopped):
            self._stopped()

    def _stopped(self) -> None:
        self._asked, self.verify = 0.0, True
        again, self._again = self._again, None
        if again is None:
            self._request = None
        else:
            form, self.verify = again
            self.connect(form)

    def _send_waiting(self) -> None:
        """Send the request that waited for the connection."""
        if self._request is not None:
            self._ask(self._request)
            self._request = None


def _client_tls(verify: bool) -> ClientTls:
    from netlib import ClientTls  # late: `ssl` is not needed for the first picture of the window

    return ClientTls(verify=verify)


def url_of(address: str) -> Url:
    """Return a checked address as a URL."""
    return parse_url(address) if "//" in address else Url("http", parse_endpoint(address), "/")


def is_https(address: str) -> bool:
    """Tell whether an address asks for TLS. ValueError: it is none."""
    return url_of(address).scheme == "https"


def tls_words(secured: Secured) -> str:
    """Return what TLS has agreed on, and whether anybody checked who answers."""
    if secured.verified:
        template = _("{version}, certificate of {name} verified")
    else:
        template = _("{version}, certificate NOT verified")
    return template.format(
        version=visible_text(secured.version, 20), name=visible_text(secured.name, 80)
    )


def reply_head(reply: HttpReply) -> str:
    """Return status line and headers as people read them."""
    lines = [status_line(reply)]
    for name, content in reply.headers:
        lines.append(f"{_latin(name)}: {_latin(content)}")
    return "\n".join(lines)


def status_line(reply: HttpReply) -> str:
    """Return the status line as it came (RFC 9112, section 4)."""
    return f"HTTP/{reply.version} {reply.status} {visible_text(reply.reason)}".rstrip()


def ends_connection(reply: HttpReply) -> bool:
    """Tell whether the server closes after this response (RFC 9112, section 9.3)."""
    said = {
        option.strip().lower()
        for name, value in reply.headers
        if name.lower() == b"connection"
        for option in value.split(b",")
    }
    return b"close" in said or (reply.version == "1.0" and b"keep-alive" not in said)


def reply_body(reply: HttpReply) -> str:
    """Return the body as text by its charset, line ends kept, cut where Tk would suffer."""
    text = decode_body(list(reply.headers), reply.body)
    return "\n".join(visible_text(line) for line in text.splitlines()[:BODY_LINES])


def _latin(data: bytes) -> str:
    return visible_text(data.decode("latin-1"))
