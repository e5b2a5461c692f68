"""Rows as JSON Lines."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from tests.recordings import all_lines, chunk, order, record, written


def test_json_lines_hold_bytes_and_text(lesson: Path, tmp_path: Path) -> None:
    objects = [
        json.loads(line)
        for line in written(order(lesson, "jsonl"), tmp_path / "a.jsonl").splitlines()
    ]
    event, first, *_others, last = objects
    assert (event["kind"], event["event"], event["peer"]) == ("event", "accepted", "[::1]:53122")
    assert (first["direction"], first["size"], first["text"]) == ("received", 5, "=1+1\n")
    assert last["peer"] == "10.0.0.9:123"
    data = [base64.b64decode(one["data"]) for one in objects if one["kind"] == "data"]
    assert data == [line.data for line in all_lines(lesson)[1:]]
    assert [one["at"] for one in objects] == sorted(one["at"] for one in objects)


def test_nothing_in_them_moves_a_cursor_or_hides_a_text(tmp_path: Path) -> None:
    said = "\x7f\x9b2J\u202e\u200b\U000e0041 你好"
    recording = record(tmp_path / "r.sqlite", [chunk(said.encode())])
    lines = written(order(recording, "jsonl"), tmp_path / "a.jsonl").decode()
    assert json.loads(lines)["text"] == said
    assert "\\u007f\\u009b2J\\u202e\\u200b\\udb40\\udc41 你好" in lines
