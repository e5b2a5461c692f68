"""What is exported is what crossed, whatever crossed."""

from __future__ import annotations

import csv
import io
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from itertools import pairwise
from json import loads
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.events import Accepted, Chunk, Connected, Direction, Transport
from netlib.recording.event_json import to_json
from netlib.recording.export import ExportOptions, export, files
from netlib.teaching.lines import Format, View
from tests.captures import connections, packets
from tests.pages import Chunk as PageChunk
from tests.pages import write_either
from tests.recordings import chunk, order, recorded, spans, written

CLIENT, SERVER = 1, 2

chunks = st.lists(
    st.builds(
        chunk,
        st.binary(max_size=20) | st.text("a\n好", max_size=8).map(str.encode),
        st.sampled_from(Direction),
        connection=st.integers(0, 2),
    ),
    max_size=10,
)


def exported(items: list[Chunk], form: Format, view: View = "log") -> dict[int, bytes]:
    """Return the file for each direction."""
    with recorded(items) as recording, tempfile.TemporaryDirectory() as folder:
        order = ExportOptions(recording=recording, lines=spans(recording), format=form, view=view)
        export(order, Path(folder, "out"), lambda _share: None, lambda: False)
        return {
            kind: place.read_bytes() for kind, place in files(form, Path(folder, "out")).items()
        }


@given(chunks)
def test_raw_files_hold_every_byte_in_order(items: list[Chunk]) -> None:
    assert exported(items, "raw") == {
        way: b"".join(item.data for item in items if item.direction is way) for way in Direction
    }


@given(chunks)
def test_json_lines_hold_every_byte_in_order(items: list[Chunk]) -> None:
    rows = [loads(line) for line in exported(items, "jsonl")[Direction.SENT].splitlines()]
    assert b"".join(b64decode(row["data"]) for row in rows) == b"".join(i.data for i in items)


@given(chunks)
def test_a_table_holds_every_byte_and_no_formula(items: list[Chunk]) -> None:
    text = exported(items, "csv")[Direction.SENT].decode()
    _head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert bytes.fromhex("".join(row[7] for row in rows)) == b"".join(i.data for i in items)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


words = st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=5), min_size=1)


@given(words, st.data())
def test_text_comes_back_wherever_it_was_cut(typed: list[str], data: st.DataObject) -> None:
    sent = "".join(f"{word}\n" for word in typed).encode()
    cut = data.draw(st.integers(1, len(sent) - 1))
    items = [chunk(sent[:cut]), chunk(sent[cut:])]
    text = exported(items, "text", "text")[Direction.RECEIVED].decode()
    assert "".join(row.removeprefix("← ") for row in text.split("\n")) == "".join(typed)


@given(chunks)
def test_packets_hold_every_byte_in_order(items: list[Chunk]) -> None:
    found = packets(exported(items, "pcapng")[0])
    for number in (1, 2):
        own = [item for item in items if item.connection == number]
        said = [b"".join(item.data for item in own if item.direction is way) for way in Direction]
        ends = [sorted(filter(None, one.data.values())) for one in connections(found)]
        assert not any(said) or sorted(filter(None, said)) in ends
    datagrams = [one.data for one in found if one.protocol == "udp"]
    assert datagrams == [item.data for item in items if not item.connection]


@st.composite
def both_ends(draw: st.DrawFn) -> tuple[list[PageChunk], dict[int, tuple[bytes, bytes]]]:
    """Return calls at both ends of two connections as they may come, and what was said in each."""
    calls: list[PageChunk] = []
    said: dict[int, tuple[bytes, bytes]] = {}
    for number in (1, 2):
        events = [to_json(event).encode() for event in begun(number)]
        both = draw(st.tuples(st.binary(max_size=20), st.binary(max_size=20)))
        said[number] = both
        ways = [
            (CLIENT, 2, both[0]), (SERVER, 1, both[0]), (SERVER, 2, both[1]), (CLIENT, 1, both[1])
        ]  # fmt: skip
        queues = [[*pieces(draw, data)] for _activity, _kind, data in ways]
        calls += [PageChunk(events[0], 0, CLIENT, number), PageChunk(events[1], 0, SERVER, number)]
        while any(queues):
            which = draw(st.sampled_from([at for at, queue in enumerate(queues) if queue]))
            activity, kind, _data = ways[which]
            calls.append(PageChunk(queues[which].pop(0), kind, activity, number))
    return [one._replace(at=at) for at, one in enumerate(calls)], said


def pieces(draw: st.DrawFn, data: bytes) -> Iterator[bytes]:
    cuts = sorted(draw(st.sets(st.integers(1, max(len(data) - 1, 1)), max_size=4)))
    for begin, end in pairwise([0, *(cut for cut in cuts if cut < len(data)), len(data)]):
        if end > begin:
            yield data[begin:end]


def begun(number: int) -> tuple[Connected, Accepted]:
    here, there = Endpoint("127.0.0.1", 5000 + number), Endpoint("127.0.0.1", 80)
    connected = Connected(
        at=0.0,
        activity=CLIENT,
        connection=number,
        transport=Transport.TCP,
        local=here,
        peer=there,
        resolve_seconds=0.0,
        connect_seconds=0.0,
    )
    accepted = Accepted(at=0.0, activity=SERVER, connection=number, local=there, peer=here)
    return connected, accepted


@given(both_ends(), st.integers(0, 1000))
def test_whatever_calls_both_ends_make_each_byte_is_in_the_packets_once(
    made: tuple[list[PageChunk], dict[int, tuple[bytes, bytes]]], seed: int
) -> None:
    calls, said = made
    with tempfile.TemporaryDirectory() as folder:
        recording = write_either(Path(folder, "r"), calls, seed)
        capture = written(order(recording, "pcapng"), Path(folder, "out"))
    found = connections(packets(capture))
    assert {one.sides[0]: tuple(one.data.values()) for one in found} == {
        f"127.0.0.1|{5000 + number}": both for number, both in said.items()
    }
