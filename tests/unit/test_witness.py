"""Whether a fact has come to pass: by its event, its fields and how often."""

from __future__ import annotations

import pytest

from netlib import Accepted, Chunk, Closed, CloseReason, Crashed, Direction, Endpoint, Failed
from netlib.errors import Cause, NetError, Operation
from netlib.lessons.witness import MOST_DATA_BYTES, Witness
from netlib.teaching.explain import in_short
from netlib.teaching.lesson_script import parse_line
from netlib.teaching.lesson_words import Reference

HERE, THERE = Endpoint("127.0.0.1", 1), Endpoint("127.0.0.1", 2)


def has(witness: Witness, fact: str) -> bool:
    line = parse_line(f"expect server {fact}", 1, {"server", "client"})

    def address(reference: Reference) -> Endpoint | None:
        return {"client": THERE}.get(reference.actor)

    return witness.has(str(line.operand), line.conditions, address)


def chunk(data: bytes, direction: Direction = Direction.RECEIVED) -> Chunk:
    return Chunk(0.0, 1, 1, direction, None, data)


def test_events_are_told_by_their_fields_and_counted() -> None:
    witness = Witness(1)
    assert not has(witness, "accepted")
    assert has(witness, "accepted count=0")
    for number in (1, 2):
        witness.hear(Accepted(at=0.0, activity=1, connection=number, local=HERE, peer=THERE))
    facts = {
        "accepted": True,
        "accepted peer=client.local": True,
        "accepted local=client.local": False,
        "accepted peer=server.local": False,
        "accepted count=2": True,
        "accepted count=1": False,
        "accepted count>=1 count<=3": True,
        "accepted local=client.local count<=0": True,
    }
    assert {fact: has(witness, fact) for fact in facts} == facts
    assert witness.address("peer") == THERE
    assert witness.first is not None
    assert witness.first.connection == 1


def test_several_may_have_one_name() -> None:
    witness = Witness(1, 2)
    assert witness.activities == (1, 2)
    assert witness.first is None
    for activity in (2, 1):
        accepted = Accepted(at=0.0, activity=activity, connection=1, local=HERE, peer=THERE)
        witness.hear(accepted)
    assert has(witness, "accepted count=2")
    assert witness.first is not None
    assert witness.first.activity == 2


def test_ends_and_failures_are_told_by_their_words() -> None:
    witness = Witness(1)
    assert witness.failure() == ""
    error = NetError(Operation.CONNECT, Cause.TIMED_OUT)
    witness.hear(Closed(at=0.0, activity=1, connection=1, reason=CloseReason.BY_PEER, unsent=3))
    witness.hear(Failed(at=0.0, activity=1, error=error))
    assert has(witness, "closed reason=by-peer unsent>=3")
    assert not has(witness, "closed reason=by-us")
    assert has(witness, "failed cause=timed-out operation=connect")
    assert not has(witness, "failed cause=refused")
    assert witness.failure() == in_short(error)


def test_a_bug_is_a_failure() -> None:
    witness = Witness(1)
    witness.hear(Crashed(at=0.0, activity=1, connection=0, traceback="line 3"))
    assert witness.failure() == "line 3"


@pytest.mark.parametrize(
    ("fact", "come"),
    [
        ('received data="abcd" calls=2', True),
        ('received data="ab"', False),
        ('received starts="ab" bytes>=4', True),
        ('received starts="b"', False),
        ('received contains="bc" starts="a"', True),
        ('received contains="ca"', False),
        ("received calls<=1", False),
        ("sent", False),
    ],
)
def test_bytes_are_compared_together_and_calls_counted(fact: str, come: bool) -> None:
    witness = Witness(1)
    for data in (b"ab", b"cd"):
        witness.hear(chunk(data))
    assert has(witness, fact) is come


def test_a_great_deal_is_counted_and_not_kept() -> None:
    witness = Witness(1)
    for _time in range(40):
        witness.hear(chunk(bytes(4096), Direction.SENT))
    assert has(witness, f"sent bytes={40 * 4096} calls=40")
    assert len(witness._bytes[Direction.SENT].data) == MOST_DATA_BYTES
