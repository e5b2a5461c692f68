"""The title line tells what people at other computers type."""

from __future__ import annotations

import pytest

from gui.title import MOST, addresses
from netlib import Endpoint, reachable_addresses
from tests.gui.window import Window


def test_a_server_on_all_interfaces_puts_its_addresses_into_the_title(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.title.reachable_addresses", lambda _host: ["192.168.1.10"])
    window.start_server()
    window.settle()
    assert window.root.title() == "Socketboard"
    window.server.form.interface.key = "*"
    port = window.start_server()
    window.settle()
    assert window.root.title().startswith(f"192.168.1.10:{port} ")
    window.app.switch_language()
    assert window.root.title().startswith(f"192.168.1.10:{port} ")
    window.app.backend.network.stop(window.server.model.servers[-1].activity)
    window.wait(lambda: "192.168" not in window.root.title())


def test_each_address_stands_there_once_and_not_too_many_do() -> None:
    own = reachable_addresses("0.0.0.0")
    twice = [Endpoint("0.0.0.0", 8080), Endpoint("0.0.0.0", 8080)]
    assert addresses(twice) == [str(Endpoint(host, 8080)) for host in own][:MOST]
    assert addresses([]) == []
