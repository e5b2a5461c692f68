"""The servers and clients of one run, by the names that its script gives them."""

from __future__ import annotations

from collections import deque
from typing import Final

from netlib import Endpoint, Item, Network, _
from netlib.lessons.witness import Witness
from netlib.teaching.lesson_script import Line
from netlib.teaching.lesson_words import Reference

PIECE_BYTES: Final = 1 << 18
"""Longest piece handed to the network at once."""


class Stage:
    """Who is there, and what has happened to each."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.witnesses: dict[str, Witness] = {}
        self._waiting: dict[int, deque[bytes]] = {}
        """What waits for room in the network's queue, by activity."""

    def add(self, name: str, *activities: int) -> None:
        """Somebody new is there; or several, under one name."""
        self.witnesses[name] = Witness(*activities)

    def activity(self, line: Line) -> int:
        """Return the number of the server or client that a line names. ValueError: it is many."""
        first, *others = self.witnesses[line.actor].activities
        if others:
            told = _("{name} stands for {count} clients; a line can tell only one what to do.")
            raise ValueError(told.format(name=line.actor, count=len(others) + 1))
        return first

    def address(self, reference: Reference) -> Endpoint | None:
        """Return an address; None: it is not known yet."""
        return self.witnesses[reference.actor].address(reference.field)

    def hear(self, item: Item) -> None:
        """Take what happened to anybody."""
        for witness in self.witnesses.values():
            if item.activity in witness.activities:
                witness.hear(item)

    def send(self, activity: int, data: bytes, times: int = 1) -> bool:
        """Send at once what there is room for, the rest by `go_on`; False: it cannot send yet."""
        begins = range(0, len(data) or 1, PIECE_BYTES)
        pieces = deque([data[begin : begin + PIECE_BYTES] for begin in begins] * times)
        if activity not in self._waiting:
            if not self.network.send(activity, pieces[0]):
                return False
            pieces.popleft()
        self._waiting.setdefault(activity, deque()).extend(pieces)
        return True

    def go_on(self) -> None:
        """Send what there is room for now."""
        for activity, pieces in tuple(self._waiting.items()):
            while pieces and self.network.send(activity, pieces[0]):
                pieces.popleft()
            if not pieces:
                del self._waiting[activity]

    def close(self) -> None:
        """Stop everybody."""
        self._waiting.clear()
        for witness in self.witnesses.values():
            for activity in witness.activities:
                self.network.stop(activity)
