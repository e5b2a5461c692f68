"""What version 0.1 left on disks still opens: recordings, their event names, settings."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gui.settings import Settings
from netlib.events import Idle, Rejected
from netlib.recording.reader import Recording
from netlib.teaching.lines import format_line

SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE chunk(
    id INTEGER PRIMARY KEY, at REAL, wall REAL, activity INTEGER, connection INTEGER,
    kind INTEGER, peer TEXT, line INTEGER, lines INTEGER, data BLOB);
CREATE INDEX chunk_line ON chunk(activity, line);
INSERT INTO meta VALUES ('format', 'socketboard-1'), ('begun', '1700000000.0');
"""
PEER = "127.0.0.1:53122"
ROWS = (
    (1, 0, None, '{"event": "Listening", "at": 1000.0, "activity": 1, "local": {"host": '
     '"127.0.0.1", "port": 8080}, "transport": "tcp", "service": "acknowledge"}'),
    (2, 1, PEER, '{"event": "Accepted", "at": 1000.5, "activity": 1, "connection": 1, "local": '
     '{"host": "127.0.0.1", "port": 8080}, "peer": {"host": "127.0.0.1", "port": 53122}}'),
    (3, 0, None, '{"event": "Refused", "at": 1001.0, "activity": 1, "peer": {"host": '
     '"127.0.0.1", "port": 53123}, "limit": 1, "error": null}'),
    (4, 1, PEER, '{"event": "Quiet", "at": 1061.0, "activity": 1, "connection": 1, '
     '"seconds": 60.0}'),
    (5, 1, PEER, '{"event": "Closed", "at": 1062.0, "activity": 1, "connection": 1, "reason": '
     '"by peer", "error": null, "received": 4, "sent": 12, "unsent": 0}'),
)  # fmt: skip
"""Id, connection, peer and event, as that version's journal wrote them."""


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "old.socketboard"
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)
        for number, connection, peer, event in ROWS:
            at = json.loads(event)["at"]
            row = (number, at, at + 1.7e9, 1, connection, 0, peer, number - 1, 1, event)
            db.execute("INSERT INTO chunk VALUES (?,?,?,?,?,?,?,?,?,?)", row)
    return path


def test_events_under_their_old_names_are_read(recording: Path) -> None:
    with closing(Recording(recording)) as reader:
        lines = reader.lines(1, 0, 10)
    assert [type(line.event) for line in lines][2:4] == [Rejected, Idle]
    told = [format_line(line, None, "text", "utf-8")[1] for line in lines]
    assert told[2] == "! closed 127.0.0.1:53123 at once: limit of 1 client reached"
    assert told[3] == "! nothing received for 60 s"


def test_its_settings_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        '{\n "connect.address": "localhost:8080",\n "server.read": "30",\n'
        ' "chat.panes": [\n  "localhost:8081\\tAda\\tgbk"\n ],\n "window.size": 14\n}',
        encoding="ascii",
    )
    settings = Settings(path)
    assert settings.get("server.read", "") == "30"
    assert settings.get("window.size", 11) == 14
    assert settings.texts("chat.panes", []) == ["localhost:8081\tAda\tgbk"]
