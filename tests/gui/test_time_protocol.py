"""The Time tab speaks text, NTP and daytime: server and client alike."""

from __future__ import annotations

import pytest

from tests.gui.window import Window, cells


def choose(window: Window, protocol: str) -> None:
    window.time.protocol.key = protocol
    window.time.protocol.event_generate("<<ComboboxSelected>>")


@pytest.mark.parametrize(
    ("protocol", "port", "told"),
    [
        ("ntp", "1123", "stratum 1 · round-trip time δ"),
        ("daytime", "1313", "-UTC"),
        ("rfc3339", "8123", "± 0."),
    ],
)
def test_a_server_and_a_client_of_a_protocol_understand_each_other(
    window: Window, protocol: str, port: str, told: str
) -> None:
    window.go("time")
    tab = window.time
    choose(window, protocol)
    assert (tab.port.text, tab.address.text) == (port, f"localhost:{port}")
    tab.port.text = "0"
    tab.start.invoke()
    window.wait(lambda: tab.server.local)
    assert tab.protocol.instate(["disabled"])
    assert tab.server.local is not None
    tab.address.text = f"localhost:{tab.server.local.port}"
    tab.query.invoke()
    window.wait(lambda: cells(tab.answers))
    assert told in str(tab._newest.label.cget("text"))
    window.app.switch_language()
    assert cells(tab.answers)
    tab.start.invoke()
    window.wait(lambda: not tab.server.running)
    assert tab.protocol.instate(["!disabled"])


def test_a_port_and_an_address_that_were_typed_stay(window: Window) -> None:
    window.go("time")
    tab = window.time
    tab.port.text, tab.address.text = "9999", "example.org:123"
    choose(window, "ntp")
    assert (tab.port.text, tab.address.text) == ("9999", "example.org:123")
