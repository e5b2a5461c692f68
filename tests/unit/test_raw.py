"""The bare bytes of a recording, a file for each direction."""

from __future__ import annotations

from pathlib import Path

from netlib.recording.export import export, files
from tests.recordings import never, order


def test_raw_is_the_bytes_of_each_direction(lesson: Path, tmp_path: Path) -> None:
    count = export(order(lesson, "raw"), tmp_path / "a.bin", lambda _share: None, never)
    assert count == 4
    assert (tmp_path / "a.received.bin").read_bytes() == "=1+1\n你好\r\n@x".encode()
    assert (tmp_path / "a.sent.bin").read_bytes() == b"\x00-2\n"
    assert sorted(files("raw", Path("b")).values()) == [Path("b.received.bin"), Path("b.sent.bin")]
