"""https in the Connect tab: verified unless one says otherwise, and then once only."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from gui.models.backend import Backend
from gui.models.connect import (
    ConnectForm,
    ConnectModel,
    ConnectState,
    reply_body,
    tls_words,
)
from gui.models.request import RequestText
from gui.models.typed import Typed
from netlib.events import Transport
from netlib.network import Family
from tests import peers
from tests.backends import live, open_backend, shown
from tests.certificates import Pair

pytestmark = pytest.mark.peers


@pytest.fixture
def backend() -> Iterator[Backend]:
    with open_backend() as made:
        yield made


def form(port: int, scheme: str = "https") -> ConnectForm:
    address = f"{scheme}://localhost:{port}/"
    return ConnectForm(address, Transport.TCP, Family.ANY, 5.0, tls=scheme == "https")


def ask(model: ConnectModel, there: ConnectForm) -> str | None:
    """Send the request that the editor offers for an address."""
    return model.request(there, RequestText(there.address).data())


def end(backend: Backend, model: ConnectModel) -> None:
    model.disconnect()
    live(backend, lambda: model.state is ConnectState.IDLE)


def test_a_server_that_no_known_authority_vouches_for_is_refused(
    backend: Backend, good: Pair
) -> None:
    model = ConnectModel(backend)
    with peers.nginx(good) as port:
        ask(model, form(port))
        live(backend, lambda: model.state is ConnectState.IDLE and model.notice)
    assert model.notice is not None
    assert "certificate" in model.notice.sentence()
    assert model.notice.parts()
    assert (model.secured, model.reply) == (None, None)


def test_without_verification_the_page_comes_and_it_is_said_that_nobody_checked(
    backend: Backend, good: Pair
) -> None:
    model = ConnectModel(backend)
    with peers.nginx(good) as port:
        model.verify = False
        ask(model, form(port))
        live(backend, lambda: model.reply)
        assert model.reply is not None
        assert "你好，世界" in reply_body(model.reply)
        assert model.secured is not None
        assert tls_words(model.secured) == "TLSv1.3, certificate NOT verified"
        live(backend, lambda: f"Host: localhost:{port}" in shown(model.rows))
        end(backend, model)
        assert model.verify
        ask(model, form(port))
        live(backend, lambda: model.state is ConnectState.IDLE and model.notice)
    assert model.reply is None


def test_until_the_handshake_is_over_nothing_is_sent_and_one_can_give_up(backend: Backend) -> None:
    model = ConnectModel(backend)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        model.connect(form(silent.getsockname()[1]))
        live(backend, lambda: model.state is ConnectState.SECURING)
        assert "Not connected" in (model.send(Typed("too early")) or "")
        end(backend, model)
    assert model.notice is None


def test_lines_are_sent_over_tls_too(backend: Backend, good: Pair) -> None:
    model = ConnectModel(backend)
    with peers.openssl_server(good) as port:
        model.verify = False
        model.connect(form(port))
        live(backend, lambda: model.state is ConnectState.CONNECTED)
        assert model.send(Typed("abc")) is None
        live(backend, lambda: "cba" in shown(model.rows))
        end(backend, model)


@pytest.mark.parametrize(("first", "second"), [("http", "https"), ("https", "http")])
def test_what_is_open_with_the_one_is_not_used_for_the_other(
    backend: Backend, good: Pair, first: str, second: str
) -> None:
    model = ConnectModel(backend)
    with peers.openssl_server(good) as port:
        model.verify = False
        model.connect(form(port, first))
        live(backend, lambda: model.state is ConnectState.CONNECTED)
        assert "Disconnect" in (ask(model, form(port, second)) or "")
        end(backend, model)
        assert model.verify
