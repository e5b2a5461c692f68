"""The word server, without a socket."""

from __future__ import annotations

import pytest

from netlib.events import CloseReason
from netlib.protocols.framing import Framing, message_ends
from netlib.services import Options
from netlib.services.words import MOST, WORDS, Words
from tests.samples import THERE


def told(seed: int, clients: int = 1) -> list[bytes]:
    service = Words(Options(now=lambda: 0.0, seed=seed))
    return [service.handler(THERE).opened() for _ in range(clients)]


def words_of(data: bytes) -> list[str]:
    ends = list(message_ends(Framing(prefix=2), [data]))
    assert ends[-1] == len(data)
    starts = [0, *ends[:-1]]
    return [data[at + 2 : end].decode() for at, end in zip(starts, ends, strict=True)]


@pytest.mark.parametrize("seed", range(20))
def test_one_to_ten_words_come_each_behind_its_length_in_bytes(seed: int) -> None:
    for data in told(seed, clients=5):
        words = words_of(data)
        assert 1 <= len(words) <= MOST
        assert set(words) <= set(WORDS)


def test_the_same_seed_says_the_same_words() -> None:
    assert told(1, 10) == told(1, 10)
    assert told(1, 10) != told(2, 10)


def test_a_length_counts_bytes_not_characters() -> None:
    heard = b"".join(told(1, clients=50))
    assert b"\x00\x09" + "套接字".encode() in heard


def test_it_closes_once_all_is_said() -> None:
    handler = Words(Options(now=lambda: 0.0)).handler(THERE)
    handler.opened()
    assert handler.close_reason is CloseReason.BY_US
