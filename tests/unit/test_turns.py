"""In which order clients go on, and how many in one turn of the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from netlib.activities.turns import TURN_POSTS, Turns
from netlib.engine.loop import Engine
from netlib.engine.tcp import TcpSocket


class FakeEngine:
    """Does at once what it is told; a planned call waits for the next turn."""

    def __init__(self) -> None:
        self.now = 0.0
        self.planned: list[tuple[float, Callable[[], None]]] = []

    def run(self, _owner: object, what: Callable[[], None]) -> None:
        what()

    def call_later(self, seconds: float, _owner: object, call: Callable[[], None]) -> None:
        self.planned.append((seconds, call))

    def turn(self) -> None:
        self.now += 1.0
        planned, self.planned = self.planned, []
        for _seconds, call in planned:
            call()


class FakeStream:
    """A client that has some turns' work and causes so many writes in each."""

    def __init__(self, turns: Turns, log: list[str], name: str, work: int, posts: int) -> None:
        self.engine = turns._engine
        self._turns, self._log, self._name, self._posts = turns, log, name, posts
        self.work = work

    def wait(self) -> None:
        self._turns.wait(cast(TcpSocket, self), self._proceed)

    def _proceed(self) -> None:
        self._log.append(self._name)
        self._turns.count(self._posts)
        self.work -= 1
        if self.work:
            self.wait()


def new(pace: float = 0.0) -> tuple[FakeEngine, Turns]:
    engine = FakeEngine()
    return engine, Turns(cast(Engine, engine), cast(TcpSocket, None), lambda: pace)


def test_one_turn_of_the_engine_holds_so_many_writes_and_who_waits_longest_is_next() -> None:
    engine, turns = new()
    log: list[str] = []
    for name in "abc":
        FakeStream(turns, log, name, 3, TURN_POSTS // 2).wait()
    went_on = []
    while engine.planned:
        engine.turn()
        went_on.append("".join(log))
        log.clear()
    assert went_on == ["ab", "ca", "bc", "ab", "c"]
    assert not turns.busy


def test_one_goes_on_in_each_turn_however_much_it_causes() -> None:
    engine, turns = new()
    log: list[str] = []
    for name in "ab":
        FakeStream(turns, log, name, 1, 10 * TURN_POSTS).wait()
    engine.turn()
    assert log == ["a"]
    engine.turn()
    assert log == ["a", "b"]


def test_who_has_more_to_do_waits_for_the_next_turn_though_there_is_room() -> None:
    engine, turns = new()
    log: list[str] = []
    FakeStream(turns, log, "a", 2, 1).wait()
    engine.turn()
    assert log == ["a"]
    assert turns.busy  # whoever speaks now comes after it


def test_a_turn_that_is_full_makes_others_wait_until_it_is_over() -> None:
    engine, turns = new()
    turns.count(TURN_POSTS - 1)
    assert not turns.busy
    turns.count(1)
    assert turns.busy
    engine.turn()
    assert not turns.busy
    turns.count(1)
    assert not turns.busy


def test_turns_are_as_far_apart_as_the_slowest_reader_needs() -> None:
    engine, turns = new(pace=0.5)
    log: list[str] = []
    for name in "ab":
        FakeStream(turns, log, name, 1, TURN_POSTS).wait()
    assert [seconds for seconds, _call in engine.planned] == [0.5]
    engine.turn()
    assert [seconds for seconds, _call in engine.planned] == [0.5]
