"""https by hand: verified unless one says otherwise, and then for one connection."""

from __future__ import annotations

import pytest

from gui.models.connect import ConnectState
from tests import peers
from tests.certificates import Pair
from tests.gui.window import Window, drawn, told, words_in


def ask(window: Window, address: str) -> None:
    """Choose HTTP, type an address and send the request for it."""
    tab = window.connect
    tab.kind.choose("http")
    tab.address.text = address
    tab.address.entry.event_generate("<<ComboboxSelected>>")
    window.wait(tab.http.winfo_viewable)
    tab.http.send_button.invoke()


@pytest.mark.peers
def test_the_certificate_is_verified_unless_one_says_otherwise_and_then_once(
    window: Window, good: Pair
) -> None:
    tab = window.connect
    with peers.nginx(good) as port:
        ask(window, f"https://localhost:{port}/")
        window.wait(lambda: "certificate" in told(tab.banner))
        window.wait(lambda: tab.model.state is ConnectState.IDLE and tab.verify.winfo_ismapped())
        tab.verify.invoke()
        ask(window, f"https://localhost:{port}/")
        window.wait(lambda: "你好，世界" in drawn(tab.http.shown))
        window.wait(lambda: "NOT verified" in " ".join(words_in(tab.who)))
        assert tab.verify.instate(["disabled", "!selected"])
        tab.main.invoke()
        window.wait(lambda: tab.verify.instate(["!disabled", "selected"]))
    tab.verify.invoke()
    tab.remember()
    settings = window.app.settings
    assert settings.save()
    assert "verif" not in settings.path.read_text("utf-8")


def test_the_choice_to_verify_is_there_for_https_only(window: Window) -> None:
    tab = window.connect
    for kind, address, there in (
        ("http", "https://localhost:8443/", True),
        ("http", "https://localhost:", True),  # half typed: nothing changes
        ("http", "http://localhost:8443/", False),
        ("http", "https://localhost/", True),
        ("tcp", "https://localhost/", False),
        ("udp", "localhost:8443", False),
    ):
        tab.address.text = address
        tab.kind.choose(kind)
        window.wait(lambda there=there: tab.verify.winfo_ismapped() == there)  # type: ignore[misc]
