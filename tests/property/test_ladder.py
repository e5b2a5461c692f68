"""Whatever calls both ends make: each byte is in the arrows once, and words and arrows agree."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.events import ActivityStopped, Chunk, Direction
from netlib.recording import ladder
from netlib.recording.journal import Journal
from netlib.recording.ladder import arrivals
from netlib.teaching.calls import RECEIVED, SENT, Call
from netlib.teaching.ladder import Arrow, Rung
from netlib.teaching.ladder_difference import Pair, compared
from netlib.teaching.ladder_text import TextOptions, ladder_records, site_name
from tests.ladders import (
    HEAD,
    IN,
    OUT,
    SERVER,
    SERVES,
    UDP,
    Ladder,
    accepted,
    connected,
    datagram,
    listening,
    opened,
)
from tests.records import put

CONNECTIONS = range(3)


class Did(NamedTuple):
    """What an end of a connection did."""

    connection: int
    serves: bool
    """The end that accepted did it."""
    way: Direction
    size: int
    begins_page: bool


doings = st.lists(
    st.builds(
        Did,
        st.sampled_from(CONNECTIONS),
        st.booleans(),
        st.sampled_from([IN, OUT]),
        st.integers(1, 6),
        st.sampled_from([True, False, False, False]),
    ),
    max_size=40,
)
recorded_ends = st.tuples(*(st.sampled_from([(1, 1), (1, 1), (1, 0), (0, 1)]) for _ in CONNECTIONS))
"""Of each connection whether its client, and its server, is recorded."""

Parts = list[tuple[int, int]]
"""Calls at the other end, and how many bytes of each."""


class Lesson:
    """What happened, as it is recorded, and what is therefore true of the ladder."""

    def __init__(self, ends: Sequence[tuple[int, int]], doings: Sequence[Did]) -> None:
        self.items: list[Item] = [listening()]
        self.pages: list[int] = []
        """Items before which a page ends."""
        self.parts: dict[int, Parts] = {}
        """Of each call of a connection with both ends: in which calls its bytes were."""
        self._ends = ends
        self._unread: dict[tuple[int, bool], deque[int]] = defaultdict(deque)
        """Of each byte on its way to an end, by which call it was sent."""
        self._sent: dict[tuple[int, bool], int] = defaultdict(int)
        for one in CONNECTIONS:
            place = Endpoint("127.0.0.1", 50000 + one)
            self.items += [connected(place, connection=10 + one, activity=10 + one)] * ends[one][0]
            self.items += [accepted(place, connection=20 + one)] * ends[one][1]
        for did in doings:
            if did.begins_page:
                self.pages.append(len(self.items))
            (self._send if did.way is OUT else self._receive)(did)

    def _send(self, did: Did) -> None:
        stream = did.connection, not did.serves
        number = self._record(did, self._sent[stream], did.size)
        self._unread[stream] += [number] * did.size
        self._sent[stream] += did.size

    def _receive(self, did: Did) -> None:
        stream = did.connection, did.serves
        unread = self._unread[stream]
        begin = self._sent[stream] - len(unread)
        senders = [unread.popleft() for _byte in range(min(did.size, len(unread)))]
        if not senders:
            return
        number = self._record(did, begin, len(senders))
        if all(self._ends[did.connection]):
            self.parts[number] = [(one, senders.count(one)) for one in dict.fromkeys(senders)]
            for sender, size in self.parts[number]:
                self.parts[sender].append((number, size))

    def _record(self, did: Did, begin: int, size: int) -> int:
        """Record bytes of which each tells its stream and its place in it; return the call."""
        number, towards_server = len(self.items), did.serves == (did.way is IN)
        first = did.connection * 80 + towards_server * 40 + begin
        data = bytes(place % 256 for place in range(first, first + size))
        activity, connection = (SERVES, 20) if did.serves else (10 + did.connection, 10)
        chunk = Chunk(2.0, activity, connection + did.connection, did.way, None, data)
        if self._ends[did.connection][did.serves]:
            self.items.append(chunk)
        if all(self._ends[did.connection]):
            self.parts[number] = []
        return number


@contextmanager
def recorded(items: Sequence[Item], pages: Sequence[int] = (), *damages: str) -> Iterator[Ladder]:
    """Record items, page by page, and then damage the file."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder, "recording"))
        for number, item in enumerate(items):
            if number in pages:
                assert journal.flush()
            put(journal, item)
        assert journal.close()
        with closing(sqlite3.connect(journal.path)) as db, db:
            for damage in damages:
                db.execute(damage)
        with opened(journal.path) as found:
            yield found


