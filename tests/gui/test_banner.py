"""The banner: a message in the page, with room of its own and a button where one click helps."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.models.notice import Cure, Notice, Part, from_error
from gui.theme.theme import Theme
from gui.widgets.banner import Banner
from netlib import Cause, NetError, Operation
from netlib.i18n import LANGUAGES, set_language
from tests.gui.conftest import Pump
from tests.gui.window import Window, drawn

REFUSED = from_error(NetError(Operation.CONNECT, Cause.REFUSED, 111))
CURED = REFUSED._replace(cure=Cure("serve", "localhost", 8080))


class Sheet:
    """A page with a head, a body and a foot, and a message between them."""

    def __init__(self, root: tk.Tk, theme: Theme) -> None:
        self.pressed: list[Cure] = []
        self.page = ttk.Frame(root)
        self.page.pack(fill="both", expand=True)
        self.page.pack_propagate(False)
        self.entry = ttk.Entry(self.page)
        self.banner = Banner(self.page, theme, self.pressed.append)
        self.foot, self.body = ttk.Entry(self.page), ttk.Frame(self.page)
        self.entry.pack(side="top", fill="x")
        self.foot.pack(side="bottom", fill="x")
        self.body.pack(fill="both", expand=True)

    @property
    def words(self) -> str:
        """All words of the message, whatever the lines they stand in."""
        return " ".join(drawn(self.banner.explained.text).split())


@pytest.fixture
def sheet(root: tk.Tk, theme: Theme, pump: Pump) -> Sheet:
    made = Sheet(root, theme)
    made.entry.focus_force()
    pump(lambda: root.focus_get() is made.entry)
    return made


def covers(one: tk.Misc, other: tk.Misc) -> bool:
    """Whether two widgets that are in sight share a pixel row."""
    top, below = sorted((one, other), key=lambda widget: widget.winfo_rooty())
    return top.winfo_rooty() + top.winfo_height() > below.winfo_rooty()


def test_a_message_has_room_of_its_own_and_leaves_the_focus(
    root: tk.Tk, sheet: Sheet, pump: Pump
) -> None:
    sheet.banner.show(CURED)
    pump(lambda: sheet.banner.winfo_height() > 30)
    assert root.focus_get() is sheet.entry
    for other in (sheet.entry, sheet.body, sheet.foot):
        assert not covers(sheet.banner, other)
    sheet.banner.clear()
    pump(lambda: not sheet.banner.winfo_ismapped())


def test_an_error_is_told_whole_where_there_is_room(root: tk.Tk, sheet: Sheet, pump: Pump) -> None:
    root.geometry("900x700")
    sheet.banner.show(CURED)
    pump(lambda: sheet.page.winfo_height() == 700 and sheet.banner.winfo_height() > 60)
    assert "Likely reasons" in sheet.words
    assert "Try Start the server" in sheet.words
    assert not sheet.banner.why.winfo_ismapped()
    sheet.banner.cure.invoke()
    assert sheet.pressed == [CURED.cure]


def test_in_a_low_page_the_cause_and_the_cure_stay_and_the_rest_unfolds(
    root: tk.Tk, sheet: Sheet, pump: Pump
) -> None:
    root.geometry("700x160")
    pump(lambda: sheet.page.winfo_height() == 160)
    sheet.banner.show(CURED)
    pump(sheet.banner.why.winfo_ismapped)
    assert sheet.words.startswith("Connection refused")
    assert "Likely reasons" not in sheet.words
    assert sheet.banner.cure.winfo_ismapped()
    assert not covers(sheet.banner, sheet.entry)
    sheet.banner.why.invoke()
    pump(lambda: "Likely reasons" in sheet.words)
    pump(lambda: sheet.banner.winfo_height() == 160)
    sheet.banner.why.invoke()
    pump(lambda: sheet.entry.winfo_rooty() + 10 < sheet.banner.winfo_rooty())
    assert "Likely reasons" not in sheet.words


def test_a_page_without_room_for_anything_shows_the_message_first(
    root: tk.Tk, sheet: Sheet, pump: Pump
) -> None:
    root.geometry("700x70")
    pump(lambda: sheet.page.winfo_height() == 70)
    sheet.banner.show(CURED)
    pump(sheet.banner.cure.winfo_ismapped)
    pump(lambda: sheet.banner.cure.winfo_rooty() < root.winfo_rooty() + 40)


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("room", ["1280x560", "960x330"])
def test_every_word_can_be_read_at_24_points(
    theme: Theme, sheet: Sheet, pump: Pump, room: str, words: str
) -> None:
    """No line is wider than its room; what is below the foot can be scrolled to."""
    set_language("zh" if words == "zh" else "en")
    theme.dress(size=24)
    theme.root.geometry(room)
    pump(lambda: sheet.page.winfo_height() == int(room.partition("x")[2]))
    sheet.banner.show(CURED)
    pump(sheet.banner.why.winfo_ismapped)
    sheet.banner.why.invoke()
    text = sheet.banner.explained.text
    title = "可能原因" if words == "zh" else "Likely reasons"
    pump(lambda: title in drawn(text))
    pump(lambda: sheet.banner.winfo_height() <= sheet.page.winfo_height())
    theme.root.update()
    assert text.xview() == (0.0, 1.0)
    text.yview_moveto(1.0)
    theme.root.update()
    assert text.yview()[1] == 1.0
    assert text.dlineinfo("end -1 chars") is not None
    set_language("en")


def test_several_reasons_are_numbered(root: tk.Tk, sheet: Sheet, pump: Pump) -> None:
    root.geometry("900x700")
    parts = [Part("Reasons", ("It is off.", "It is busy.")), Part("Try", ("Wait.",))]
    sheet.banner.show(Notice("bad", lambda: "It failed.", lambda: parts))
    pump(lambda: "Reasons 1 It is off. 2 It is busy. Try Wait." in sheet.words)


def test_a_message_follows_size_and_light(
    root: tk.Tk, theme: Theme, sheet: Sheet, pump: Pump
) -> None:
    sheet.banner.show(Notice("warn", lambda: "Mind the gap."))
    pump(lambda: sheet.banner.winfo_height() > 10)
    before = sheet.banner.winfo_height()
    theme.dress(size=22, dark=True)
    pump(lambda: sheet.banner.winfo_height() > before * 1.5)
    assert str(sheet.banner.explained.text.cget("background")) == theme.palette.warn_ground


def test_a_message_goes_while_a_list_of_choices_is_open(window: Window) -> None:
    """That list has the focus, and Python knows no widget of that name."""
    tab = window.connect
    window.go("connect")
    tab.banner.complain("no")
    window.root.tk.call("ttk::combobox::Post", tab.address.entry)
    window.root.tk.call("focus", "-force", f"{tab.address.entry}.popdown.f.l")
    window.wait(lambda: "popdown" in str(window.root.tk.call("focus")))
    window.app.switch_language()
    window.wait(lambda: not tab.banner.showing)
    window.root.tk.call("ttk::combobox::Unpost", tab.address.entry)
    window.app.switch_language()
