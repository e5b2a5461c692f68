"""Real packets in a ladder: shown, hidden, captured live where that is permitted, refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.recording_window import RecordingWindow
from gui.views.ladder_pane import LadderPane
from gui.widgets.tooltip import words_of
from netlib.segment import ACK, PSH
from tests.gui.ladders import all_of, canvas, said, show, strip, twin
from tests.gui.window import Window, seen_in
from tests.ladders import (
    accepted,
    connected,
    connecting,
    handshake,
    listening,
    received,
    segment,
    sent,
)
from tests.recordings import record

ITEMS = [
    listening(at=0.5),
    connecting(at=1.0),
    connected(at=1.2),
    accepted(at=1.3),
    sent(b"hello\n", at=2.0),
    received(b"hello\n", at=2.2),
]
PACKETS = [
    *handshake(at=1.1),
    segment(PSH | ACK, (1001, 5001), b"hello\n", at=2.1),
    segment(ACK, (5001, 1007), serves=True, at=2.1),
]


@pytest.fixture
def recording(window: Window, tmp_path: Path) -> Iterator[RecordingWindow]:
    """Open a recording with packets, on its ladder."""
    path = record(tmp_path / "packets.socketboard", ITEMS, PACKETS)
    found = window.app.recording_files.open(path)
    found.geometry("1280x1000")
    window.wait(lambda: found.view)
    yield found
    found.close()


@pytest.fixture
def ladder(window: Window, recording: RecordingWindow) -> LadderPane:
    assert recording.view is not None
    found = show(window, recording.view.pane)
    window.wait(lambda: found.rows.packets is not None and found.rows.packets.places)
    window.wait(lambda: found.rows.count() == len(ITEMS) + len(PACKETS) and said(found))
    return found


def test_segments_have_their_numbers_and_none_is_implied(ladder: LadderPane) -> None:
    texts = all_of(ladder, said)
    assert any(text.startswith("SYN  seq 0  win 65,535  mss 65,000") for text in texts)
    assert any(text.startswith("PSH, ACK  seq 1  ack 1  len 6") for text in texts)
    assert "implied" not in texts


def test_they_can_be_hidden_and_are_implied_then(window: Window, ladder: LadderPane) -> None:
    ladder.view.packets.invoke()
    window.wait(lambda: ladder.rows.count() == len(ITEMS))
    window.wait(lambda: "implied" in said(ladder))
    ladder.view.packets.invoke()
    window.wait(lambda: ladder.rows.count() == len(ITEMS) + len(PACKETS))
    assert "implied" not in said(ladder)


def test_the_twin_says_the_same(window: Window, ladder: LadderPane) -> None:
    words = twin(window, ladder)
    assert words.count("captured") == len(PACKETS)
    assert "seq 1  ack 1  len 6" in words
    assert "implied" not in words


def test_the_strip_has_the_numbers_of_the_header(window: Window, ladder: LadderPane) -> None:
    ladder.view.go_to(2)
    window.settle()
    assert "seq 1000" in strip(ladder)
    window.press(canvas(ladder), "<Return>")
    window.settle()
    assert ladder.winfo_viewable()
    assert any("A packet has no row in the log" in text for text in seen_in(window.root))


def test_a_search_and_a_pattern_go_by_calls(window: Window, ladder: LadderPane) -> None:
    window.press(canvas(ladder), "<Control-f>")
    ladder.rows.find("hello")
    window.wait(lambda: (progress := ladder.rows.progress()) and progress.found == 2)
    ladder.rows.show_matches_only(True)
    window.wait(lambda: ladder.rows.count() == 2)
    ladder.rows.end_search()
    ladder.open_pattern()
    ladder.pattern.entry.insert(0, "send receive")
    ladder.pattern.enter()
    window.wait(lambda: ladder.view.chosen()[1] > ladder.view.chosen()[0])
    first = ladder.view.ladder.rung(ladder.view.chosen()[0])
    assert first is not None
    assert first.name == "send"


def test_a_recording_without_packets_says_so(window: Window, tmp_path: Path) -> None:
    path = record(tmp_path / "plain.socketboard", ITEMS)
    found = window.app.recording_files.open(path)
    window.wait(lambda: found.view)
    assert found.view is not None
    ladder = show(window, found.view.pane)
    window.wait(lambda: ladder.view.packets.instate(["disabled"]))
    assert "No packets were captured" in words_of(ladder.view.packets)
    found.close()


def test_a_picture_has_them_too(window: Window, ladder: LadderPane, tmp_path: Path) -> None:
    target = tmp_path / "packets.svg"
    job = ladder.svg_file(target)
    window.wait(lambda: job.outcome)
    assert "SYN, ACK  seq 0  ack 1" in target.read_text("utf-8")


# -- live ----------------------------------------------------------------------------------------


def test_live_packets_come_where_they_are_permitted_and_else_it_is_said_why(
    window: Window,
) -> None:
    window.go("server")
    port = window.start_server()
    ladder = show(window, window.server.traffic)
    packets = window.app.backend.packets
    packets.begin()
    window.go("connect")
    window.connect.call(f"127.0.0.1:{port}", "hello")
    window.wait(lambda: window.connect.traffic.rows.count() > 3)
    window.go("server")
    window.wait(lambda: packets.refusal or any("len 6" in text for text in all_of(ladder, said)))
    if packets.refusal:
        window.wait(lambda: packets.refusal in words_of(ladder.view.packets))
        return
    texts = all_of(ladder, said)
    assert any("SYN  seq 0" in text for text in texts)
    assert "implied" not in texts
    assert ladder.view.packets.instate(["selected"])
