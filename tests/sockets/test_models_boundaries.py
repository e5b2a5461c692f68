"""The experiment as the window has it: one at a time, stopped, and told in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gui.models.boundaries import BoundariesModel, typed_messages
from netlib import BoundarySettings, set_language
from netlib.teaching.boundary_words import title
from tests.helpers import wait_until


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def over(model: BoundariesModel) -> bool:
    model.tick()
    return not model.running


def test_a_result_comes_once() -> None:
    model = BoundariesModel()
    assert (model.boundaries, model.words(), model.changes) == (None, "", 0)
    model.start(BoundarySettings(delay=1000))
    assert model.running
    model.start(BoundarySettings(sends=9))  # one at a time
    wait_until(lambda: over(model))
    assert model.boundaries is not None
    assert title(model.boundaries) == "4 sends, 3 receives."
    model.tick()
    assert model.changes == 1
    assert model.words().startswith("Receive buffer: ")
    assert model.words().endswith("may differ next time.")


def test_one_that_is_stopped_shows_what_it_has() -> None:
    model = BoundariesModel()
    model.start(BoundarySettings(sends=100, pause=1000, delay=0))
    model.stop()
    wait_until(lambda: over(model))
    assert model.result is not None
    assert not model.result.complete
    assert not model.refusal
    assert model.words().startswith("It ended before all was sent and received.")


def test_what_the_system_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_buffer: int) -> None:
        raise OSError(24, "too many")

    monkeypatch.setattr("netlib.activities.boundary_experiment.loopback_pair", refuse)
    model = BoundariesModel()
    model.start(BoundarySettings())
    wait_until(lambda: over(model))
    assert "No more sockets can be opened" in model.refusal
    assert model.words() == ""


def test_messages_are_typed_with_bars_between_them() -> None:
    assert typed_messages("hello class!|你好") == (b"hello class!", "你好".encode())
    assert typed_messages(r"a\nb|\n") == (b"a\nb", b"\n")
    assert typed_messages("") == (b"",)
    with pytest.raises(ValueError, match="utf-8 has no character"):
        typed_messages("\ud800")
