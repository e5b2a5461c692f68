"""A client as a row of the Server tab's table."""

from __future__ import annotations

import pytest

from gui.models.server import client_cells
from netlib.activities.counters import ClientRow
from netlib.address import Endpoint


@pytest.mark.parametrize(
    ("waiting", "finished", "state", "shown"),
    [
        (0, False, "ESTABLISHED", "connected · ESTABLISHED"),
        (0, True, "CLOSE-WAIT", "FIN received · CLOSE-WAIT"),
        (0, False, "FIN-WAIT", "connected · FIN-WAIT"),
        (5000, False, "ESTABLISHED", "not reading: 5,000 B queued · ESTABLISHED"),
    ],
)
def test_its_state_is_said_in_words_and_as_the_field_names_it(
    waiting: int, finished: bool, state: str, shown: str
) -> None:
    row = ClientRow(
        connection=1,
        peer=Endpoint("127.0.0.1", 50_000),
        since=0.0,
        messages=1,
        received=6,
        sent=0,
        last=b"hello\n",
        last_at=1.0,
        waiting=waiting,
        finished=finished,
        state=state,
    )
    assert client_cells(row, 2.0)[-2:] == ("hello", shown)
