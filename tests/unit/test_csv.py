"""Rows as a table: for every row a line, and no cell that a spreadsheet would run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netlib.recording.export.csv import COLUMNS, _cells
from tests.recordings import chunk, order, record, table, written


def test_a_table_has_a_row_a_line_and_no_formula(lesson: Path, tmp_path: Path) -> None:
    head, *rows = table(written(order(lesson, "csv"), tmp_path / "a.csv").decode())
    assert tuple(head) == COLUMNS
    assert [row[3:] for row in rows] == [
        ["event", "[::1]:53122", "", "accepted a connection from [::1]:53122", ""],
        ["received", "[::1]:53122", "5", "'=1+1\\n", "3d 31 2b 31 0a"],
        ["received", "[::1]:53122", "8", "你好\\r\\n", "e4 bd a0 e5 a5 bd 0d 0a"],
        ["sent", "[::1]:53122", "4", "\\x00-2\\n", "00 2d 32 0a"],
        ["received", "10.0.0.9:123", "2", "'@x", "40 78"],
    ]
    assert {row[1] for row in rows} == {"1"}


@pytest.mark.parametrize("formula", ["=A1", "+1", "-1", "@SUM(A1)"])
def test_no_peer_writes_a_formula_into_a_spreadsheet(tmp_path: Path, formula: str) -> None:
    recording = record(tmp_path / "r.sqlite", [chunk(formula.encode())])
    rows = table(written(order(recording, "csv"), tmp_path / "a.csv").decode())
    assert rows[1][6] == f"'{formula}"


SIGNS = "=+-@＝＋－＠"
BLANKS = ["", " ", "   ", "\xa0", "\u3000", " \u3000\xa0"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("blanks", BLANKS, ids=repr)
@pytest.mark.parametrize("before", ["", "x;", ";", ";;", "a;b;"])
def test_no_blank_and_no_other_separator_hides_a_formula(
    tmp_path: Path, before: str, blanks: str, sign: str
) -> None:
    said = f"{before}{blanks}{sign}cmd"
    recording = record(tmp_path / "r.sqlite", [chunk(said.encode())])
    text = written(order(recording, "csv"), tmp_path / "a.csv").decode()
    assert table(text)[1][6] == f"{before}{blanks}'{sign}cmd"
    for cell in table(text, delimiter=";")[1]:  # as a spreadsheet of other lands cuts it
        assert cell.lstrip(" \t\r\xa0\u3000")[:1] not in set(SIGNS)


@pytest.mark.parametrize("blank", ["\t", "\r", "\n", ";\t", "\t "])
@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_no_text_of_a_row_hides_none_either(blank: str, sign: str) -> None:
    cell = blank.replace("\n", "")
    ((found,),) = table(_cells([f"{cell}{sign}1"]).decode())
    assert found == f"{cell}'{sign}1"


def test_a_sign_within_a_text_stays_as_it_is() -> None:
    cells = ["1+1=2", "a@b", "x; y=1", "2026-11-28", "'=1"]
    assert table(_cells(cells).decode()) == [cells]


def test_every_cell_is_quoted_and_the_columns_stay_in_their_order(
    lesson: Path, tmp_path: Path
) -> None:
    lines = written(order(lesson, "csv"), tmp_path / "a.csv").decode().splitlines()
    assert lines[0] == '"time","activity","connection","direction","peer","size","text","hex"'
    for line in lines:
        assert re.fullmatch(r'("([^"]|"")*",){7}"([^"]|"")*"', line)
