"""A call says which way its bytes went."""

from __future__ import annotations

import pytest

from netlib.teaching.calls import (
    EVENT,
    PLAIN_RECEIVED,
    PLAIN_SENT,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
    Call,
)


@pytest.mark.parametrize(
    ("kind", "leaves"),
    [
        *((EVENT, False), (RECEIVED, False), (WIRE_RECEIVED, False), (PLAIN_RECEIVED, False)),
        *((SENT, True), (WIRE_SENT, True), (PLAIN_SENT, True)),
    ],
)
def test_what_was_sent_leaves_this_end(kind: int, leaves: bool) -> None:
    assert Call(0, 0.0, 0.0, 0, kind, 0).is_sent is leaves
