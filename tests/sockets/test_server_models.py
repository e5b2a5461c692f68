"""Three models of a server: who is connected, served and answered, and how long clients wait."""

from __future__ import annotations

import threading

import pytest

from netlib.activities.server_models import MODELS, ModelFigures, ModelSettings, ServerModel
from tests.helpers import wait_until


def ended(model: str, **more: int) -> ModelFigures:
    run = ServerModel(ModelSettings(model=model, seconds=1, **more))
    wait_until(lambda: run.outcome is not None, 20.0)
    assert run.outcome == ""
    return run.figures


def test_one_at_a_time_leaves_the_second_client_connected_and_unanswered() -> None:
    run = ServerModel(ModelSettings(model="one", clients=3, seconds=60))
    wait_until(lambda: run.figures.connected == 3 and run.figures.answers > 10)
    assert (run.figures.served, run.figures.answered) == (1, 1)
    wait_until(lambda: run.figures.longest > 0.3)
    assert run.cancel(5.0)
    assert (run.figures.connected, run.figures.answered) == (3, 1)


@pytest.mark.parametrize("model", ["threads", "loop"])
def test_the_others_answer_every_client(model: str) -> None:
    run = ServerModel(ModelSettings(model=model, clients=5, seconds=60))
    wait_until(lambda: run.figures.answered == 5)
    assert (run.figures.connected, run.figures.served) == (5, 5)
    assert run.cancel(5.0)


def test_work_of_one_client_holds_up_the_others_in_a_loop_and_not_in_threads() -> None:
    in_a_loop = ended("loop", clients=5, work=100)
    in_threads = ended("threads", clients=5, work=100)
    assert in_a_loop.answers <= 12
    assert in_threads.answers > in_a_loop.answers
    assert in_a_loop.longest > 0.2


def test_nothing_is_left_of_it() -> None:
    before = threading.active_count()
    for model in MODELS:
        ended(model, clients=2)
    wait_until(lambda: threading.active_count() <= before)


@pytest.mark.parametrize(
    "wrong", [{"model": "magic"}, {"clients": 0}, {"clients": 51}, {"seconds": 0}, {"work": -1}]
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        ModelSettings(**wrong)  # type: ignore[arg-type]
