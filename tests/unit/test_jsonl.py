"""Rows as JSON Lines."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from tests.recordings import all_lines, order, written


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
