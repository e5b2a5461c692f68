"""What a view shows while it searches."""

from __future__ import annotations

from pathlib import Path

from gui.models.shown import Shown
from netlib.query import Query
from tests.helpers import wait_until
from tests.recordings import chunk, record


def test_a_row_chosen_before_the_search_may_be_none_of_its_rows(tmp_path: Path) -> None:
    lines = [b"hit\n", *(b"miss\n" for _line in range(5)), b"hit\n"]
    shown = Shown()
    shown.extend([(1, len(lines))])
    shown.begin_search(record(tmp_path / "lesson.sqlite", map(chunk, lines)), Query(text="hit"))
    shown.show_matches_only(True)
    wait_until(lambda: shown.count() == 2)
    assert shown.next_match(0, 1) == 1
    assert shown.next_match(6, 1) == 0
    assert shown.end_search(6) is None