def named(rung: Rung) -> Parts:
    return [(arrow.other, arrow.size) for arrow in rung.arrows if arrow.other is not None]


def of_bytes(found: Ladder) -> list[Rung]:
    return [rung for rung in found.rungs if rung.call.kind]


@settings(max_examples=60)
@given(recorded_ends, doings)
def test_every_byte_is_in_one_send_arrow_and_once_received_in_one_receive_arrow(
    ends: Sequence[tuple[int, int]], doings: Sequence[Did]
) -> None:
    lesson = Lesson(ends, doings)
    with recorded(lesson.items, lesson.pages) as found:
        assert found.index.total == len(lesson.items)
        for rung in of_bytes(found):
            call, parts = rung.call, lesson.parts.get(rung.call.number)
            assert named(rung) == (parts or [])
            assert sum(arrow.size for arrow in rung.arrows) == call.size == len(call.data)
            rest = [(arrow.style, arrow.size) for arrow in rung.arrows if arrow.other is None]
            left = call.size - sum(size for _other, size in parts or [])
            style = "seen" if parts is None else "waiting"
            assert rest == ([(style, left)] if left else [])
        assert_said(found)


@settings(max_examples=60)
@given(doings, st.sets(st.integers(1, 12)), st.booleans())
def test_whatever_pages_are_missing_no_byte_is_in_a_wrong_arrow(
    doings: Sequence[Did], missing: set[int], oldest: bool
) -> None:
    lesson = Lesson([(1, 1)] * 3, doings)
    gone = range(1, len(missing) + 1) if oldest else missing
    damages = [f"DELETE FROM page WHERE id = {one}" for one in gone]
    with recorded(lesson.items, lesson.pages, *damages) as found:
        rungs = found.rungs
        for rung in rungs:
            begin = 0
            for other, size in named(rung) if rung.call.kind else []:
                assert rung.call.data[begin : begin + size] in rungs[other].call.data
                begin += size
        assert_said(found)


# -- datagrams -----------------------------------------------------------------------------------


class Sent(NamedTuple):
    """A datagram, and what becomes of it."""

    data: bytes
    lost: bool
    reads: int
    """So many datagrams are received next, of those that wait."""


