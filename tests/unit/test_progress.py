"""Answers that were kept: what is read back, and what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.lessons.progress import Answer, Progress, StepProgress, read_progress
from tests.lessons import SMALL, lesson

AT = "2026-11-29T13:00:00+00:00"


def kept() -> Progress:
    progress = Progress("small", 2)
    progress.set(0, prediction=Answer(given=1, right=False, at=AT), runs=2)
    progress.set(0, proof="run", proven_at=AT, seen=Answer(given=1, right=True, at=AT))
    return progress


def test_what_was_kept_is_read_back_and_goes_on_with_the_next_step() -> None:
    progress = read_progress(kept().to_json(), lesson())
    assert progress.steps == kept().steps
    assert [step.done for step in progress.steps] == [True, False]
    assert progress.next_step == 1
    progress.steps[1] = progress.steps[0]
    assert progress.next_step == 2


def test_whether_an_answer_is_right_the_lesson_says() -> None:
    told = json.loads(kept().to_json())
    told["steps"][0]["prediction"]["right"] = True
    progress = read_progress(json.dumps(told).encode(), lesson())
    assert progress.steps == kept().steps


@pytest.mark.parametrize(
    ("name", "value"),
    [("prediction", {"given": 7, "right": True, "at": AT}), ("prediction", 3), ("runs", "many"),
     ("proof", None), ("seen", {"given": "x", "at": AT}), ("seen", {"given": 10**400, "at": AT})],
)  # fmt: skip
def test_what_no_lesson_wrote_is_refused(name: str, value: object) -> None:
    told = json.loads(kept().to_json())
    told["steps"][0][name] = value
    with pytest.raises(ValueError, match="no answers to a lesson"):
        read_progress(json.dumps(told).encode(), lesson())


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b" " * (2 << 20)])
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no answers to a lesson"):
        read_progress(data, lesson())


def test_answers_to_another_lesson_are_refused() -> None:
    for other in (SMALL.replace("name: small", "name: other"), SMALL.split("## A recorded")[0]):
        with pytest.raises(ValueError, match="another lesson"):
            read_progress(kept().to_json(), lesson(other))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_json_is_refused_with_a_sentence(told: object) -> None:
    with pytest.raises(ValueError, match="lesson"):
        read_progress(
            json.dumps({"format": 1, "lesson": "small", "steps": told}).encode(), lesson()
        )


def test_nothing_is_done_at_first() -> None:
    assert not StepProgress().done
