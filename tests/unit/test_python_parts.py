"""Parts of programs in Python."""

from __future__ import annotations

from netlib.teaching.code.python_parts import NONE, address, imports, inside, lines_of


def test_lines_that_are_not_there_leave_no_empty_line() -> None:
    assert lines_of("a", NONE, "", "b") == "a\n\nb\n"


def test_modules_are_imported_once_and_in_order() -> None:
    assert imports("sys", "socket", "sys") == "import socket\nimport sys\n"


def test_a_block_has_no_blanks_in_an_empty_line() -> None:
    assert inside(["a", "", "b"]) == ["    a", "", "    b"]


def test_an_address_is_a_pair() -> None:
    assert address("::1", 8080) == '("::1", 8080)'