datagrams = st.lists(
    st.builds(
        Sent,
        st.sampled_from([b"", b"a", b"b", b"ab"]),
        st.sampled_from([True, False, False, False]),
        st.integers(0, 3),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(datagrams)
def test_every_datagram_that_was_received_was_sent_once_before(lesson: Sequence[Sent]) -> None:
    items: list[Item] = [listening(SERVER, UDP)]
    clients = [Endpoint("127.0.0.1", 50000 + one) for one in range(2)]
    items += [connected(one, connection=0, activity=one.port, transport=UDP) for one in clients]
    waiting: deque[Item] = deque()
    for number, one in enumerate(lesson):
        client = clients[number % 2]
        items.append(datagram(one.data, OUT, client.port, SERVER))
        if not one.lost:
            waiting.append(datagram(one.data, IN, SERVES, client))
        items += [waiting.popleft() for _read in range(min(one.reads, len(waiting)))]
    with recorded(items) as found:
        rungs = found.rungs
        for rung in of_bytes(found):
            (arrow,) = rung.arrows
            assert arrow.size == rung.call.size
            if arrow.other is None:  # all that was received had been sent
                assert rung.call.is_sent
                assert arrow.style in ("lost", "waiting")
                continue
            other = rungs[arrow.other]
            assert named(other) == [(rung.call.number, arrow.size)]
            assert other.call.data == rung.call.data
            assert (other.call.number > rung.call.number) is rung.call.is_sent
            assert arrow.source.activity in {one.port for one in clients}
        assert_said(found)


@settings(max_examples=60)
@given(datagrams, st.integers(1, 4), st.booleans())
def test_of_no_datagram_that_arrived_it_is_said_that_it_did_not(
    lesson: Sequence[Sent], at_once: int, stops: bool
) -> None:
    """However many wait, and are lost, beyond those that are looked through in one go."""
    client = Endpoint("127.0.0.1", 50000)
    items: list[Item] = [
        listening(SERVER, UDP),
        connected(client, connection=0, activity=2, transport=UDP),
    ]
    waiting: deque[bytes] = deque()
    arrived: set[bytes] = set()
    for number, one in enumerate(lesson):
        items.append(datagram(b"%d" % number, OUT, 2, SERVER))
        waiting += [] if one.lost else [b"%d" % number]
        for _read in range(min(one.reads, len(waiting))):
            items.append(datagram(waiting[0], IN, SERVES, client))
            arrived.add(waiting.popleft())
    items += [ActivityStopped(at=9.0, activity=SERVES)] * stops
    with pytest.MonkeyPatch.context() as patch, recorded(items) as found:
        patch.setattr(ladder, "AT_ONCE", at_once)
        rungs = found.rungs
        for rung in of_bytes(found):
            (arrow,) = rung.arrows
            if arrow.other is not None:
                assert rungs[arrow.other].call.data == rung.call.data
                # Where very many were lost it may be unknown where one came from.
                assert named(rungs[arrow.other]) in ([(rung.call.number, arrow.size)], [])
            if rung.call.data in arrived:
                assert arrow.style == "seen"
            elif arrow.style != "seen":
                assert arrow.style == "lost" or not stops


calls = st.lists(st.tuples(st.sampled_from([SENT, RECEIVED]), st.sampled_from([b"a", b"b"])))


@given(calls)
def test_as_many_datagrams_arrive_as_can_and_the_same_bytes_in_their_order(
    lesson: Sequence[tuple[int, bytes]],
) -> None:
    told = [
        Call(number, 0.0, 0.0, 0, kind, 0, size=1, data=data)
        for number, (kind, data) in enumerate(lesson)
    ]
    sent = [call for call in told if call.is_sent]
    found = arrivals(sent, [call for call in told if not call.is_sent])
    assert len({*found.values()}) == len(found)
    assert all(told[here].data == told[there].data for here, there in found.items())
    assert all(here < there for here, there in found.items())
    for data in (b"a", b"b"):
        pairs = sorted((here, there) for here, there in found.items() if told[here].data == data)
        assert [there for _here, there in pairs] == sorted(there for _here, there in pairs)
        waiting = arrived = 0
        for call in told:
            if call.data == data:
                if call.is_sent:
                    waiting += 1
                elif waiting:
                    waiting, arrived = waiting - 1, arrived + 1
        assert len(pairs) == arrived


# -- words ---------------------------------------------------------------------------------------

LINE = re.compile(
    r"(?P<source>.+?) (?P<style>──▶|╌╌▶|──✗|──…) (?P<target>.+?)  "
    r"(?:(?:send|recv)  (?P<size>[\d,]+) B  .*?|(?P<label>[A-Z]+(?:, ACK)?))"
    r"(?:  (?P<state>implied|not received yet|lost: never received))?"
    r"(?:  (?P<relation>arrives in|from) #(?P<other>\d+))?"
)
STYLES = {"seen": "──▶", "implied": "╌╌▶", "lost": "──✗", "waiting": "──…"}
STATES = {
    "seen": None,
    "implied": "implied",
    "lost": "lost: never received",
    "waiting": "not received yet",
}


def assert_said(found: Ladder) -> None:
    """Fail unless the words say of every arrow what it is, one line each, in order."""
    rungs, lines = found.rungs, iter(found.lines())
    for rung in rungs:
        numbers = []
        for arrow in rung.arrows or [None]:
            line = next(lines)
            numbers.append(line[:HEAD].split()[:1])
            if arrow is not None:
                assert_line(line[HEAD:], rung, arrow, found)
        assert numbers == [[f"#{rung.call.number}"], *[[]] * (len(numbers) - 1)]
        records = ladder_records(rung, TextOptions(found.reader.addresses()))
        assert len(records) == max(len(rung.arrows), 1)
        for record, one in zip(records, rung.arrows, strict=False):
            told = (record["other_call"], record["bytes"], record["state"])
            assert told == (one.other, one.size, one.style)
    assert next(lines, None) is None
    assert compared(rungs, rungs) == [Pair(row, row) for row in range(len(rungs))]


def assert_line(line: str, rung: Rung, arrow: Arrow, found: Ladder) -> None:
    said = LINE.fullmatch(line)
    assert said, line
    addresses = found.reader.addresses()
    for end, site in (("source", arrow.source), ("target", arrow.target)):
        assert said[end] == (site.address or addresses.get(site) or site_name(site))
    assert (said["style"], said["state"]) == (STYLES[arrow.style], STATES[arrow.style])
    assert (said["label"] or "") == arrow.label
    assert int((said["size"] or "0").replace(",", "")) == arrow.size
    assert (said["other"] and int(said["other"])) == arrow.other
    if arrow.other is not None:
        leaves = arrow.source == rung.site
        assert said["relation"] == ("arrives in" if leaves else "from")
