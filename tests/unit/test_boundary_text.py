"""The picture of the boundaries as text, for the command line and the clipboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netlib.i18n import set_language
from netlib.teaching.boundary_text import as_text, columns, fitted
from tests.unit.test_boundaries import TEXT, of


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def test_every_lane_stands_over_the_same_bytes() -> None:
    text = as_text(of(TEXT, [5, 11, 13, 20], [7, 14, 20], [13, 20], "line"))
    assert text.splitlines() == [
        "4 sends, 3 receives, 2 messages.",
        "TCP carries bytes in order; it does not keep the calls apart. Receive 2 ends inside 你.",
        "",
        "          0              5              10             15",
        r"Sends    |hello  5 B    |␣class  6 B      |!\n  |你好\n  7 B         |",
        "                                                 你       好",
        r"Bytes     h  e  l  l  o  ␣  c  l  a  s  s  !  \n e4 bd a0 e5 a5 bd \n",
        r"Receives |hello␣c  7 B        |lass!\n e4  7 B     |bd a0 好\n  6 B  |",
        r"Messages |hello␣class!  13 B                    |你好  7 B           |",
    ]


def test_bytes_that_are_in_no_piece_are_marked_otherwise() -> None:
    lines = as_text(of(b"abcdefghij", [10], [4], [2], "fixed")).splitlines()
    assert lines[-2:] == ["Receives |abcd  4 B  :not received", "Messages |ab   :no w…"]


def test_a_call_that_goes_on_in_the_next_lines_has_no_cut_there() -> None:
    lines = as_text(of(b"x" * 25, [25], [25])).splitlines()
    sends = [line for line in lines if line.startswith("Sends")]
    assert sends == ["Sends    |" + "x" * 20, "Sends" + " " * 5 + "x" * 5 + " " * 9 + "|"]


def test_of_a_long_stream_the_rest_is_counted() -> None:
    text = as_text(of(b"x" * 5000, [5000], [5000]))
    assert text.endswith("\n… 4,600 more bytes\n")
    assert "\n          100            105 " in as_text(of(b"x" * 5000, [5000], None), 100, 120)


def test_an_empty_stream_has_a_title() -> None:
    assert as_text(of(b"", [], [])) == "0 sends, 0 receives.\n"


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("ab", 4, "ab  "),
        ("abcde", 4, "abc…"),
        ("你好吗", 4, "你… "),
        ("你好", 4, "你好"),
        ("你", 1, "…"),
        ("a", 0, ""),
    ],
)
def test_a_text_takes_just_its_room(text: str, room: int, shown: str) -> None:
    assert fitted(text, room) == shown
    assert columns(fitted(text, room)) == room
