"""Two runs side by side: what is in both, and what in one only."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Event, Finished, PeerFinished
from netlib.teaching import ladder_difference
from netlib.teaching.calls import EVENT, RECEIVED, SENT, Call, End
from netlib.teaching.ladder import Rung, Seen, rungs
from netlib.teaching.ladder_difference import Pair, compared

ENDS = [End(0, 2, 12, "127.0.0.1:50000", "127.0.0.1:80"), End(1, 7, 3, "[::1]:9", "[::1]:8")]


def run(words: str, end: int = 0, at: float = 5.0) -> list[Rung]:
    """Return a run: each letter is a call, a capital one was sent."""
    rows = []
    for number, letter in enumerate(words):
        kind = SENT if letter.isupper() else RECEIVED
        rows.append(Call(number, at, at, end, kind, 0, size=1, data=letter.encode()))
    return rungs([Seen(call) for call in rows], ENDS)


def signs(left: list[Rung], right: list[Rung]) -> str:
    return "".join(
        "=" if None not in pair else "-" if pair.right is None else "+"
        for pair in compared(left, right)
    )


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("", "", ""),
        ("AbC", "AbC", "==="),
        ("AbC", "", "---"),
        ("", "AbC", "+++"),
        ("AbCd", "Abd", "==-="),
        ("Abd", "AbCd", "==+="),
        ("AbCd", "AxCd", "=-+=="),
        ("AA", "A", "=-"),
        ("Ab", "aB", "--++"),
    ],
)
def test_what_one_run_lacks_is_marked(left: str, right: str, wanted: str) -> None:
    assert signs(run(left), run(right)) == wanted


def test_times_ports_and_numbers_may_differ() -> None:
    assert signs(run("AbC"), run("AbC", end=1, at=90.0)) == "==="


def test_events_are_the_same_by_what_happened() -> None:
    whose: dict[str, Any] = {"activity": 1, "connection": 1}
    events: list[Event] = [
        Finished(at=1.0, **whose),
        Finished(at=2.0, activity=9, connection=9),
        PeerFinished(at=1.0, **whose),
    ]
    rows = [rungs([Seen(Call(0, 1.0, 1.0, 0, EVENT, 0, event=event))], ENDS) for event in events]
    assert signs(rows[0], rows[1]) == "="
    assert signs(rows[0], rows[2]) == "-+"


def test_of_runs_that_differ_too_much_all_between_is_different(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ladder_difference, "MOST_DIFFERENT", 3)
    assert signs(run("AxByZ"), run("AuBvZ")) == "=-+=-+="
    assert signs(run("AxBywZ"), run("AuBvwwZ")) == "=---++++=="


@given(st.text("Aab", max_size=12), st.text("Aab", max_size=12))
def test_every_row_stands_once_in_its_order_beside_one_that_is_the_same(
    left: str, right: str
) -> None:
    pairs = compared(run(left), run(right))
    assert [pair.left for pair in pairs if pair.left is not None] == [*range(len(left))]
    assert [pair.right for pair in pairs if pair.right is not None] == [*range(len(right))]
    same = [(pair.left, pair.right) for pair in pairs if None not in pair]
    assert all(left[a or 0] == right[b or 0] for a, b in same)
    assert Pair(None, None) not in pairs
    if left == right:
        assert len(same) == len(left)
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    assert bool(same) == any(block.size for block in blocks)
