"""What SQLite refuses, in the words of what is behind it."""

from __future__ import annotations

import sqlite3

import pytest

from netlib.recording.writing import writing


def test_a_share_whose_shared_memory_fails_is_named_as_the_reason() -> None:
    refusal = sqlite3.OperationalError("disk I/O error")
    refusal.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMMAP
    with pytest.raises(OSError, match="network drive"), writing():
        raise refusal
