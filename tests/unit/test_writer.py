"""What every writer of an export is, unless it says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlib.recording.export import WRITERS
from netlib.recording.export.writer import KINDS, ExportOptions, RowWriter, Writer, utf8
from netlib.teaching.lines import Format


def test_all_rows_go_into_the_one_file_that_was_asked_for() -> None:
    assert set(Writer.files(Path("a.txt")).values()) == {Path("a.txt")}
    assert Writer.files(Path("a.txt")).keys() == KINDS.keys()


@pytest.mark.parametrize(("form", "begins"), [("csv", True), ("text", False), ("jsonl", False)])
def test_of_rows_only_a_table_begins_with_a_head(form: Format, begins: bool) -> None:
    writer = WRITERS[form](ExportOptions(recording=Path("r"), lines=(), format=form))
    assert isinstance(writer, RowWriter)
    assert bool(writer.head()) is begins


def test_what_utf_8_cannot_hold_is_escaped_and_the_rest_stays() -> None:
    assert utf8("你\ud800好") == "你".encode() + b"\\ud800" + "好".encode()
