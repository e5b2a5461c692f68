"""What several unit tests are given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib.address import Endpoint
from tests.backends import Script
from tests.recordings import OUT, accepted, chunk, record
from tests.samples import THERE

NTP = Endpoint("10.0.0.9", 123)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """Record five rows: an event, two received lines, a sent line and a datagram."""
    folder = tmp_path / "in"
    folder.mkdir()
    return record(
        folder / "lesson.sqlite",
        [
            accepted(THERE),
            chunk("=1+1\n你好\r\n".encode()),
            chunk(b"\x00-2\n", OUT),
            chunk(b"@x", connection=0, peer=NTP),
        ],
    )


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Script]:
    made = Script(tmp_path)
    yield made
    made.close()
