"""Which rows of a recording's packets stand in a ladder."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gui.models.shown_calls import ShownCalls
from netlib.recording.places import place_of_call

OURS, THEIRS = 1, 2


class Recorded:
    """Calls of two activities, and packets that were missed."""

    def __init__(self) -> None:
        self.ends: list[int] = []
        self.packets: Any = SimpleNamespace(places=[], owners=[], of={})
        self.shown = ShownCalls((OURS,), 0)

    def call(self, activity: int) -> int:
        """Add a call; return its place."""
        self.ends.append(activity - OURS)
        return place_of_call(len(self.ends) - 1)

    def miss(self) -> int:
        """Packets were missed now; return the place of that."""
        place = place_of_call(len(self.ends) - 1) + 1 + len(self.packets.places)
        self.packets.places.append(place)
        self.packets.owners.append(-1)
        return place

    @property
    def places(self) -> list[int]:
        """What is shown by now."""
        ends = [SimpleNamespace(activity=OURS, connection=0)]
        ends.append(SimpleNamespace(activity=THEIRS, connection=0))
        columns = SimpleNamespace(end=self.ends.__getitem__, of=lambda _number: ())
        pairing = SimpleNamespace(ends=ends, joined=[])
        index: Any = SimpleNamespace(total=len(self.ends), columns=columns, pairing=pairing)
        self.shown.sync(index, self.packets)
        return [*self.shown.places]


def test_what_was_missed_between_calls_stands_between_them() -> None:
    recorded = Recorded()
    first, missed, last = recorded.call(OURS), recorded.miss(), recorded.call(OURS)
    assert recorded.places == [first, missed, last]


def test_what_was_missed_before_the_first_call_is_not_of_these() -> None:
    recorded = Recorded()
    recorded.call(THEIRS)
    recorded.miss()
    assert recorded.places == []
    first = recorded.call(OURS)
    assert recorded.places == [first]


def test_who_has_ended_gets_one_row_of_what_is_missed_later() -> None:
    recorded = Recorded()
    first, missed = recorded.call(OURS), recorded.miss()
    assert recorded.places == [first, missed]
    for _ in range(20):
        recorded.call(THEIRS)
        recorded.miss()
        assert recorded.places == [first, missed]


def test_all_that_was_missed_is_told_once_a_call_follows() -> None:
    recorded = Recorded()
    rows = [recorded.call(OURS), *(recorded.miss() for _ in range(5))]
    assert recorded.places == rows[:2]
    rows.append(recorded.call(OURS))
    assert recorded.places == rows
    rows.append(recorded.miss())
    assert recorded.places == rows
