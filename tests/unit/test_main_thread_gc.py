"""Garbage goes when the window's thread says so, and at no other time."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from gui.main_thread_gc import MainThreadGc


class Knot:
    """Refers to itself: only the collector can end it."""

    def __init__(self, ended: list[str]) -> None:
        self.me = self
        weakref.finalize(self, lambda: ended.append(threading.current_thread().name))


@pytest.fixture
def collector() -> Iterator[MainThreadGc]:
    gc.collect()
    made = MainThreadGc()
    yield made
    made.stop()


def litter(ended: list[str]) -> None:
    """Leave more garbage than Python would by itself."""
    for _ in range(2 * gc.get_threshold()[0]):
        Knot(ended)


def test_a_thread_that_makes_garbage_does_not_collect_it_and_the_next_tick_does(
    collector: MainThreadGc,
) -> None:
    ended = list[str]()
    maker = threading.Thread(target=litter, args=(ended,), name="engine")
    maker.start()
    maker.join()
    assert ended == []
    collector.tick()
    assert {*ended} == {threading.current_thread().name}


def test_what_is_built_is_left_alone_until_the_end(collector: MainThreadGc) -> None:
    ended = list[str]()
    Knot(ended)
    collector.built()
    gc.collect()
    assert ended == []
    collector.stop()
    gc.collect()
    assert len(ended) == 1


def test_afterwards_python_collects_by_itself_again() -> None:
    collector = MainThreadGc()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
