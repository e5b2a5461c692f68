"""Rows as a table: for every row a line, and no cell that a spreadsheet would run."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlib.recording.export.csv import COLUMNS
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
