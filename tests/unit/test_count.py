"""The service that answers after the client's FIN."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlib.services.count import CountHandler


@given(st.lists(st.binary(max_size=50)))
def test_nothing_is_answered_until_fin_and_then_all_is_counted(chunks: list[bytes]) -> None:
    handler = CountHandler()
    assert [handler.received(chunk) for chunk in chunks] == [b""] * len(chunks)
    data = b"".join(chunks)
    assert handler.finished() == b"%d bytes, %d lines\n" % (len(data), data.count(b"\n"))
    assert handler.messages == len(chunks)
    assert handler.unfinished == 0
