"""Playing a lesson: questions before and after, runs again, two at once, left and resumed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib import EventQueue, Network, set_language
from netlib.lessons import player as module
from netlib.lessons.player import Player
from netlib.lessons.progress import read_progress
from netlib.teaching.cases import find_case
from netlib.teaching.lesson_list import shipped_lesson
from tests.helpers import wait_until
from tests.lessons import SMALL, lesson, play, scripted


@pytest.fixture
def queue() -> EventQueue:
    return EventQueue(4 << 20)


@pytest.fixture
def network(queue: EventQueue) -> Iterator[Network]:
    network = Network(queue)
    yield network
    assert network.close(timeout=5.0)
    set_language("en")


def _over(player: Player) -> bool:
    player.turn()
    return player.run is not None and player.run.over


def test_a_step_is_predicted_run_and_looked_back_at(network: Network, queue: EventQueue) -> None:
    player = Player(lesson(), network)
    assert player.predict(1).text == "Nothing."
    assert play(player, queue) == ""
    assert player.see(1).right
    state = player.state
    assert state.prediction is not None
    assert (state.prediction.given, state.prediction.right) == (1, False)
    assert (state.runs, state.proof, state.done) == (1, "run", True)
    player.go_to(1)
    assert play(player, queue) == ""
    assert player.state.proof == "case handshake"
    with pytest.raises(ValueError, match="step 2"):
        player.go_to(2)


def test_a_proof_that_did_not_come_may_come_next_time(network: Network, queue: EventQueue) -> None:
    script = ["serve server echo", "connect client server", "expect client received within=0.1"]
    player = Player(scripted(*script), network)
    for runs in (1, 2):
        assert "it has received" in play(player, queue)
        assert (player.state.runs, player.state.proof) == (runs, "")
    player.lesson = lesson()
    assert play(player, queue) == ""
    assert (player.state.runs, player.state.proof) == (3, "run")
    player.close()


def test_where_its_system_is_another_the_recorded_case_proves_it(
    network: Network, queue: EventQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = ["only-on linux,macos", "case close", "serve server echo", "expect server listening"]
    player = Player(scripted(*script), network)
    for system, proof in (("linux", "run"), ("windows", "case close")):
        monkeypatch.setattr(module, "system_name", lambda name=system: name)
        player.progress.set(0, proof="")
        assert play(player, queue) == ""
        assert player.state.proof == proof
    player.close()


def test_a_case_that_cannot_be_read_proves_nothing(
    network: Network, queue: EventQueue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    player = Player(lesson(), network)
    player.go_to(1)
    broken = find_case("close")
    monkeypatch.setattr(type(broken), "path", tmp_path / "none.socketboard")
    assert "does not exist" in play(player, queue)
    assert player.state.proof == ""


def test_what_one_run_began_is_over_before_the_next(network: Network, queue: EventQueue) -> None:
    player = Player(lesson(), network)
    play(player, queue)
    first = player.run
    assert first is not None
    servers = list(first.names)
    play(player, queue)
    wait_until(lambda: not any(network.clients(number) for number in servers))
    assert player.run is not None
    assert not set(player.run.names) & set(servers)
    player.close()


def test_two_lessons_at_once_do_not_hear_each_other(network: Network, queue: EventQueue) -> None:
    other_queue = EventQueue(4 << 20)
    other_network = Network(other_queue)
    players = [(Player(lesson(), network), queue), (Player(lesson(), other_network), other_queue)]
    for player, _queue in players:
        player.begin()

    def both_over() -> bool:
        for player, items in players:
            for item in items.take():
                player.hear(item)
            player.turn()
        return all(player.run is not None and player.run.over for player, _queue in players)

    wait_until(both_over, 10.0)
    assert [player.state.proof for player, _queue in players] == ["run", "run"]
    for player, _queue in players:
        player.close()
    assert other_network.close(5.0)


def test_left_and_resumed_it_goes_on_where_it_was(network: Network, queue: EventQueue) -> None:
    player = Player(lesson(), network)
    player.predict(0)
    play(player, queue)
    player.see(1)
    player.go_to(1)
    player.predict(0)
    player.close()
    kept = read_progress(player.progress.to_json(), lesson())
    resumed = Player(lesson(), network, kept)
    assert resumed.number == 1
    assert resumed.state.prediction is not None
    assert not resumed.state.prediction.right
    assert json.loads(kept.to_json()) == json.loads(player.progress.to_json())


def test_the_language_may_change_in_the_middle(network: Network, queue: EventQueue) -> None:
    player = Player(shipped_lesson("handshake", "en"), network)
    player.predict(0)
    player.translate(shipped_lesson("handshake", "zh"))
    assert "监听" in player.step.title
    assert play(player, queue) == ""
    with pytest.raises(ValueError, match="not a translation"):
        player.translate(lesson(SMALL))
    player.close()


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")
def test_a_case_recorded_here_takes_the_place_of_the_recorded_one(
    network: Network, queue: EventQueue, tmp_path: Path
) -> None:
    player = Player(lesson(), network)
    player.go_to(1)
    assert play(player, queue) == ""
    assert player.state.proof == "case handshake"
    player.begin(tmp_path)
    run = player.run
    assert run is not None
    assert not run.over, "nobody waits for it"
    wait_until(lambda: _over(player), 20.0)
    assert (run.why_not, player.state.proof) == ("", "live case handshake")
    assert [*tmp_path.iterdir()] == [player.recordings[1]]
    assert play(player, queue) == ""
    assert player.state.proof == "live case handshake", "what was proven stays"
    player.close()
    assert read_progress(player.progress.to_json(), lesson()).steps[1].proof == player.state.proof


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")
def test_a_case_that_cannot_be_recorded_proves_nothing(
    network: Network, queue: EventQueue, tmp_path: Path
) -> None:
    player = Player(lesson(), network)
    player.go_to(1)
    player.begin(tmp_path / "missing")
    run = player.run
    assert run is not None
    wait_until(lambda: _over(player), 20.0)
    assert "No such file" in run.why_not
    assert (player.state.proof, player.recordings) == ("", {})
    player.close()
