"""Records on their way to the journal: packed in time, and no more than there is room for."""

from __future__ import annotations

import threading

import pytest

from netlib.engine.outbox import NEVER
from netlib.engine.records import FLOW_BITS, NEW_FLOW, RECEIVED, new_flow
from netlib.recording.pack_queue import PACK_BYTES, PACK_RECORDS, PACK_SECONDS, PackQueue
from netlib.system.clock import now

FLOW = new_flow(1, 1, None)
CODE = FLOW.number << FLOW_BITS | RECEIVED


PATIENCE = 60.0


def fail(bug: Exception) -> None:
    raise AssertionError from bug


@pytest.fixture
def queue() -> PackQueue:
    queue = PackQueue(fail)
    queue.put((0, NEW_FLOW, FLOW))
    assert not queue.end_turn(0)  # nothing was packed for long: at once
    queue.take(0.0)
    return queue


def test_what_is_put_is_packed_at_the_latest_when_it_is_due(queue: PackQueue) -> None:
    queue.put((1, CODE, b"x"))
    begun = now()
    queue.end_turn(1)
    if not queue.waiting():  # else this machine stood still for so long
        assert begun < queue.due <= begun + 2 * PACK_SECONDS
    while not queue.waiting():  # turns go on
        assert now() < begun + PATIENCE
        queue.end_turn(0)
    (pack,) = queue.take(0.0)
    assert pack.pages[0].page.received == 1
    assert queue.due == NEVER


@pytest.mark.parametrize(("count", "size"), [(PACK_RECORDS, 1), (1, PACK_BYTES)])
def test_much_is_packed_at_once(queue: PackQueue, count: int, size: int) -> None:
    for number in range(count):
        queue.put((number, CODE, b"x" * size))
    queue.end_turn(count * size)
    assert (
        sum(page.page.received for pack in queue.take(0.0) for page in pack.pages) == count * size
    )


def test_empty_datagrams_fill_it_too_packed_or_not(
    queue: PackQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netlib.recording.pack_queue.ROOM", 100_000)
    for number in range(800):
        queue.put((number, CODE, b""))
    assert queue.full()
    queue.pack()
    assert not queue.full()  # columns take a tenth
    for _ in range(8):
        for number in range(1000):
            queue.put((number, CODE, b""))
        queue.pack()
    assert queue.full()
    for pack in queue.take(0.0):
        queue.release(pack)
    assert not queue.full()


def test_an_engine_that_waits_for_room_goes_on_when_something_is_written(
    queue: PackQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netlib.recording.pack_queue.ROOM", 1000)
    queue.put((1, CODE, b"x" * 2000))
    queue.pack()
    (pack,) = queue.take(0.0)
    waiting = threading.Thread(target=queue.wait_for_room, args=(60.0,))
    waiting.start()
    queue.release(pack)
    while waiting.is_alive():  # it may not have waited yet: then it has seen the room
        waiting.join(0.01)
    assert not queue.full()


def test_after_a_bug_everything_is_counted_as_dropped() -> None:
    bugs: list[Exception] = []
    queue = PackQueue(bugs.append)
    queue.put((1, CODE, b"of a flow that nobody told of"))
    queue.put((1, CODE + 1, b"x"))
    queue.pack()
    queue.put((1, CODE, b"more"))
    queue.pack()
    assert len(bugs) == 1
    assert queue.dropped == {1: 29 + 4, 2: 1}
    assert not queue.take(0.0)
