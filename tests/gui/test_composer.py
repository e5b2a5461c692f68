"""Fields, composer, choices, banner, status line: what is typed is kept, what is wrong is said."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.theme.theme import Theme
from gui.translated import retranslate
from gui.widgets.address import AddressField
from gui.widgets.banner import Banner
from gui.widgets.choice import Choice, Segments
from gui.widgets.composer import Composer
from gui.widgets.field import Field, Limits, NumberField
from gui.widgets.flow import Flow
from gui.widgets.statusline import Count, StatusLine
from gui.widgets.tooltip import Tooltips, enable, tip, words_of
from tests.gui.conftest import Pump


@pytest.fixture
def theme(root: tk.Tk) -> Theme:
    root.geometry("800x500")
    return Theme(root)


def needs_colon(text: str) -> str | None:
    return None if ":" in text else f"{text}: the port is missing"


class Sent:
    """Takes what a composer sends; refuses when told to."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str, str]] = []
        self.refusal: str | None = None

    def __call__(self, text: str, mode: str, eol: str, encoding: str) -> str | None:
        if not self.refusal:
            self.lines.append((text, mode, eol, encoding))
        return self.refusal


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def composer(root: tk.Tk, theme: Theme, sent: Sent) -> Composer:
    made = Composer(root, theme, sent, ["utf-8", "gb18030"])
    made.pack(fill="x", side="bottom")
    root.update()
    made.entry.focus_force()
    root.update()
    return made


def press(widget: tk.Misc, key: str) -> None:
    widget.event_generate(key)
    widget.update()


def test_return_sends_what_is_typed_and_empties_the_line(composer: Composer, sent: Sent) -> None:
    composer.text = "你好"
    press(composer.entry, "<Return>")
    assert sent.lines == [("你好", "text", "lf", "utf-8")]
    assert composer.text == ""


def test_what_cannot_be_sent_stays_typed_and_says_why(composer: Composer, sent: Sent) -> None:
    sent.refusal = "gbk has no 😀"
    composer.text = "smile 😀"
    composer.send_button.invoke()
    assert composer.text == "smile 😀"
    assert composer.wrong == "✗ gbk has no 😀"
    assert composer.entry.instate(["invalid"])
    press(composer.entry, "<KeyRelease-BackSpace>")
    assert composer.wrong == ""


def test_return_with_sending_disabled_keeps_the_line(composer: Composer, sent: Sent) -> None:
    composer.enable(False, "Connect first.")
    composer.text = "early"
    press(composer.entry, "<Return>")
    assert (composer.text, sent.lines) == ("early", [])
    assert words_of(composer.send_button) == "Connect first."


def test_up_brings_back_the_last_line_and_down_the_draft(composer: Composer) -> None:
    composer.text = "first"
    press(composer.entry, "<Return>")
    composer.text = "draft"
    press(composer.entry, "<Up>")
    assert composer.text == "first"
    press(composer.entry, "<Down>")
    assert composer.text == "draft"


def test_hex_carries_neither_line_ending_nor_encoding(composer: Composer, sent: Sent) -> None:
    composer.mode.choose("hex")
    assert composer.eol.instate(["disabled"])
    composer.text = "e5 b7 b2"
    press(composer.entry, "<Return>")
    assert sent.lines[0][:2] == ("e5 b7 b2", "hex")
    composer.mode.choose("text")
    assert not composer.eol.instate(["disabled"])


def test_a_wrong_address_is_kept_marked_and_explained(root: tk.Tk, theme: Theme) -> None:
    field = AddressField(root, theme, "Address", needs_colon)
    field.pack()
    root.update()
    field.text = "localhost"
    assert not field.accept()
    assert field.text == "localhost"
    assert field.entry.instate(["invalid"])
    assert words_of(field.entry) == "localhost: the port is missing"
    field.text = "localhost:80"
    assert field.accept()
    assert not field.entry.instate(["invalid"])
    assert words_of(field.entry) == ""


def test_addresses_used_are_offered_newest_first_and_once(root: tk.Tk, theme: Theme) -> None:
    field = AddressField(root, theme, "Address", needs_colon)
    for address in ("a:1", "b:2", "a:1"):
        field.text = address
        field.remember()
    assert field.history == ("a:1", "b:2")


@pytest.mark.parametrize("text", ["", "x", "0", "65536", "1.5", "１２３４５６", "nan", "0x50"])
def test_a_number_out_of_bounds_names_its_field(root: tk.Tk, theme: Theme, text: str) -> None:
    field = NumberField(root, theme, "Port", Limits(1, 65535))
    field.text = text
    assert field.wrong == "Port: please type a whole number from 1 to 65535."
    with pytest.raises(ValueError, match="Port"):
        _ = field.number


def test_numbers_typed_with_an_input_method_are_understood(root: tk.Tk, theme: Theme) -> None:
    port = NumberField(root, theme, "Port", Limits(1, 65535))
    seconds = NumberField(root, theme, "Timeout", Limits(0.1, 60, whole=False))
    port.text, seconds.text = "８０８０", "2.5"
    assert (port.number, seconds.number) == (8080, 2.5)


@pytest.mark.parametrize("text", ["nan", "inf", "0", "60.1", "soon"])
def test_seconds_must_be_a_time_one_can_wait(root: tk.Tk, theme: Theme, text: str) -> None:
    field = NumberField(root, theme, "Timeout", Limits(0.1, 60, whole=False))
    field.text = text
    assert "0.1" in field.wrong


