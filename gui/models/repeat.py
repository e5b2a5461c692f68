"""Sending one saved message again and again, until it cannot be sent, or somebody stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gui.models.saved_messages import SavedMessage
from gui.models.typed import Typed
from netlib import _, parse_endpoint, to_hex

OPENING_SECONDS, LOOK_SECONDS = 10.0, 0.1
"""How long a message waits for a connection that was begun for it, and how often it looks."""


class Timer(Protocol):
    """Calls something later, in the thread of the window."""

    def after(self, seconds: float, does: Callable[[], None]) -> Callable[[], None]:
        """Call it after `seconds`; return what takes that back."""


class Sending:
    """What a tab does with saved messages: at most one is repeated at a time."""

    def __init__(
        self,
        timer: Timer,
        send: Callable[[Typed], str | None],
        reach: Callable[[str], str | None],
        can_send: Callable[[], bool],
        told: Callable[[str], None],
    ) -> None:
        """`reach` is told a message's target: it says why not, or connects where nothing is.

        `send` says by itself why not, and returns it; `told` is given what is found out later.
        """
        self._timer, self._send, self._reach, self._can_send = timer, send, reach, can_send
        self._told = told
        self._take_back: Callable[[], None] = lambda: None
        self.repeated: SavedMessage | None = None
        """The message that is repeated now."""

    def send(self, message: SavedMessage) -> str | None:
        """Send it, once or from now on; a translated sentence says why not."""
        self.stop()
        try:
            typed = _bytes_of(message)
            if message.target and (refusal := self._reach(message.target)):
                return refusal
        except ValueError as wrong:
            return str(wrong)
        if message.target and not self._can_send():
            self._wait(message, typed, OPENING_SECONDS)
            return None
        refusal = self._send(typed)
        if not refusal and message.every:
            self.repeated = message
            self._again(message, typed)
        return refusal

    def stop(self) -> None:
        """Send nothing more by itself."""
        self._take_back()
        self._take_back, self.repeated = (lambda: None), None

    def _wait(self, message: SavedMessage, typed: Typed, left: float) -> None:
        """Send it as soon as the connection is there."""

        def look() -> None:
            if self._can_send():
                self.stop()
                if not self._send(typed) and message.every:
                    self.repeated = message
                    self._again(message, typed)
            elif left > 0:
                self._wait(message, typed, left - LOOK_SECONDS)
            else:
                words = _('"{name}" was not sent: for {seconds} s there was no connection.')
                self._told(words.format(name=message.name, seconds=f"{OPENING_SECONDS:g}"))

        self._take_back = self._timer.after(LOOK_SECONDS, look)

    def _again(self, message: SavedMessage, typed: Typed) -> None:
        def again() -> None:
            if not self._can_send():  # the connection has ended
                self.stop()
                return
            self._send(typed)  # where too much waits already, the next one may find room
            self._again(message, typed)

        self._take_back = self._timer.after(message.every, again)


def same_target(one: str, other: str) -> bool:
    """Tell whether two targets are the same, however they are written."""
    (way, address), (other_way, other_address) = one.split(" ", 1), other.split(" ", 1)
    return way == other_way and parse_endpoint(address) == parse_endpoint(other_address)


def differs(target: str, connected: str) -> str:
    """Return the sentence that a message is meant for somebody else."""
    words = _("This message is for {target}; connected is {connected}. Disconnect first.")
    return words.format(target=target, connected=connected)


def _bytes_of(message: SavedMessage) -> Typed:
    """Return a message as it is sent. ValueError with a translated sentence."""
    return Typed(to_hex(message.data()), "hex") if message.file else message.typed
