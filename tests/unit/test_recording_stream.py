"""One direction of a recorded connection: which calls sent its bytes, which received them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from netlib.recording.calls import CallIndex
from netlib.recording.reader import Recording
from netlib.recording.stream import Stream
from tests.ladders import both, received, sent
from tests.recordings import record


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    items = [*both(), sent(b"one\nt"), sent(b"wo\n"), received(b"one\ntwo"), sent(b"3")]
    return record(tmp_path / "r", items)


def stream_of(opened: Recording, *, sent_by_client: bool) -> Stream:
    index = CallIndex()
    while index.advance(opened):
        pass
    client = next(end for end in index.pairing.ends if end.connection and not end.serves)
    return Stream(opened, index, client.number, sent=sent_by_client)


def test_sends_and_receives_stand_over_the_same_bytes(recording: Path) -> None:
    with closing(Recording(recording)) as opened:
        shown = stream_of(opened, sent_by_client=True).boundaries(lines=True)
        assert shown.sends is not None
        assert shown.receives is not None
        assert shown.messages is not None
        assert [*shown.sends.ends] == [5, 8, 9]
        assert [*shown.receives.ends] == [7]
        assert [*shown.messages.ends] == [4]
        assert (shown.size, shown.missing) == (9, 2)
        for first in range(9):
            for last in range(first, 10):
                assert shown.read(first, min(last, 9)) == b"one\ntwo\n3"[first : min(last, 9)]


def test_a_direction_in_which_nothing_went_has_no_bytes(recording: Path) -> None:
    with closing(Recording(recording)) as opened:
        shown = stream_of(opened, sent_by_client=False).boundaries(lines=False)
        assert (shown.size, shown.messages) == (0, None)
