"""Items as an engine puts them into a recorder: as records, each flow told before its chunks."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from netlib.engine.outbox import Recorder
from netlib.engine.records import EVENT, FLOW_BITS, NEW_FLOW, Flow, Item, Record, new_flow
from netlib.events import Accepted, Chunk, Connected, Named, Plaintext, WireChunk


class Puts:
    """Puts items into a recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self._put = recorder.put
        self._flows: dict[object, Flow] = {}

    def put(self, item: Item) -> None:
        """Put one, and before it what is to be known of its flow."""
        for record in self.records(item):
            self._put(record)

    def records(self, item: Item) -> Iterable[Record]:
        """Return what an engine puts for an item."""
        if isinstance(item, Chunk):
            whose = (item.connection or item.peer, item.activity)
            if whose not in self._flows:
                flow = new_flow(item.activity, item.connection, item.peer, layered=_layered(item))
                yield self._tell(whose, flow)
            number = self._flows[whose].number
            layer = 2 * isinstance(item, WireChunk) + 4 * isinstance(item, Plaintext)
            yield round(item.at * 1e6), number << FLOW_BITS | item.direction + layer, item.data
            return
        if isinstance(item, Accepted | Connected) and item.connection:
            flow = new_flow(item.activity, item.connection, item.peer, layered=True)
            yield self._tell((item.connection, item.activity), flow)
        elif isinstance(item, Named):
            before = self._flows[item.connection, item.activity]
            flow = new_flow(item.activity, item.connection, before.peer, item.name)
            yield self._tell((item.connection, item.activity), flow)
        yield 0, EVENT, item

    def _tell(self, whose: object, flow: Flow) -> Record:
        self._flows[whose] = flow
        return 0, NEW_FLOW, flow


_PUTS: WeakKeyDictionary[Recorder, Puts] = WeakKeyDictionary()


def put(recorder: Recorder, *items: Item) -> None:
    """Put items, after those that were put into the same recorder before."""
    puts = _PUTS.setdefault(recorder, Puts(recorder))
    for item in items:
        puts.put(item)


def _layered(chunk: Chunk) -> bool:
    return isinstance(chunk, WireChunk | Plaintext)
