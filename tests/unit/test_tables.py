"""Where blocks of a recording begin and end."""

from __future__ import annotations

from array import array

from netlib.recording.tables import Blocks


def test_a_block_ends_where_the_next_begins() -> None:
    blocks = Blocks(None)
    blocks.starts, blocks.ends, blocks.total = array("q", [0, 5]), array("q", [1, 3]), 9
    blocks.rows, blocks.lines = array("q", [7, 4, 9]), array("q", [5, 1, 3])
    assert [blocks.until(block) for block in (0, 1)] == [5, 9]
    assert [blocks.rows_of(block) for block in (0, 1)] == [[(7, 5)], [(4, 1), (9, 3)]]
