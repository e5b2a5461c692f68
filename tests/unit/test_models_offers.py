"""Which servers are offered where one connects, and which is written down by itself."""

from __future__ import annotations

import pytest

from gui.models.backend import Backend, Running
from gui.models.offers import Fitting, Offer, offers, only_offer
from netlib import Endpoint, Transport

CHAT = Fitting(Transport.TCP, (("chat",), ("acknowledge",)))
ANY = Fitting(Transport.TCP)


@pytest.fixture
def backend() -> Backend:
    made = Backend()
    made.running = {
        1: Running("acknowledge", Transport.TCP, Endpoint("127.0.0.1", 8080)),
        2: Running("chat", Transport.TCP, Endpoint("::", 8081)),
        3: Running("time", Transport.UDP, Endpoint("192.0.2.1", 8123)),
    }
    return made


def test_what_fits_better_stands_first_under_the_name_used_here(backend: Backend) -> None:
    assert offers(backend, CHAT) == [
        Offer("localhost:8081", "chat"),
        Offer("localhost:8080", "acknowledge"),
    ]
    assert [offer.address for offer in offers(backend, ANY)] == ["localhost:8080", "localhost:8081"]
    assert [offer.address for offer in offers(backend, Fitting(Transport.UDP))] == [
        "192.0.2.1:8123"
    ]
    assert offers(backend, CHAT)[0].words == "localhost:8081 · chat room (chat), running here"


def test_only_one_that_fits_best_is_written_down(backend: Backend) -> None:
    assert only_offer(backend, CHAT) == "localhost:8081"
    assert only_offer(backend, ANY) == ""
    del backend.running[2]
    assert only_offer(backend, CHAT) == "localhost:8080"
    backend.running.clear()
    assert only_offer(backend, CHAT) == ""
