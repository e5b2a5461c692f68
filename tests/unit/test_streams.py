"""A reader that is gone, as each system tells of it."""

from __future__ import annotations

import errno
import os
import sys

import pytest

from netlib.system import streams


@pytest.mark.parametrize(
    ("windows", "code", "gone"),
    [
        (False, errno.EPIPE, True),
        (True, errno.EPIPE, True),
        (True, errno.EINVAL, True),
        (False, errno.EINVAL, False),
        (True, errno.ENOSPC, False),
    ],
)
def test_on_windows_invalid_is_said_of_a_pipe_that_nobody_reads(
    monkeypatch: pytest.MonkeyPatch, windows: bool, code: int, gone: bool
) -> None:
    monkeypatch.setattr(streams, "_ON_WINDOWS", windows)
    assert streams.nobody_reads(OSError(code, "words")) is gone


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell")
def test_a_pipe_is_waited_at_while_somebody_reads_it() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as pipe:
        assert streams.wait_while_read(pipe, 0.01)
        os.close(reader)
        assert not streams.wait_while_read(pipe, 60.0)
