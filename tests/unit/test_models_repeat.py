"""Saved messages on their way: once, again and again, after a connection that is begun for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gui.models.repeat import Sending, same_target
from gui.models.saved_messages import SavedMessage
from gui.models.typed import Typed


class Tab:
    """A tab without a window, and a clock that a test turns."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.open = True
        self.refusal: str | None = None
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.full: str | None = None
        self.told: list[str] = []
        self.sending = Sending(
            self, self._send, lambda _target: self.refusal, lambda: self.open, self.told.append
        )

    def _send(self, typed: Typed) -> str | None:
        if self.full is None:
            self.sent.append(typed.text)
        return self.full

    def after(self, seconds: float, does: Callable[[], None]) -> Callable[[], None]:
        entry = (seconds, does)
        self._due.append(entry)
        return lambda: self._due.remove(entry) if entry in self._due else None

    def turn(self) -> float:
        """Do what is due next; return after how many seconds; 0: nothing is."""
        if not self._due:
            return 0.0
        seconds, does = self._due.pop(0)
        does()
        return seconds


@pytest.fixture
def tab() -> Tab:
    return Tab()


def message(name: str, every: float = 0.0, target: str = "") -> SavedMessage:
    return SavedMessage(name=name, typed=Typed(name), every=every, target=target)


def test_a_message_is_sent_once(tab: Tab) -> None:
    assert tab.sending.send(message("a")) is None
    assert (tab.sent, tab.turn()) == (["a"], 0.0)


def test_one_is_repeated_until_another_is_sent_or_the_connection_ends(tab: Tab) -> None:
    tab.sending.send(message("a", every=2.0))
    assert [tab.turn(), tab.turn()] == [2.0, 2.0]
    assert tab.sent == ["a"] * 3
    tab.sending.send(message("b", every=5.0))
    assert tab.turn() == 5.0
    assert tab.sent[3:] == ["b", "b"]
    tab.open = False
    tab.turn()
    assert tab.sending.repeated is None
    assert (len(tab.sent), tab.turn()) == (5, 0.0)


def test_one_that_is_meant_for_somebody_else_is_not_sent(tab: Tab) -> None:
    tab.refusal = "somebody else"
    assert tab.sending.send(message("a", target="tcp localhost:1")) == "somebody else"
    assert tab.sent == []


def test_one_waits_for_the_connection_that_was_begun_for_it(tab: Tab) -> None:
    tab.open = False
    tab.sending.send(message("a", target="tcp localhost:1"))
    tab.turn()
    assert tab.sent == []
    tab.open = True
    tab.turn()
    assert tab.sent == ["a"]
    tab.open = False
    tab.sending.send(message("b", target="tcp localhost:1"))
    while tab.turn():
        pass
    assert tab.sent == ["a"]
    assert tab.told == ['"b" was not sent: for 10 s there was no connection.']


def test_where_too_much_waits_a_repeated_one_is_sent_again_later(tab: Tab) -> None:
    tab.sending.send(message("a", every=2.0))
    tab.full = "too much"
    assert tab.turn() == 2.0
    tab.full = None
    assert tab.turn() == 2.0
    assert tab.sent == ["a", "a"]
    assert tab.sending.repeated == message("a", every=2.0)


def test_a_file_that_is_gone_is_told(tab: Tab) -> None:
    gone = SavedMessage(name="a", file="/no/such/file")
    assert "cannot be opened" in (tab.sending.send(gone) or "")


def test_targets_are_the_same_however_they_are_written() -> None:
    assert same_target("tcp localhost:8080", "tcp localhost：8080")
    assert not same_target("tcp localhost:8080", "udp localhost:8080")
    assert not same_target("tcp localhost:8080", "tcp localhost:8081")
