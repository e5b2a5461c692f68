"""What was recorded last: enough of it, of those that were busy last, and no more."""

from __future__ import annotations

from netlib.recording.newest import ACTIVITIES, FLOWS, LINES, Newest
from netlib.recording.page import Page


def page(activity: int, line: int, lines: int = 10) -> Page:
    numbers = (lines, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    return Page(activity, line, *numbers, None, 0, b"", b"", b"", None, None)


def firsts(newest: Newest, activity: int) -> list[int]:
    return [page.line for page in newest.pages(activity)]


def test_pages_stay_until_others_have_enough_lines() -> None:
    newest = Newest()
    newest.put(page(1, line) for line in range(0, 2 * LINES, 10))
    assert firsts(newest, 1) == [*range(LINES, 2 * LINES, 10)]
    newest.put([page(1, 2 * LINES, LINES - 5), page(1, 3 * LINES - 5, 1)])
    assert firsts(newest, 1) == [2 * LINES - 10, 2 * LINES, 3 * LINES - 5]


def test_a_page_with_many_lines_is_kept_alone() -> None:
    newest = Newest()
    newest.put([page(1, 0), page(1, 10, 5 * LINES)])
    assert firsts(newest, 1) == [10]


def test_those_that_were_busy_last_are_kept() -> None:
    newest = Newest()
    for activity in range(ACTIVITIES):
        newest.put([page(activity, 0)])
    newest.put([page(0, 10), page(100, 0)])
    assert (firsts(newest, 0), firsts(newest, 1), firsts(newest, 100)) == ([0, 10], [], [0])


def test_the_oldest_flows_go() -> None:
    newest = Newest()
    total = 2 * FLOWS + 3
    for number in range(total):
        newest.put_flows([(number, 1, 2, "peer")])
        assert len(newest.flows) <= 2 * FLOWS
    assert list(newest.flows)[-FLOWS:] == [*range(total - FLOWS, total)]
    assert newest.flows[total - 1] == (2, "peer")
