"""The first ten seconds: three choices, and the demo that needs nothing to be known."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from tkinter import font as tkfont

import pytest

from gui.app import App
from gui.models.connect import ConnectState
from gui.settings import Settings
from gui.tabs.start import MOST_ADDRESSES, StartTab
from netlib import interfaces
from netlib.i18n import LANGUAGES, set_language
from netlib.system.interfaces import Interface
from tests.gui.window import Window, drawn, seen_in


@pytest.fixture
def first(display: None, root: tk.Tk, tmp_path: Path) -> Iterator[Window]:
    """A window that was never opened before."""
    settings = Settings(tmp_path / "settings.json")
    settings.set("window.language", "en")
    made = Window(App(root, settings))
    yield made
    made.app.close()
    set_language("en")


def start_page(window: Window) -> StartTab:
    page = window.app.tabs["start"]
    assert isinstance(page, StartTab)
    return page


def titles(window: Window) -> list[str]:
    """Return the names of the tabs that are in sight."""
    notebook = window.app.main_window.notebook
    tabs = [notebook.tab(tab) for tab in notebook.tabs()]  # type: ignore[no-untyped-call]
    return [str(tab["text"]) for tab in tabs if str(tab["state"]) != "hidden"]


def test_who_opens_it_for_the_first_time_is_offered_three_choices(first: Window) -> None:
    page = start_page(first)
    first.wait(page.winfo_viewable)
    assert first.app.page is page
    for button in (page.play, page.serve, page.connect):
        assert button.winfo_ismapped()
    assert titles(first) == ["Connect", "Server", "Chat", "Time", "Lessons", "Home"]


def middle_of(part: tk.Misc) -> tuple[int, int]:
    """Return where the middle of a part is on the screen."""
    return (
        part.winfo_rootx() + part.winfo_width() // 2,
        part.winfo_rooty() + part.winfo_height() // 2,
    )


def words_wide(page: StartTab) -> int:
    """Return how wide the address in the field is."""
    font = tkfont.nametofont("TkTextFont", root=page)
    return font.measure(page.address.text)


def test_the_choices_stand_side_by_side_and_below_each_other_in_large_text(first: Window) -> None:
    page = start_page(first)
    first.root.geometry("1280x800")
    first.wait(lambda: first.root.winfo_width() == 1280)
    cards = [button.master for button in (page.play, page.serve, page.connect)]
    for size, beside in ((11, True), (24, False), (8, True)):
        first.app.theme.dress(size=size)
        first.settle()
        places = [middle_of(card) for card in cards]
        assert (len({y for _x, y in places}) == 1) is beside
        assert (len({x for x, _y in places}) == 1) is not beside


@pytest.fixture
def many_networks(monkeypatch: pytest.MonkeyPatch) -> list[Interface]:
    """A computer in as many networks as are named, each with a long name."""
    names = ["Ethernet", "vEthernet (Default Switch)", "VirtualBox Host-Only Network"]
    found = [Interface(name, f"192.168.{net}.100") for net, name in enumerate(names, 101)]
    monkeypatch.setattr("gui.tabs.start.interfaces", lambda: found)
    return found


@pytest.mark.parametrize("words", LANGUAGES)
def test_all_choices_are_in_sight_without_scrolling(
    many_networks: list[Interface], first: Window, words: str
) -> None:
    assert len(many_networks) == MOST_ADDRESSES
    first.wait(lambda: many_networks[0].address in " ".join(seen_in(first.root)))
    if words == "zh":
        first.app.switch_language()
    page = start_page(first)
    for screen, sizes in (("1280x800", range(8, 33, 4)), ("960x540", range(8, 25, 4))):
        wide, high = map(int, screen.split("x"))
        first.root.geometry(screen)
        first.wait(lambda: (first.root.winfo_width(), first.root.winfo_height()) == (wide, high))  # noqa: B023
        for size in sizes:
            first.app.theme.dress(size=size)
            first.settle()
            parts = (page.play, page.serve, page.connect, page.address.entry)
            first.wait(lambda: all(inside(first, page, part) for part in parts))  # noqa: B023


def inside(window: Window, page: StartTab, part: tk.Misc) -> bool:
    """Tell whether all of a part of the page can be seen, and read."""
    left, top = (
        part.winfo_rootx() - window.root.winfo_rootx(),
        part.winfo_rooty() - window.root.winfo_rooty(),
    )
    least = part.winfo_reqwidth() if part is not page.address.entry else words_wide(page)
    return (
        part.winfo_width() >= least
        and left + part.winfo_width() <= window.root.winfo_width()
        and top + part.winfo_height() <= window.root.winfo_height()
    )


def test_a_click_anywhere_on_the_first_card_plays_the_demo(first: Window) -> None:
    page = start_page(first)
    first.wait(page.winfo_viewable)
    page.play.master.event_generate("<Button-1>", x=2, y=2)
    first.wait(lambda: first.connect.model.state is ConnectState.CONNECTED)


def test_a_click_on_the_last_card_leads_to_the_address(first: Window) -> None:
    page = start_page(first)
    first.wait(page.winfo_viewable)
    first.root.focus_force()
    page.connect.master.event_generate("<Button-1>", x=2, y=2)
    first.wait(lambda: first.root.focus_get() is page.address.entry)
    assert page.address.entry.selection_present()
    assert page.address.entry.tk_focusNext() is page.connect


def test_the_first_screen_tells_the_addresses_of_this_computer(first: Window) -> None:
    page = start_page(first)
    first.wait(page.winfo_viewable)
    first.settle()
    for one in interfaces()[:MOST_ADDRESSES]:
        assert any(one.address in text for text in seen_in(page))


def test_the_demo_ends_with_its_bytes_in_sight(first: Window) -> None:
    start_page(first).play.invoke()
    tab = first.connect
    first.wait(lambda: "已接收: 你好" in drawn(tab.traffic.traffic.text))
    assert first.app.page is tab
    assert tab.model.state is ConnectState.CONNECTED
    assert first.server.model.servers[0].running
    assert titles(first) == ["Connect", "Server", "Chat", "Time", "Lessons"]


def test_the_demo_can_be_played_again_from_the_menu(first: Window) -> None:
    for turn in (1, 2):
        first.app.intents["start"]()
        first.wait(start_page(first).winfo_viewable)
        start_page(first).main_action()
        first.wait(lambda turn=turn: len(first.server.model.servers) == turn)  # type: ignore[misc]
        first.wait(lambda: first.connect.model.state is ConnectState.CONNECTED)
        first.wait(lambda: "已接收: 你好" in drawn(first.connect.traffic.traffic.text))


def test_a_server_is_one_enter_away(first: Window) -> None:
    page = start_page(first)
    first.server.form.port.text = "0"
    page.serve.invoke()
    first.wait(first.server.winfo_viewable)
    notebook = first.app.main_window.notebook
    first.wait(lambda: first.root.focus_get() is notebook)
    notebook.event_generate("<Return>")
    first.wait(lambda: first.server.model.servers[0].local)


def test_an_address_is_connected_to(first: Window) -> None:
    port = first.start_server("echo/tcp")
    page = start_page(first)
    first.wait(lambda: page.address.text == f"localhost:{port}")
    page.connect.invoke()
    first.wait(lambda: first.connect.model.state is ConnectState.CONNECTED)
    assert first.app.page is first.connect


def test_the_digits_lead_from_the_first_screen_to_the_same_tabs(first: Window) -> None:
    for digit, key in enumerate(("connect", "server", "chat", "time"), 1):
        first.app.go_to("start")
        first.wait(start_page(first).winfo_viewable)
        first.root.event_generate(f"<Control-Key-{digit}>")
        first.wait(first.app.tabs[key].winfo_viewable)
        assert first.app.page is first.app.tabs[key]


def test_whoever_has_used_a_tab_finds_it_again(display: None, tmp_path: Path) -> None:
    for expected in ("start", "server"):
        root = tk.Tk()
        app = App(root, Settings(tmp_path / "settings.json"))
        assert app.tabs.shown_key == expected
        app.go_to("server")
        app.close()
    set_language("en")


def test_ctrl_f_does_nothing_where_there_are_no_rows(window: Window) -> None:
    window.go("start")
    window.root.event_generate("<Control-f>")
    window.root.update()
    assert window.app.tabs["start"].winfo_viewable()
