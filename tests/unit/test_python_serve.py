"""Servers in Python that are shown: what chance decides is decided as ours does."""

from __future__ import annotations

import random
from random import Random

import pytest

from netlib.services import Options
from netlib.services.base import LOSS, SEED
from netlib.services.pinger import Pinger
from netlib.services.words import WORDS as OURS
from netlib.services.words import Words
from netlib.teaching.code.python_serve import WORDS, program
from netlib.teaching.code.tasks import Identity, Serve
from tests.samples import HERE


def test_the_pinger_that_is_shown_loses_the_same_pings_as_ours() -> None:
    lines = program(Serve("pinger", "", 12000, udp=True, loss=0.5, seed=7)).splitlines()
    assert "random.seed(7)" in lines
    assert "    if random.random() >= 0.5:" in lines
    chance = Random(7)
    answer = Pinger(Options(now=lambda: 0.0, loss=0.5, seed=7)).answer_to(HERE)
    for number in range(100):
        assert (answer(b"%d" % number, HERE) is not None) is (chance.random() >= 0.5)


def test_what_a_server_that_is_shown_does_unless_told_otherwise_is_what_ours_does() -> None:
    usual = Serve("pinger", "", 12000)
    assert (usual.loss, usual.seed) == (LOSS, SEED)


def test_a_service_without_a_program_is_refused() -> None:
    with pytest.raises(ValueError, match="smoke"):
        program(Serve("smoke", "", 1))


def test_the_word_server_that_is_shown_says_the_same_words_as_ours() -> None:
    lines = program(Serve("words", "", 12002, seed=7)).splitlines()
    assert "random.seed(7)" in lines
    assert "        for word in random.choices(WORDS, k=random.randint(1, 10)):" in lines
    words = tuple(word for line in WORDS for word in line)
    assert words == OURS
    service = Words(Options(now=lambda: 0.0, seed=7))
    random.seed(7)
    for _client in range(20):
        said = random.choices(words, k=random.randint(1, 10))
        framed = b"".join(len(w.encode()).to_bytes(2, "big") + w.encode() for w in said)
        assert service.handler(HERE).opened() == framed


def test_over_tls_the_handshake_keeps_nobody_else_waiting() -> None:
    text = program(Serve("echo", "", 8007, tls=Identity("it's.pem", "key.pem")))
    assert 'context.load_cert_chain("it\'s.pem", "key.pem")' in text
    assert "do_handshake_on_connect=False" in text
