"""The experiment of the boundaries: real sockets, whatever the settings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from netlib.activities import boundary_experiment as module
from netlib.activities.boundary_experiment import (
    FRAMINGS,
    BoundaryExperiment,
    BoundaryResult,
    BoundarySettings,
    made_up,
)
from netlib.errors import Cause, Operation
from netlib.i18n import set_language
from netlib.teaching.boundaries import FRAMINGS as KNOWN
from netlib.teaching.boundaries import boundaries_of
from netlib.teaching.boundary_words import remark, title
from tests.helpers import wait_until

SECONDS = 30.0


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def run(settings: BoundarySettings) -> BoundaryResult:
    """Wait for the result of an experiment."""
    experiment = BoundaryExperiment(settings)
    assert experiment.over_within(SECONDS)
    assert experiment.outcome == ""
    assert experiment.result is not None
    return experiment.result


def sizes(ends: Iterator[int] | list[int]) -> list[int]:
    return [end - start for start, end in pairwise([0, *ends])]


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"recv": 1},
        {"recv": 1 << 16},
        {"nagle": False, "delay": 0},
        {"nagle": True, "delay": 0, "recv": 3},
        {"sends": 1},
        {"sends": 1000, "size": 40, "recv": 33},
        {"sends": 30, "size": 1 << 16, "recv": 5000, "buffer": 1, "delay": 0},
        {"pause": 2, "sends": 5},
    ],
    ids=str,
)
def test_every_byte_comes_once_in_order_and_messages_are_whole(
    settings: dict[str, Any], framing: str
) -> None:
    wanted = BoundarySettings(framing=framing, **settings)
    result = run(wanted)
    assert result.complete
    assert result.error is None
    assert [*result.sends.ends] == [*wanted.send_ends()]
    assert set(sizes([*result.sends.ends])) == {wanted.size}
    assert min(sizes([*result.receives.ends])) >= 1
    assert max(sizes([*result.receives.ends])) <= wanted.recv
    assert [*result.sends.times] == sorted(result.sends.times)
    assert [*result.receives.times] == sorted(result.receives.times)
    frames = [result.stream[a:b] for a, b in pairwise([0, *result.message_ends])]
    assert frames == (wanted.frames() if framing != "none" else [])
    assert boundaries_of(result).missing == 0


def test_what_waits_when_the_first_receive_comes_is_handed_over_together() -> None:
    result = run(BoundarySettings(delay=1000, recv=7))
    assert sizes([*result.receives.ends]) == [7, 7, 6]
    assert title(boundaries_of(result)) == "4 sends, 3 receives."
    together = run(BoundarySettings(delay=1000, recv=1 << 16))
    assert sizes([*together.receives.ends]) == [20]


def test_sends_that_come_slowly_are_received_one_by_one() -> None:
    result = run(BoundarySettings(sends=2, pause=1000, delay=0, recv=1 << 16))
    assert sizes([*result.receives.ends]) == [5, 5]
    assert "does not promise" in remark(boundaries_of(result))


def test_messages_that_are_given_are_sent_as_they_are_or_in_pieces() -> None:
    said = (b"hello class!", "你好".encode())
    result = run(BoundarySettings(messages=said, size=0, framing="line"))
    assert result.stream == "hello class!\n你好\n".encode()
    assert sizes([*result.sends.ends]) == [13, 7]
    pieces = run(BoundarySettings(messages=said, size=6, framing="line"))
    assert sizes([*pieces.sends.ends]) == [6, 6, 1, 6, 1]
    assert title(boundaries_of(pieces)).endswith("2 messages.")


def test_messages_of_one_size_are_filled_up_to_that_of_the_longest() -> None:
    result = run(BoundarySettings(messages=(b"one", b"three"), size=0, framing="fixed"))
    assert (result.stream, [*result.message_ends]) == (b"one  three", [5, 10])


def test_the_system_says_what_it_made_of_the_receive_buffer() -> None:
    small, large = (run(BoundarySettings(buffer=size)) for size in (1, 1 << 16))
    assert 0 < small.buffer < large.buffer
    assert large.buffer >= 1 << 16


def test_an_experiment_that_is_cancelled_ends_soon_and_keeps_what_there_is() -> None:
    experiment = BoundaryExperiment(BoundarySettings(sends=100, pause=1000, recv=100, delay=0))
    wait_until(lambda: experiment.progress > 0)
    assert experiment.cancel(SECONDS)
    result = experiment.result
    assert result is not None
    assert not result.complete
    assert 1 <= len(result.sends.ends) < 100
    assert boundaries_of(result).missing >= 0


def test_one_that_takes_too_long_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SECONDS", 0.2)
    result = run(BoundarySettings(sends=100, pause=1000, recv=100, delay=0))
    assert not result.complete


def test_a_system_that_gives_no_socket_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_buffer: int) -> None:
        raise OSError(24, "too many")

    monkeypatch.setattr(module, "loopback_pair", refuse)
    result = run(BoundarySettings())
    assert result.error is not None
    assert (result.error.operation, result.error.cause) == (Operation.CONNECT, Cause.NO_FILES)
    assert not result.complete


def test_it_runs_beside_us_in_threads_that_end() -> None:
    before = threading.active_count()
    run(BoundarySettings())
    wait_until(lambda: threading.active_count() == before)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"sends": 0}, "Number of sends: please type a whole number from 1 to 1000."),
        ({"size": 0}, "Size of a send: please type a whole number from 1 to 65536."),
        ({"size": 3, "framing": "length4"}, "Size of a send: please type a whole number from 4 to"),
        ({"pause": 1001}, "Pause between sends: please type a whole number from 0 to 1000."),
        ({"recv": 65537}, "Receive size: please type a whole number from 1 to 65536."),
        ({"delay": -1}, "First receive after: please type a whole number from 0 to 1000."),
        ({"buffer": -1}, "Receive buffer: please type a whole number from 0 to 4194304."),
        ({"sends": 1000, "size": 65536}, "65,536,000 bytes; at most 16,777,216"),
        ({"sends": 200, "size": 65536, "recv": 1}, "more than 1,000,000 receives"),
        ({"sends": 102, "pause": 1000}, "The pauses would take 101 s; at most 100 s"),
        ({"messages": (b"x",) * 1001}, "1,001 sends; at most 1,000"),
        ({"messages": (b"x", *[b"y" * 65536] * 256), "framing": "fixed"}, "16,842,752 bytes"),
        ({"messages": (b"x" * 1001,), "size": 1}, "1,001 sends; at most 1,000"),
        ({"messages": (b"",), "size": 0}, "empty message"),
        ({"messages": (b"", b"x"), "size": 0, "framing": "fixed"}, "empty message"),
        ({"messages": (b"x" * 65536,), "size": 0, "framing": "length2"}, "room for 65,535 bytes"),
        ({"framing": "crlf"}, "crlf"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    settings: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        BoundarySettings(**settings)


def test_messages_that_are_made_up_are_told_from_each_other() -> None:
    assert [made_up(number, 5) for number in (1, 2, 27)] == [b"1aaaa", b"2bbbb", b"27aaa"]
    assert [made_up(number, 2) for number in (9, 10)] == [b"9i", b"jj"]
    assert made_up(3, 0) == b""


def test_each_framing_has_its_words() -> None:
    assert (*KNOWN,) == FRAMINGS
