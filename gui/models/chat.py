"""The Chat tab: several chat clients side by side, each with its own connection."""

from __future__ import annotations

from enum import Enum

from gui.models.activity import ActivityModel
from gui.models.backend import Backend
from gui.models.conversation import Conversation
from gui.models.notice import Notice
from gui.models.typed import NOT_CONNECTED, TOO_MUCH, Typed
from netlib import (
    N_,
    SERVICES,
    ActivityStopped,
    ClientConfig,
    CloseMode,
    Connected,
    ConnectionOptions,
    Endpoint,
    Event,
    Transport,
    _,
    check_encoding,
    parse_endpoint,
)
from netlib.value import replace, value

IDLE_SECONDS = 60.0
OPTIONS = ConnectionOptions(duplex=True, idle_notice=IDLE_SECONDS)


_NO_ROOM = N_(
    "This is {service}, not a chat room: its replies go to the sender only. "
    "Only in a chat room does everyone read what the others send."
)


class ChatState(Enum):
    """Where a chat client is in its life."""

    IDLE = N_("not connected")
    CONNECTING = N_("connecting…")
    CONNECTED = N_("connected")


@value()
class ChatForm:
    """What was typed in the head of a pane; all checked."""

    address: str
    name: str
    encoding: str
    timeout: float = 5.0


class ChatClient(ActivityModel):
    """State and intents of one pane."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.conversation = Conversation(backend, backend.speakers)
        self.state = ChatState.IDLE
        self.was_connected = False
        self.peer: Endpoint | None = None
        """Whom the connection is, or was last, with."""
        self._form = ChatForm("", "", "utf-8")

    def connect(self, form: ChatForm) -> None:
        """Open the connection; a nickname is told to the room when it stands."""
        if self.state is not ChatState.IDLE:
            return
        self._form = form
        self.set_encoding(form.encoding)
        self._called = endpoint = parse_endpoint(form.address)
        options = replace(OPTIONS, receive_buffer=self.receive_buffer)
        config = ClientConfig(endpoint=endpoint, timeout=form.timeout, options=options)
        self._follow(self._network.connect(config))
        self.state = ChatState.CONNECTING
        self.conversation.listen(self._activity)

    def set_encoding(self, encoding: str) -> None:
        """Read and write by another encoding. ValueError when it is unknown."""
        known = check_encoding(encoding)
        self._form = replace(self._form, encoding=known)
        self.conversation.set_encoding(known)
        self.rows.set_encoding(known)

    def rename(self, name: str) -> None:
        """Tell the room another nickname: now, or once the connection stands."""
        self._form = replace(self._form, name=name)
        if self.state is ChatState.CONNECTED:
            self.notice = None
            self._introduce()
            self.changes += 1

    def disconnect(self) -> None:
        """Close with FIN; or give up an attempt under way."""
        if self.state is ChatState.CONNECTED:
            self._network.end(self._activity, CloseMode.CLOSE)
        else:
            self.stop()

    def send(self, text: str) -> str | None:
        """Send a line; return a sentence when that cannot be, None when it was queued."""
        if self.state is not ChatState.CONNECTED:
            return _(NOT_CONNECTED)
        try:
            data = Typed(text, encoding=self._form.encoding).encode()
        except ValueError as wrong:
            return str(wrong)
        return None if self._network.send(self._activity, data) else _(TOO_MUCH)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Connected):
            self.was_connected, self.state = True, ChatState.CONNECTED
            self.peer = event.peer
            self._introduce()
            self._judge(event)
        elif isinstance(event, ActivityStopped):
            self.state = ChatState.IDLE

    def _judge(self, event: Connected) -> None:
        """Say so when another service than a chat room of this window was reached."""
        here = event.local.host == event.peer.host
        for server in self._backend.running.values():
            tcp = server.transport is Transport.TCP and server.local.port == event.peer.port
            if here and tcp and server.service != "chat":
                self.notice = _no_room(server.service)

    def _introduce(self) -> None:
        """Tell the room the nickname; a name that cannot be sent is no secret either."""
        if self._form.name and (wrong := self.send(f"/name {self._form.name}")):
            self.notice = Notice("warn", lambda: wrong)


def _no_room(service: str) -> Notice:
    return Notice("info", lambda: _(_NO_ROOM).format(service=SERVICES[service].label()))
