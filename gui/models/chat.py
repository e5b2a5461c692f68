"""The Chat tab: several chat clients side by side, each with its own connection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gui.models.backend import Backend
from gui.models.conversation import Conversation
from gui.models.notice import Notice, from_event
from gui.models.traffic import TrafficRows
from gui.models.typed import NOT_CONNECTED, TOO_MUCH, Typed
from netlib import (
    N_,
    ActivityStopped,
    ClientConfig,
    CloseMode,
    Connected,
    ConnectionOptions,
    Event,
    _,
    check_encoding,
    parse_endpoint,
)

IDLE_SECONDS = 60.0
OPTIONS = ConnectionOptions(duplex=True, idle_notice=IDLE_SECONDS)
DEFAULT_PORT = 8080


class ChatState(Enum):
    """Where a chat client is in its life."""

    IDLE = N_("not connected")
    CONNECTING = N_("connecting …")
    CONNECTED = N_("connected")


@dataclass(slots=True)
class ChatForm:
    """What was typed in the head of a pane; all checked."""

    address: str
    name: str
    encoding: str
    timeout: float = 5.0


class ChatClient:
    """State and intents of one pane. `changes` grows whenever something looks different."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.conversation = Conversation(backend)
        self.rows = TrafficRows(backend, peers=True)
        self.state = ChatState.IDLE
        self.notice: Notice | None = None
        self.was_connected = False
        self.changes = 0
        self._activity = 0
        self._form = ChatForm("", "", "utf-8")

    def connect(self, form: ChatForm) -> None:
        """Open the connection; a nickname is told to the room when it stands."""
        if self.state is not ChatState.IDLE:
            return
        self._form = form
        self.notice = None
        self.set_encoding(form.encoding)
        endpoint = parse_endpoint(form.address, DEFAULT_PORT)
        config = ClientConfig(endpoint=endpoint, timeout=form.timeout, options=OPTIONS)
        self._activity = self._backend.network.connect(config)
        self._backend.subscribe(self._activity, self._on_event)
        self.conversation.listen(self._activity)
        self.rows.show(self._activity)
        self._become(ChatState.CONNECTING)

    def set_encoding(self, encoding: str) -> None:
        """Read and write by another encoding. ValueError when it is unknown."""
        self._form.encoding = known = check_encoding(encoding)
        self.conversation.set_encoding(known)
        self.rows.set_encoding(known)

    def disconnect(self) -> None:
        """Close with FIN; or give up an attempt under way."""
        if self.state is ChatState.CONNECTED:
            self._backend.network.end(self._activity, CloseMode.CLOSE)
        else:
            self._backend.network.stop(self._activity)

    def send(self, text: str) -> str | None:
        """Send a line; return a sentence when that cannot be, None when it was queued."""
        if self.state is not ChatState.CONNECTED:
            return _(NOT_CONNECTED)
        try:
            data = Typed(text, encoding=self._form.encoding).encode()
        except ValueError as wrong:
            return str(wrong)
        return None if self._backend.network.send(self._activity, data) else _(TOO_MUCH)

    def leave(self) -> None:
        """The pane is closed: whatever it has open goes."""
        self._backend.network.stop(self._activity)

    def _on_event(self, event: Event) -> None:
        self.notice = from_event(event) or self.notice
        match event:
            case Connected():
                self.was_connected = True
                self._become(ChatState.CONNECTED)
                self._introduce()
            case ActivityStopped():
                self._become(ChatState.IDLE)
            case _:
                self._become(self.state)

    def _introduce(self) -> None:
        """Tell the room the nickname; a name that cannot be sent is no secret either."""
        if self._form.name and (wrong := self.send(f"/name {self._form.name}")):
            self.notice = Notice("warn", lambda: wrong, lambda: "")

    def _become(self, state: ChatState) -> None:
        self.state = state
        self.changes += 1