def test_a_disabled_field_says_what_would_enable_it(root: tk.Tk, theme: Theme) -> None:
    field = Field(root, theme, "Name")
    field.enable(False, "Disconnect first.")
    assert words_of(field.entry) == "Disconnect first."
    field.enable(True)
    assert words_of(field.entry) == ""


def test_a_choice_gives_its_key_whatever_its_words(root: tk.Tk, theme: Theme) -> None:
    del theme
    choice = Choice(root, {"auto": "Automatic", "v4": "IPv4"})
    assert (choice.key, choice.get()) == ("auto", "Automatic")
    choice.key = "v4"
    assert choice.get() == "IPv4"
    choice.current(0)
    assert choice.key == "auto"


def test_segments_call_back_when_another_is_chosen(root: tk.Tk, theme: Theme) -> None:
    del theme
    keys: list[str] = []
    segments = Segments(root, {"log": "Log", "bytes": "Bytes"}, keys.append)
    button = segments.winfo_children()[1]
    assert isinstance(button, ttk.Radiobutton)
    button.invoke()
    assert (segments.key, keys) == ("bytes", ["bytes"])


def test_the_banner_covers_the_page_without_moving_it_or_taking_the_focus(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    entry, page = ttk.Entry(root), ttk.Frame(root)
    entry.pack()
    page.pack(fill="both", expand=True)
    banner = Banner(page, theme)
    entry.focus_force()
    pump(lambda: root.focus_get() is entry)
    before = page.winfo_height()
    banner.show("bad", "Connection refused.", "Start a server.")
    pump(banner.winfo_ismapped)
    assert root.focus_get() is entry
    assert page.winfo_height() == before
    banner.clear()
    pump(lambda: not banner.winfo_ismapped())


def test_counts_are_readable_and_never_change_the_width(root: tk.Tk, theme: Theme) -> None:
    line = StatusLine(
        root, theme, [Count("received", "received"), Count("dropped", "dropped", "+")]
    )
    line.pack(fill="x")
    root.update()
    before = line.winfo_reqwidth()
    line.set("received", 12_345_678)
    root.update()
    assert line.winfo_reqwidth() == before
    assert "12,345,678" in [
        str(label.cget("text"))
        for label in line.winfo_children()[0].winfo_children()
        if isinstance(label, ttk.Label)
    ] + [
        str(child.cget("text"))
        for frame in line.winfo_children()
        for child in frame.winfo_children()
    ]


def test_controls_go_on_in_a_new_line_where_the_window_is_narrow(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    buttons = [ttk.Button(bar, text=f"A long label {n}") for n in range(6)]
    bar.add(*buttons)
    pump(lambda: bar.winfo_width() > 700)
    root.update()
    wide = bar.winfo_height()
    root.geometry("300x500")
    pump(lambda: bar.winfo_height() > 2 * wide)
    assert all(button.winfo_x() + button.winfo_width() <= 300 for button in buttons)


def test_optional_controls_give_way_before_a_line_is_broken_the_last_one_first(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    title, count = (ttk.Label(bar, text=text) for text in ("Title", "9,999 of 9,999 rows"))
    buttons = [ttk.Button(bar, text=f"A long label {n}") for n in range(3)]
    bar.add(title, optional=True)
    bar.add(*buttons)
    bar.add(count, optional=True)
    needed = sum(one.winfo_reqwidth() + theme.px(10) for one in (*buttons, title)) - theme.px(10)
    for room, shown in (
        (needed + theme.px(10) + count.winfo_reqwidth(), [title, count]),
        (needed, [title]),
        (needed - 1, []),
    ):
        root.geometry(f"{room}x300")
        pump(lambda room=room: bar.winfo_width() == room)  # type: ignore[misc]
        root.update()
        assert [one for one in (title, count) if one.winfo_manager()] == shown
        assert {button.winfo_y() for button in buttons} == {0}


def test_a_control_is_never_wider_than_the_window(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    button = ttk.Button(bar, text="A very long label " * 3)
    bar.add(button)
    root.geometry("200x300")
    pump(lambda: button.winfo_width() == 200)


def test_the_elastic_control_of_a_line_takes_what_is_left(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    bar = Flow(root, theme)
    bar.pack(fill="x")
    first, second = (ttk.Button(bar, text=text) for text in ("Stretches", "Stays"))
    bar.add(first, second, elastic=first)

    def check(width: int) -> None:
        root.geometry(f"{width}x300")
        pump(lambda: second.winfo_x() + second.winfo_width() == width)
        pump(lambda: second.winfo_width() == second.winfo_reqwidth())
        assert second.winfo_x() + second.winfo_width() == width
        assert first.winfo_x() + first.winfo_width() < second.winfo_x()

    check(700)
    check(400)
    second.configure(text="Stays, and is longer")
    check(400)


def test_a_word_about_an_error_goes_with_its_language(
    root: tk.Tk, composer: Composer, sent: Sent
) -> None:
    sent.refusal = "gbk has no 😀"
    composer.text = "😀"
    press(composer.entry, "<Return>")
    retranslate(root)
    assert composer.wrong == ""


def test_the_tooltip_says_why_a_button_is_disabled(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    Tooltips(theme)
    button = ttk.Button(root, text="Send")
    button.pack()
    tip(button, "Send the line.")
    assert words_of(button) == "Send the line."
    enable(button, False, "Connect first.")
    assert words_of(button) == "Connect first."
    root.update()
    button.event_generate("<Enter>")
    pump(lambda: any(isinstance(child, tk.Toplevel) for child in root.winfo_children()))
    button.event_generate("<Leave>")
    pump(lambda: not any(isinstance(child, tk.Toplevel) for child in root.winfo_children()))
