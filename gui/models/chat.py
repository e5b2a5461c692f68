"""The Chat tab: several chat clients side by side, each with its own connection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gui.models.backend import Wire
from gui.models.conversation import Conversation
from gui.models.notice import Notice, from_event
from gui.models.traffic import TrafficRows
from gui.models.typed import NOT_CONNECTED, TOO_MUCH, typed_bytes
from netlib.address import parse_endpoint
from netlib.events import ActivityStopped, Connected, Event
from netlib.i18n import N_, _
from netlib.network import ClientConfig, CloseMode, ConnectionOptions
from netlib.text import check_encoding

IDLE_SECONDS = 60.0
OPTIONS = ConnectionOptions(duplex=True, idle_notice=IDLE_SECONDS)
DEFAULT_PORT = 8080


class State(Enum):
    """Where a chat client is in its life."""

    IDLE = N_("not connected")
    CONNECTING = N_("connecting …")
    CONNECTED = N_("connected")


@dataclass(slots=True)
class Person:
    """What was typed in the head of a pane; all checked."""

    address: str
    name: str
    encoding: str
    timeout: float = 5.0


class ChatClient:
    """State and intents of one pane. `changes` grows whenever something looks different."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.conversation = Conversation(wire)
        self.rows = TrafficRows(wire, peers=True)
        self.state = State.IDLE
        self.notice: Notice | None = None
        self.was_connected = False
        self.changes = 0
        self._activity = 0
        self._person = Person("", "", "utf-8")

    def connect(self, person: Person) -> None:
        """Open the connection; a nickname is told to the room when it stands."""
        if self.state is not State.IDLE:
            return
        self._person = person
        self.notice = None
        self.set_encoding(person.encoding)
        endpoint = parse_endpoint(person.address, DEFAULT_PORT)
        config = ClientConfig(endpoint=endpoint, timeout=person.timeout, options=OPTIONS)
        self._activity = self._wire.network.connect(config)
        self._wire.adopt(self._activity, self._on_event)
        self.conversation.listen(self._activity)
        self.rows.show(self._activity)
        self._become(State.CONNECTING)

    def set_encoding(self, encoding: str) -> None:
        """Read and write by another encoding. ValueError when it is unknown."""
        self._person.encoding = known = check_encoding(encoding)
        self.conversation.set_encoding(known)
        self.rows.set_encoding(known)

    def disconnect(self) -> None:
        """Close with FIN; or give up an attempt under way."""
        if self.state is State.CONNECTED:
            self._wire.network.end(self._activity, CloseMode.CLOSE)
        else:
            self._wire.network.stop(self._activity)

    def say(self, text: str) -> str | None:
        """Send a line; return a sentence when that cannot be, None when it was queued."""
        if self.state is not State.CONNECTED:
            return _(NOT_CONNECTED)
        try:
            data = typed_bytes(text, "text", "lf", self._person.encoding)
        except ValueError as wrong:
            return str(wrong)
        return None if self._wire.network.send(self._activity, data) else _(TOO_MUCH)

    def leave(self) -> None:
        """The pane is closed: whatever it has open goes."""
        self._wire.network.stop(self._activity)

    def _on_event(self, event: Event) -> None:
        self.notice = from_event(event) or self.notice
        match event:
            case Connected():
                self.was_connected = True
                self._become(State.CONNECTED)
                self._introduce()
            case ActivityStopped():
                self._become(State.IDLE)
            case _:
                self._become(self.state)

    def _introduce(self) -> None:
        """Tell the room the nickname; a name that cannot be sent is no secret either."""
        if self._person.name and (wrong := self.say(f"/name {self._person.name}")):
            self.notice = Notice("warn", lambda: wrong, lambda: "")

    def _become(self, state: State) -> None:
        self.state = state
        self.changes += 1
