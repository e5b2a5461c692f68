"""Any number the system may return is a NetError."""

from __future__ import annotations

import os
import socket

from hypothesis import given
from hypothesis import strategies as st

from netlib.errors import Operation, from_errno, from_oserror

operations = st.sampled_from(Operation)
codes = st.integers(1, 20_000)

_WINSOCK_WORDS: dict[int, str] = getattr(socket, "errorTab", {})
"""Windows only: what its socket calls say, of numbers that strerror does not know."""


@given(operations, codes, st.booleans())
def test_number_and_exception_agree(operation: Operation, code: int, datagram: bool) -> None:
    by_number = from_errno(operation, code, datagram=datagram)
    words = _WINSOCK_WORDS.get(code) or os.strerror(code)
    raised = OSError(code, by_number.detail or words)
    assert from_oserror(operation, raised, datagram=datagram) == by_number
