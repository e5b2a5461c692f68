"""Any number the system may return is a NetError."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from netlib.errors import Operation, from_errno, from_oserror

operations = st.sampled_from(Operation)
codes = st.integers(1, 20_000)


@given(operations, codes, st.booleans())
def test_number_and_exception_agree(operation: Operation, code: int, datagram: bool) -> None:
    by_number = from_errno(operation, code, datagram=datagram)
    raised = OSError(code, by_number.detail or os.strerror(code))
    assert from_oserror(operation, raised, datagram=datagram) == by_number
