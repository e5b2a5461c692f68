"""The UDP pinger, without a socket."""

from __future__ import annotations

import pytest

from netlib.services import Options
from netlib.services.base import LOSS, SEED
from netlib.services.pinger import Pinger
from tests.samples import THERE


def answers(count: int, loss: float = LOSS, seed: int = SEED) -> list[bytes | None]:
    pinger = Pinger(Options(now=lambda: 0.0, loss=loss, seed=seed))
    answer = pinger.answer_to(THERE)
    return [answer(b"Ping %d" % number, THERE) for number in range(count)]


def test_what_is_not_lost_comes_back_in_capitals() -> None:
    assert answers(3, loss=0.0) == [b"PING 0", b"PING 1", b"PING 2"]
    assert answers(3, loss=1.0) == [None] * 3


def test_about_three_of_ten_are_lost() -> None:
    assert 2_850 < answers(10_000).count(None) < 3_150


def test_the_same_seed_loses_the_same_pings_and_another_loses_others() -> None:
    assert answers(50) == answers(50)
    assert answers(50) != answers(50, seed=2)


def test_of_the_first_ten_pings_of_a_textbook_three_are_lost() -> None:
    assert answers(10).count(None) == 3
    assert answers(1000).count(None) == 305


@pytest.mark.parametrize("seed", range(20))
def test_the_same_ping_again_and_again_is_lost_no_more_often(seed: int) -> None:
    pinger = Pinger(Options(now=lambda: 0.0, seed=seed))
    answer = pinger.answer_to(THERE)
    lost = [answer(b"PING", THERE) is None for _ in range(1000)]
    different = [one is None for one in answers(1000, seed=seed)]
    assert lost == different


def test_without_loss_an_exchange_of_two_servers_ends_all_the_same() -> None:
    answer = Pinger(Options(now=lambda: 0.0, loss=0.0)).answer_to(THERE)
    assert [answer(b"PING", THERE) for _ in range(200)][-1] is None
