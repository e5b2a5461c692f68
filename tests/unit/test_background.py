"""Work in a thread of its own says what became of it, whatever became of it."""

from __future__ import annotations

import threading

from netlib.system.background import Background
from tests.helpers import wait_until


def over(background: Background) -> str:
    """Wait for the end; return the outcome."""
    wait_until(lambda: background.outcome is not None, what="the outcome")
    return background.outcome or ""


def test_work_under_way_has_no_outcome_yet() -> None:
    go = threading.Event()

    def work(job: Background) -> str:
        job.progress = 0.5
        go.wait(5)
        return "done"

    background = Background("work", work)
    wait_until(lambda: background.progress == 0.5)
    assert background.outcome is None
    go.set()
    assert over(background) == "done"


def test_it_runs_beside_us_under_its_name_and_holds_nobody_up() -> None:
    def work(_job: Background) -> str:
        me = threading.current_thread()
        return f"{me.name} {me.daemon}"

    assert over(Background("a name", work)) == "a name True"


def test_nothing_to_tell_is_an_outcome_too() -> None:
    background = Background("work", lambda _job: "")
    wait_until(lambda: background.outcome == "")


def test_cancelled_work_is_asked_to_end_and_waited_for() -> None:
    def work(job: Background) -> str:
        wait_until(job.cancelled)
        return "cancelled"

    background = Background("work", work)
    assert background.cancel(timeout=5.0)
    assert background.outcome == "cancelled"


def test_work_that_does_not_listen_is_not_waited_for_longer() -> None:
    go = threading.Event()
    background = Background("work", lambda _job: str(go.wait(5)))
    assert not background.cancel(timeout=0.0)
    assert background.outcome is None
    go.set()
    assert over(background) == "True"


def test_work_that_pauses_goes_on_at_once_when_it_is_cancelled() -> None:
    def work(job: Background) -> str:
        went_on = job.cancelled_within(0.0)
        return f"{went_on} {job.cancelled_within(60)}"

    background = Background("work", work)
    assert not background.over_within(0.0)
    assert background.cancel(timeout=5.0)
    assert background.over_within(0.0)
    assert background.outcome == "False True"


def test_a_bug_is_logged_and_told(logged_errors: list[object]) -> None:
    assert "bug" in over(Background("work", lambda _job: str(1 // 0)))
    assert len(logged_errors) == 1
    logged_errors.clear()
