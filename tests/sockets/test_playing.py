"""What `lesson` and `experiment` share: a name or a file, with questions or without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import run
from tests.lessons import SMALL

each = pytest.mark.parametrize("command", ["lesson", "experiment"])


@each
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--list"),
        (["nothing"], "There is no such"),
        (["none.md"], "cannot be read"),
        (["none.md", "--auto", "--answers", "a.json"], "--auto asks nothing"),
    ],
)
def test_what_cannot_be_played_is_told(command: str, arguments: list[str], told: str) -> None:
    result = run(command, *arguments)
    assert (result.returncode, result.stdout) == (2, b"")
    assert told in result.stderr.decode()


@each
def test_a_file_is_played_without_what_is_wrong_in_it(command: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text(SMALL.replace("case handshake\n```", "case none\n```"), encoding="utf-8")
    record = tmp_path / "all.socketboard"
    result = run(command, str(path), "--auto", "--record", str(record))
    line = SMALL.splitlines().index("case handshake") + 1
    assert f"! {path}, line {line}: " in result.stderr.decode()
    assert "Proven: 1 of 1 steps." in result.stdout.decode()
    assert result.returncode == 0
    assert record.stat().st_size > 0


@each
def test_where_nothing_can_be_played_it_is_said(command: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_bytes(b"")
    result = run(command, str(path))
    assert (result.returncode, result.stdout) == (2, b"")
    assert "There is no lesson in" in result.stderr.decode()
