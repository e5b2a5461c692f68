"""Threads for what blocks: bounded in number, gone when there is nothing to do."""

from __future__ import annotations

import logging
import threading
from functools import partial

import pytest

from netlib.engine.loop import Engine
from netlib.engine.outbox import Outbox
from netlib.engine.workers import THREADS, Workers
from tests.helpers import wait_until


def test_at_most_so_many_block_at_once_and_all_work_is_done() -> None:
    workers, go_on = Workers(), threading.Event()
    counting, running, most, done = threading.Lock(), 0, 0, 0

    def work() -> None:
        nonlocal running, most, done
        with counting:
            running += 1
            most = max(most, running)
        go_on.wait(10)
        with counting:
            running -= 1
            done += 1

    for _ in range(3 * THREADS):
        workers.run(work)
    wait_until(lambda: running == THREADS)
    go_on.set()
    wait_until(lambda: done == 3 * THREADS)
    assert most == THREADS


def test_a_bug_in_one_work_is_logged_and_the_next_is_done(
    logged_errors: list[logging.LogRecord],
) -> None:
    workers, done = Workers(), threading.Event()
    workers.run(lambda: 1 // 0)
    workers.run(done.set)
    assert done.wait(10)
    wait_until(lambda: logged_errors)
    logged_errors.clear()


def _refuse(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_where_the_system_gives_no_thread_that_is_said_and_later_work_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers, done, undone = Workers(), threading.Event(), list[int]()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _refuse)
        for number in range(THREADS + 1):
            with pytest.raises(RuntimeError, match="new thread"):
                workers.run(partial(undone.append, number))
    workers.run(done.set)
    assert done.wait(10)
    assert undone == []


def test_work_for_which_there_is_no_thread_waits_for_one_that_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers, go_on, done = Workers(), threading.Event(), threading.Event()
    workers.run(lambda: go_on.wait(10))
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _refuse)
        workers.run(done.set)
    go_on.set()
    assert done.wait(10)


class Owner:
    """Whoever the work belongs to."""

    def crashed(self, trace: str) -> None:
        raise AssertionError(trace)


def test_the_engine_takes_the_outcome_in_its_own_thread() -> None:
    engine, told = Engine(Outbox()), list[tuple[str, str]]()
    engine.start()
    engine.in_thread(
        Owner(),
        lambda: threading.current_thread().name,
        lambda name: told.append((name, threading.current_thread().name)),
    )
    wait_until(lambda: told)
    assert told == [("socketboard-worker", "socketboard-engine")]
    assert engine.stop(5.0)
