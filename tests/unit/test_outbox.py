"""Where everything goes that happened: in order, bounded, and nothing disappears silently."""

from __future__ import annotations

import threading

from netlib.engine.outbox import EVENTS_KEPT, EventQueue, Outbox, Tee
from netlib.engine.records import RECEIVED
from netlib.events import ActivityStopped, Closed, CloseReason
from tests.recordings import chunk
from tests.records import put


def stopped(activity: int) -> ActivityStopped:
    return ActivityStopped(at=0.0, activity=activity)


def test_a_queue_is_full_by_bytes_and_has_room_again_once_they_are_taken() -> None:
    queue = EventQueue(room=10_000)
    put(queue, chunk(b"x" * 9_000))
    assert not queue.end_turn(9_000)
    put(queue, chunk(b"x" * 2_000))
    assert queue.end_turn(2_000)
    assert [len(item.data) for item in queue.take(2)] == [9_000]  # type: ignore[union-attr]
    assert not queue.full()


def test_a_flood_of_empty_datagrams_fills_it_too() -> None:
    queue = EventQueue(room=10_000)
    for _ in range(100):
        put(queue, chunk(b""))
    assert queue.end_turn(0)


def test_the_engine_that_waits_for_room_goes_on_when_something_is_taken() -> None:
    queue = EventQueue(room=1_000)
    put(queue, chunk(b"x" * 2_000))
    queue.end_turn(2_000)
    waiting = threading.Thread(target=queue.wait_for_room, args=(60.0,))
    waiting.start()
    while waiting.is_alive():  # it may not wait yet
        queue.take()
        waiting.join(0.01)
    assert not queue.full()


def test_a_consumer_that_waits_is_woken_by_the_end_of_a_turn_or_by_hand() -> None:
    queue, heard = EventQueue(), list[bool]()
    waiting = threading.Thread(target=lambda: heard.append(queue.wait(60.0)))
    waiting.start()
    put(queue, stopped(1))
    while waiting.is_alive():  # turns go on
        queue.end_turn(0)
        waiting.join(0.001)
    assert heard == [True]
    assert queue.take() == [stopped(1)]
    queue.wake()
    assert queue.wait(60.0)
    assert queue.waiting() == 0


def test_events_are_polled_in_their_order_and_a_few_at_a_time() -> None:
    outbox = Outbox()
    for number in range(5):
        outbox.emit(stopped(number))
    assert [event.activity for event in outbox.poll(3)] == [0, 1, 2]
    assert [event.activity for event in outbox.poll(3)] == [3, 4]
    assert outbox.poll(3) == []
    assert outbox.lost == 0


def test_who_polls_too_rarely_misses_the_oldest_and_is_told_how_many() -> None:
    recorder = EventQueue()
    outbox = Outbox(recorder)
    for number in range(EVENTS_KEPT + 3):
        outbox.emit(stopped(number))
    assert outbox.lost == 3
    assert outbox.poll(1)[0].activity == 3
    assert outbox.lost == 3
    assert recorder.waiting() == EVENTS_KEPT + 3  # the recorder has them all


def test_two_recorders_get_the_same_and_the_fuller_one_counts() -> None:
    small, large = EventQueue(room=1_000), EventQueue()
    both = Tee(small, large)
    put(both, chunk(b"x" * 2_000))
    assert both.end_turn(2_000)
    assert both.full()
    assert small.take() == large.take() == [chunk(b"x" * 2_000)]
    assert not both.full()
    both.wait_for_room(60.0)  # there is: at once


def test_who_listens_hears_the_newer_activities_and_the_recorder_hears_all() -> None:
    recorder, heard = EventQueue(), EventQueue()
    outbox = Outbox(recorder)
    outbox.listen(heard, first=2)
    old, new = chunk(b"old", activity=1), chunk(b"new", activity=2)
    assert outbox.recorder is not None
    put(outbox.recorder, old, new, stopped(1), stopped(2))
    assert heard.take() == [new, stopped(2)]
    assert recorder.take() == [old, new, stopped(1), stopped(2)]
    outbox.listen(None)
    outbox.emit(stopped(3))
    assert heard.take() == []
    assert recorder.take() == [stopped(3)]


def test_one_listens_also_where_nothing_is_recorded() -> None:
    outbox, heard = Outbox(), EventQueue()
    early = outbox.begin_flow(1, 1, None)
    outbox.listen(heard)
    late = outbox.begin_flow(1, 2, None)
    assert outbox.put is not None
    outbox.put((0, early | RECEIVED, b"a stream that nobody knows"))
    outbox.put((0, late | RECEIVED, b"hello"))
    outbox.end_flow(late)
    outbox.put((0, late | RECEIVED, b"after its end"))
    assert [item.data for item in heard.take()] == [b"hello"]  # type: ignore[union-attr]
    assert not outbox.full()


def test_the_engine_pauses_while_who_listens_does_not_take() -> None:
    outbox, heard = Outbox(), EventQueue(room=1_000)
    outbox.listen(heard)
    assert outbox.recorder is not None
    put(outbox.recorder, chunk(b"x" * 2_000))
    assert outbox.end_turn(2_000)
    assert outbox.full()
    heard.take()
    assert not outbox.full()
    outbox.recorder.wait_for_room(60.0)  # there is: at once


def test_what_is_listened_to_is_forgotten_when_it_ends() -> None:
    outbox, heard = Outbox(), EventQueue()
    outbox.listen(heard)
    code = outbox.begin_flow(1, 2, None)
    outbox.emit(Closed(at=1.0, activity=1, connection=2, reason=CloseReason.BY_US))
    assert outbox.put is not None
    outbox.put((0, code | RECEIVED, b"after its end"))
    assert [type(item) for item in heard.take()] == [Closed]
