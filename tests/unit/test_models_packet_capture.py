"""Capturing for the window: begun once, told once, and given up quietly where nobody asked."""

from __future__ import annotations

from gui.models.packet_capture import PacketCapture


class Some:
    """A capture whose fate the test decides."""

    def __init__(self, how: str = "", outcome: str | None = None) -> None:
        self.how, self.outcome, self.cancelled = how, outcome, False

    def cancel(self, timeout: float = 1.0) -> bool:
        """Note that nobody wants it any more."""
        self.cancelled = timeout == 0.0
        return True


def model(*fates: Some) -> tuple[PacketCapture, list[Some]]:
    """Return a model whose captures are these, and those that it has begun."""
    begun: list[Some] = []

    def begin() -> Some:
        begun.append(fates[len(begun)])
        return begun[-1]

    return PacketCapture(begin), begun  # type: ignore[arg-type]


def test_it_begins_once_however_many_views_ask() -> None:
    packets, begun = model(Some("AF_PACKET"))
    packets.begin_quietly()
    packets.begin_quietly()
    assert (len(begun), packets.wanted, packets.tick()) == (1, True, "")


def test_where_it_is_not_permitted_nobody_who_has_not_asked_is_told() -> None:
    packets, _begun = model(Some(outcome="not permitted"))
    packets.begin_quietly()
    assert packets.tick() == ""
    assert (packets.wanted, packets.refusal) == (False, "not permitted")


def test_who_asked_is_told_once_and_may_ask_again() -> None:
    packets, begun = model(Some(outcome="not permitted"), Some("dumpcap"))
    packets.begin()
    assert [packets.tick(), packets.tick()] == ["not permitted", ""]
    assert not packets.wanted
    packets.begin()
    assert (len(begun), packets.wanted, packets.refusal) == (2, True, "")


def test_one_that_dies_is_told_also_where_nobody_asked() -> None:
    some = Some("dumpcap")
    packets, _begun = model(some)
    packets.begin_quietly()
    assert packets.tick() == ""
    some.how, some.outcome = "", "it died"
    assert packets.tick() == "it died"


def test_at_the_end_it_is_cancelled_and_nobody_waits() -> None:
    some = Some("AF_PACKET")
    packets, _begun = model(some)
    packets.begin()
    packets.end()
    assert some.cancelled
    assert (packets.wanted, packets.tick()) == (False, "")


def test_where_nothing_is_recorded_nothing_is_captured() -> None:
    packets = PacketCapture(lambda: None)
    packets.begin()
    assert (packets.wanted, packets.tick()) == (True, "")
    packets.end()
