"""What is exported is what crossed, whatever crossed."""

from __future__ import annotations

import csv
import io
import tempfile
from base64 import b64decode
from json import loads
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Chunk, Direction
from netlib.recording.export import ExportOptions, export, files
from netlib.teaching.lines import Format, View
from tests.recordings import chunk, recorded, spans

chunks = st.lists(
    st.builds(
        chunk,
        st.binary(max_size=20) | st.text("a\n好", max_size=8).map(str.encode),
        st.sampled_from(Direction),
        connection=st.integers(0, 2),
    ),
    max_size=10,
)


def exported(items: list[Chunk], form: Format, view: View = "log") -> dict[int, bytes]:
    """Return the file for each direction."""
    with recorded(items) as recording, tempfile.TemporaryDirectory() as folder:
        order = ExportOptions(recording=recording, lines=spans(recording), format=form, view=view)
        export(order, Path(folder, "out"), lambda _share: None, lambda: False)
        return {
            kind: place.read_bytes() for kind, place in files(form, Path(folder, "out")).items()
        }


@given(chunks)
def test_raw_files_hold_every_byte_in_order(items: list[Chunk]) -> None:
    assert exported(items, "raw") == {
        way: b"".join(item.data for item in items if item.direction is way) for way in Direction
    }


@given(chunks)
def test_json_lines_hold_every_byte_in_order(items: list[Chunk]) -> None:
    rows = [loads(line) for line in exported(items, "jsonl")[Direction.SENT].splitlines()]
    assert b"".join(b64decode(row["data"]) for row in rows) == b"".join(i.data for i in items)


@given(chunks)
def test_a_table_holds_every_byte_and_no_formula(items: list[Chunk]) -> None:
    text = exported(items, "csv")[Direction.SENT].decode()
    _head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert bytes.fromhex("".join(row[7] for row in rows)) == b"".join(i.data for i in items)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


words = st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=5), min_size=1)


@given(words, st.data())
def test_text_comes_back_wherever_it_was_cut(typed: list[str], data: st.DataObject) -> None:
    sent = "".join(f"{word}\n" for word in typed).encode()
    cut = data.draw(st.integers(1, len(sent) - 1))
    items = [chunk(sent[:cut]), chunk(sent[cut:])]
    text = exported(items, "text", "text")[Direction.RECEIVED].decode()
    assert "".join(row.removeprefix("← ") for row in text.split("\n")) == "".join(typed)
