"""What docs/recording.md tells other programs to do is done, as it stands there."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from netlib.recording.page import SHOWN_KINDS, Page
from tests.pages import WALL, Chunk, write_2

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs" / "recording.md").read_text(encoding="utf-8")
CHUNKS = [
    Chunk(b'{"event": "Nothing"}', 0, 1, 0, None, 0),
    Chunk("你好\nline\n".encode(), 1, 1, 1, "127.0.0.1:53122", 5),
    Chunk(b"datagram", 1, 2, 0, "[::1]:7", 6),
    Chunk(b"plain", 5, 1, 1, "127.0.0.1:53122 Ada", 1 << 33),
    Chunk(b"", 2, 2, 0, "[::1]:7", 1 << 33),
]


def block(language: str) -> str:
    """Return the only block of code in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.parametrize("pack", [1, 2, 9])
def test_the_twenty_lines_print_all_that_happened(tmp_path: Path, pack: int) -> None:
    path, program = write_2(tmp_path / "r", CHUNKS, lambda: pack), tmp_path / "read.py"
    program.write_text(block("python"), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", str(program), str(path)]
    printed = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    assert printed.splitlines() == [
        f"{number} {(WALL + chunk.at) / 1e6} {chunk.activity} {chunk.connection} {chunk.kind}"
        f" {chunk.peer} {chunk.data!r}"
        for number, chunk in enumerate(CHUNKS)
    ]


def test_they_are_not_many_more_than_twenty() -> None:
    lines = [line for line in block("python").splitlines() if line and "import" not in line]
    assert len(lines) <= 20


def test_the_query_gives_what_it_says(tmp_path: Path) -> None:
    path = write_2(tmp_path / "r", CHUNKS)
    with closing(sqlite3.connect(path)) as db:
        found = db.execute(block("sql")).fetchall()
    assert found == [
        ("127.0.0.1:53122", 1, 12),
        ("[::1]:7", 1, 8),
        ("127.0.0.1:53122 Ada", 1, 5),
    ]


def test_every_column_is_told() -> None:
    for name in Page._fields:
        assert f"`{name}`" in PAGE
    assert len(SHOWN_KINDS) == 7
