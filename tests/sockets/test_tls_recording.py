"""A recording of TLS: what was said, and beside it what crossed the wire; figures that add up."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from netlib.activities.client import ClientConfig
from netlib.activities.tls import ClientTls
from netlib.address import Endpoint
from netlib.events import Direction
from netlib.network import CloseMode, Network
from netlib.recording.journal import Journal
from netlib.recording.query import parse_query
from netlib.recording.reader import Recording
from netlib.recording.row_index import Span
from netlib.recording.search import find
from netlib.teaching.lines import WIRE, format_line
from tests.certificates import Pair
from tests.helpers import wait_until
from tests.peers import openssl_server

IN, OUT = Direction


@pytest.mark.peers
def test_plain_text_and_ciphertext_are_recorded_and_counted_once(
    tmp_path: Path, authority: Path, good: Pair
) -> None:
    journal = Journal(tmp_path / "tls.sqlite")
    network = Network(journal)
    with openssl_server(good) as port:
        tls = ClientTls(ca_file=authority)
        number = network.connect(ClientConfig(endpoint=Endpoint("localhost", port), tls=tls))
        assert wait_for_send(network, number, b"abc\n")
        wait_until(lambda: journal.flush() and b"cba\n" in said(journal.path, number, IN))
        network.end(number, CloseMode.CLOSE)
        wait_until(lambda: network.totals(number).clients == 0)
    totals = network.totals(number)
    assert network.close(5.0)
    assert journal.close()
    assert journal.recorded == {1: totals.received, 2: totals.sent}
    assert said(journal.path, number, OUT) == b"abc\n"
    wire = said(journal.path, number, OUT, WIRE)
    assert len(wire) == totals.sent
    assert wire[:1] == b"\x16"  # a handshake record (RFC 8446, section 5.1)
    assert b"abc" not in wire
    rows = shown(journal.path, number)
    assert any("→       4 B" in row and row.endswith("abc\\n") for row in rows)
    assert any("⇢" in row and "16 03 01" in row for row in rows)
    assert found(journal.path, number, "abc") == [
        row for row, text in enumerate(rows) if "abc" in text
    ]


def wait_for_send(network: Network, number: int, data: bytes) -> bool:
    wait_until(lambda: network.send(number, data))
    return True


def said(path: Path, activity: int, way: Direction, wire: int = 0) -> bytes:
    with closing(Recording(path)) as recording:
        lines = recording.lines(activity, 0, 1000)
    return b"".join(line.data for line in lines if line.kind == way + wire)


def shown(path: Path, activity: int) -> list[str]:
    with closing(Recording(path)) as recording:
        lines = recording.lines(activity, 0, 1000)
    return [format_line(line, None, "log", "utf-8")[1] for line in lines]


def found(path: Path, activity: int, words: str) -> list[int]:
    with closing(Recording(path)) as recording:
        span = Span(activity, 0, recording.activities()[activity])
        return list(find(recording, [span], parse_query(words, "utf-8")))
