"""Three models of a server: who is connected, served and answered, and how long clients wait."""

from __future__ import annotations

import errno
import socket
import threading
from itertools import pairwise
from typing import Any

import pytest

from netlib.activities.server_models import MODELS, SPANS, ModelFigures, ModelSettings, ServerModel
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


def test_the_first_client_is_served_and_the_second_waits_in_the_accept_queue() -> None:
    run = ServerModel(ModelSettings(model="one", clients=3, seconds=60, work=20))
    wait_until(lambda: run.shown.clients[0].answers >= 3 if run.shown.clients else False)
    assert run.cancel(5.0)
    elapsed, _figures, (first, *others) = run.shown
    assert first.connected is not None
    assert first.accepted is not None
    assert sum(end - begin for begin, end in first.worked) >= 3 * 0.02
    for other in others:
        assert other.connected is not None
        assert (other.accepted, other.worked, other.answers) == (None, (), 0)
        assert 0 < other.longest <= elapsed


def test_a_loop_works_for_one_client_at_a_time() -> None:
    run = ServerModel(ModelSettings(model="loop", clients=3, seconds=4, work=30))
    wait_until(lambda: run.figures.answers >= 9)
    assert run.cancel(5.0)
    spans = sorted(span for client in run.shown.clients for span in client.worked)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def test_a_client_rests_from_an_answer_to_its_next_question() -> None:
    busy, resting = ended("threads", clients=1), ended("threads", clients=1, pause=200)
    assert resting.answers <= 5 < busy.answers


def test_much_work_is_kept_in_few_spans() -> None:
    run = ServerModel(ModelSettings(model="threads", clients=1, seconds=1))
    wait_until(lambda: run.outcome is not None, 20.0)
    client = run.shown.clients[0]
    assert client.answers > SPANS >= len(client.worked) - 1


def test_who_is_refused_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_where: object) -> socket.socket:
        raise OSError(24, "too many open files")

    monkeypatch.setattr("netlib.activities.server_models.socket.create_connection", refused)
    run = ServerModel(ModelSettings(clients=2, seconds=1))
    wait_until(lambda: run.outcome is not None, 20.0)
    assert run.outcome == "too many open files"
    assert run.figures.connected == 0


class Refusing(socket.socket):
    """A listener that loses the first who comes, and from the third on has no more files."""

    asked = 0

    def accept(self) -> tuple[socket.socket, Any]:
        accepted, where = super().accept()
        Refusing.asked += 1
        if Refusing.asked == 1:
            accepted.close()
            raise ConnectionAbortedError(errno.ECONNABORTED, "gone")
        if Refusing.asked > 2:
            accepted.close()
            raise OSError(errno.EMFILE, "too many open files")
        return accepted, where


@pytest.mark.parametrize("model", MODELS)
def test_a_server_that_can_have_no_more_sockets_says_so(
    monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    create = socket.create_server

    def listener(where: tuple[str, int], backlog: int) -> Refusing:
        return Refusing(fileno=create(where, backlog=backlog).detach())

    monkeypatch.setattr(Refusing, "asked", 0)
    monkeypatch.setattr("netlib.activities.server_models.socket.create_server", listener)
    run = ServerModel(ModelSettings(model=model, clients=3, seconds=1))
    wait_until(lambda: run.outcome is not None, 20.0)
    if model != "one":  # which never comes to the third
        assert run.outcome == "too many open files"
    assert run.figures.answered <= 1


def test_nothing_is_left_of_it() -> None:
    before = threading.active_count()
    for model in MODELS:
        ended(model, clients=2)
    wait_until(lambda: threading.active_count() <= before)


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": "magic"},
        {"clients": 0},
        {"clients": 51},
        {"seconds": 0},
        {"work": -1},
        {"pause": 1001},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        ModelSettings(**wrong)  # type: ignore[arg-type]
