"""Undo and redo of a line, without a widget."""

from __future__ import annotations

from gui.widgets.edits import LIMIT, Edits


def typed(text: str, edits: Edits | None = None) -> Edits:
    edits = edits or Edits("")
    for end in range(1, len(text) + 1):
        edits.note(text[:end])
    return edits


def test_a_word_is_one_step() -> None:
    edits = typed("one two")
    assert edits.undo("one two") == "one"
    assert edits.undo("one") == ""
    assert not edits.older


def test_what_was_undone_can_be_done_again() -> None:
    edits = typed("one two")
    edits.undo("one two")
    assert edits.newer
    assert edits.redo("one") == "one two"
    assert edits.redo("one two") == "one two"


def test_a_change_after_going_back_ends_the_way_forward() -> None:
    edits = typed("one")
    assert edits.undo("one") == ""
    edits.note("x")
    assert not edits.newer
    assert edits.undo("x") == ""


def test_what_was_never_noted_is_not_lost() -> None:
    edits = Edits("localhost:8080")
    assert edits.undo("") == "localhost:8080"
    assert edits.redo("localhost:8080") == ""


def test_a_character_in_the_middle_belongs_to_what_is_typed_there() -> None:
    edits = Edits("localhost:80")
    edits.note("localhost:180")
    edits.note("localhost:1280")
    assert edits.undo("localhost:1280") == "localhost:80"


def test_the_oldest_versions_go() -> None:
    edits = Edits("")
    for number in range(3 * LIMIT):
        edits.note(f"pasted {number}")
    steps = 0
    while edits.older:
        edits.undo(f"pasted {3 * LIMIT - 1 - steps}")
        steps += 1
    assert steps == LIMIT - 1
