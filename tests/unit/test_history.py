"""The lines sent before: Up and Down walk them, and no draft is lost."""

from __future__ import annotations

from gui.widgets.history import History


def test_up_and_down_walk_the_lines_sent_before() -> None:
    history = History()
    history.add("one")
    history.add("two")
    assert history.older("") == "two"
    assert history.older("two") == "one"
    assert history.older("one") == "one"
    assert history.newer("one") == "two"


def test_a_line_begun_is_not_lost_by_looking_back() -> None:
    history = History()
    history.add("one")
    assert history.older("half a tho") == "one"
    assert history.newer("one") == "half a tho"


def test_an_edited_old_line_keeps_its_edit_until_something_is_sent() -> None:
    history = History()
    history.add("one")
    history.older("draft")
    assert history.newer("one, edited") == "draft"
    assert history.older("draft") == "one, edited"
    history.add("draft")
    assert history.older("") == "draft"
    assert history.older("draft") == "one"


def test_the_same_line_twice_is_remembered_once_and_an_empty_one_never() -> None:
    history = History()
    for line in ("same", "same", ""):
        history.add(line)
    assert history.older("") == "same"
    assert history.older("same") == "same"
    assert history.newer("same") == ""


def test_only_the_newest_lines_are_kept() -> None:
    history = History(limit=2)
    for line in ("one", "two", "three"):
        history.add(line)
    assert [history.older(""), history.older("three"), history.older("two")] == [
        "three",
        "two",
        "two",
    ]
