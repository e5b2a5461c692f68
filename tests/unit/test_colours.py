"""The parts of a Python program that have a colour."""

from __future__ import annotations

from netlib.teaching.code.colours import python_parts
from netlib.teaching.code.python import program
from netlib.teaching.code.tasks import TimeQuery
from tests.tasks import HERE


def test_words_strings_numbers_and_comments_are_told_apart() -> None:
    text = 'while x == 12:  # so\n    y = b"好"\n'
    found = [
        (part.kind, text.splitlines()[part.begin[0] - 1][part.begin[1] : part.end[1]])
        for part in python_parts(text)
    ]
    assert found == [
        ("keyword", "while"),
        ("number", "12"),
        ("comment", "# so"),
        ("string", 'b"好"'),
    ]


def test_a_program_of_ours_has_them_and_what_is_none_ends_them() -> None:
    kinds = {part.kind for part in python_parts(program(TimeQuery(HERE)))}
    assert kinds >= {"keyword", "string", "number"}
    assert [part.kind for part in python_parts("while (")] == ["keyword"]
