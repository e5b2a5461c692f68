"""The pump ticks until it is stopped, whatever happens in a tick."""

from __future__ import annotations

import tkinter as tk

import pytest

from gui import pump as pump_module
from gui.pump import Pump
from tests.gui.conftest import pump_until
from tests.gui.window import Window


def test_it_ticks_at_once_and_again_until_it_is_stopped(root: tk.Tk) -> None:
    ticks = list[int]()
    pump = Pump(root, lambda: ticks.append(1))
    assert not pump.running
    pump.start()
    assert len(ticks) == 1
    pump_until(root, lambda: len(ticks) > 3)
    pump.stop()
    pump.stop()
    assert not pump.running
    assert root.tk.splitlist(root.tk.call("after", "info")) == ()  # nothing is planned any more


def test_a_tick_may_stop_the_pump(root: tk.Tk) -> None:
    def work() -> None:
        pump.stop()

    pump = Pump(root, work)
    pump.start()
    assert not pump.running
    assert root.tk.splitlist(root.tk.call("after", "info")) == ()


def test_a_bug_in_one_tick_is_shown_and_the_next_comes(root: tk.Tk) -> None:
    ticks = list[int]()

    def work() -> None:
        ticks.append(1)
        if len(ticks) == 2:
            raise ZeroDivisionError

    pump = Pump(root, work)
    pump.start()
    with pytest.raises(ZeroDivisionError):
        pump_until(root, lambda: len(ticks) == 3)
    pump_until(root, lambda: len(ticks) == 4)
    pump.stop()


@pytest.mark.parametrize(("took", "pause"), [(0, 33), (10, 23), (22, 11), (40, 20), (300, 150)])
def test_after_a_long_tick_others_have_their_turn(
    root: tk.Tk, monkeypatch: pytest.MonkeyPatch, took: int, pause: int
) -> None:
    clock, planned = iter((1.0, 1.0005 + took / 1000)), list[int]()
    monkeypatch.setattr(pump_module, "now", lambda: next(clock))
    monkeypatch.setattr(root, "after", lambda wait, _what: planned.append(wait))
    Pump(root, lambda: None).start()
    assert planned == [pause]


def test_the_engines_are_held_while_a_page_is_shown_and_only_then(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, held = window.app.backend.network.hold, list[bool]()
    monkeypatch.setattr(window.app.page, "tick", lambda: held.append(hold.on))
    window.wait(lambda: len(held) > 1)
    assert all(held)
    assert not hold.on


@pytest.mark.parametrize("pours", [True, False])
def test_what_is_new_is_drawn_within_the_tick_only_where_an_engine_waits(
    window: Window, monkeypatch: pytest.MonkeyPatch, pours: bool
) -> None:
    hold, drawn = window.app.backend.network.hold, list[bool]()
    monkeypatch.setattr(window.app.page, "tick", lambda: setattr(hold, "waiting", pours))
    monkeypatch.setattr(window.root, "update_idletasks", lambda: drawn.append(hold.on))
    ticks = window.app._ticks
    window.wait(lambda: window.app._ticks > ticks + 2)
    assert drawn == [True] * len(drawn)
    assert bool(drawn) is pours
