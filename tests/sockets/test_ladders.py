"""The ladders of a lesson's steps: of the run that proved a step and no other, or of its case."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from netlib import EventQueue, Network, Tee
from netlib.lessons.ladders import MOST_ROWS, ROWS_EACH, Ladder, ladder_of, step_ladders
from netlib.lessons.player import Player
from netlib.recording.journal import Journal
from tests.lessons import lesson, play, scripted

TEXT = "{http://www.w3.org/2000/svg}text"


def words(ladder: Ladder) -> list[str]:
    return [
        one.text or "" for picture in ladder for one in ElementTree.fromstring(picture).iter(TEXT)
    ]


def played(path: Path, *scripts: str) -> Player:
    """Play the first step with each of some scripts; return the player, all of it recorded."""
    queue, journal = EventQueue(1 << 20), Journal(path)
    network = Network(Tee(queue, journal))
    player = Player(lesson(), network)
    for script in scripts:
        player.lesson = scripted(*script.splitlines())
        play(player, queue)
    player.close()
    assert network.close(5.0)
    assert journal.close(5.0)
    return player


SCRIPT = """serve server acknowledge
connect client server
send client "{}\\n"
expect client received starts="已接收" """


def test_a_step_has_the_ladder_of_the_run_that_proved_it(tmp_path: Path) -> None:
    path = tmp_path / "all.socketboard"
    player = played(path, SCRIPT.format("one") + "\nnot-yet client sent", SCRIPT.format("two"))
    (ladder,) = step_ladders(player.progress, player.proving, path, {}).values()
    assert r"two\n" in words(ladder)
    assert r"one\n" not in words(ladder), "that run has proven nothing"


def test_of_what_was_not_recorded_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "all.socketboard"
    player = played(path, SCRIPT.format("one"))
    assert step_ladders(player.progress, {}, path, {}) == {}
    assert step_ladders(player.progress, player.proving, None, {}) == {}
    assert step_ladders(player.progress, {0: frozenset({99})}, path, {}) == {}


def test_a_recorded_case_has_its_packets(tmp_path: Path) -> None:
    player = played(tmp_path / "all.socketboard", SCRIPT.format("one"))
    player.progress.set(1, proof="case unanswered")
    ladders = step_ladders(player.progress, {}, None, {})
    assert [*ladders] == [1]
    assert "SYN" in " ".join(words(ladders[1]))


def test_long_ones_are_cut_in_pages_and_the_rest_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "all.socketboard"
    lines = [f'send client "{number}\\n"\nexpect server received calls={number + 1}'
             for number in range(MOST_ROWS // 2)]  # fmt: skip
    played(path, "\n".join(["serve server count", "connect client server", *lines]))
    ladder = ladder_of(path)
    assert len(ladder) == MOST_ROWS // ROWS_EACH
    assert "more rows" in words(ladder)[-1]
    assert r"0\n" in words(ladder)
