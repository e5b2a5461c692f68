"""The traffic view: a million rows, a page of them drawn, nothing lost from sight."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from gui.models.rows import Row
from gui.theme.theme import Theme
from gui.views.row_list import Traffic
from gui.views.viewport import PIECE
from tests.gui.conftest import Pump
from tests.gui.watchdog import watchdog
from tests.gui.window import everything, seen_in


class Rows:
    """A source of any length whose rows say their own number."""

    def __init__(self, total: int, lines: int = 1) -> None:
        self.total, self.lines, self.look, self.asked = total, lines, 0, 0
        self.row = ""

    def count(self) -> int:
        return self.total

    def version(self) -> int:
        return self.look

    def rows(self, first: int, last: int) -> list[Row]:
        self.asked += last - first
        more = "\n   more" * (self.lines - 1) + self.row
        return [
            Row("sent", f"row {number} look {self.look}{more}") for number in range(first, last)
        ]


@pytest.fixture
def source() -> Rows:
    return Rows(1_000_000)


@pytest.fixture
def view(root: tk.Tk, pump: Pump, source: Rows) -> Traffic:
    root.geometry("700x400")
    traffic = Traffic(root, Theme(root), source, empty="Click Connect.")
    traffic.pack(fill="both", expand=True)
    pump(lambda: traffic.text.winfo_height() > 200)
    traffic.refresh()
    return traffic


def drawn(view: Traffic) -> list[str]:
    """The rows that stand in the Text, by the first word after "row"."""
    lines = view.text.get("1.0", "end-1c").splitlines()
    return [line.split()[1] for line in lines if line.startswith("row")]


def head(view: Traffic) -> str:
    return view.text.get("@0,0 linestart", "@0,0 lineend")


def head_word(view: Traffic) -> int:
    """The number that stands in the first whole word in sight of a very long row."""
    return int(view.text.get("@0,0", "@0,0 +14 chars").split()[1])


def foot(view: Traffic) -> str:
    return view.text.get(f"@0,{view.text.winfo_height()} linestart", "end-1c")


def press(view: Traffic, key: str) -> None:
    view.text.focus_force()
    view.text.event_generate(key)
    view.update()


def test_the_newest_row_is_at_the_foot_and_only_a_page_is_drawn(view: Traffic) -> None:
    assert foot(view).startswith("row 999999 ")
    assert len(drawn(view)) < 60


@pytest.mark.parametrize("height", [300, 307, 311, 318])
def test_the_row_at_the_head_is_whole_at_every_height(
    view: Traffic, root: tk.Tk, pump: Pump, height: int
) -> None:
    root.geometry(f"700x{height}")
    pump(lambda: root.winfo_height() == height)
    root.update()
    view.follow()
    head = view.text.dlineinfo("@0,0")
    assert head is not None
    assert head[1] >= 0
    next_line = view.text.dlineinfo("@0,0 +1 lines")
    assert next_line is not None
    assert next_line[1] - head[1] == head[3]
    assert head[1] >= int(view.text.cget("pady")) - 1


def test_the_number_of_a_client_has_its_colour(root: tk.Tk, theme: Theme, pump: Pump) -> None:
    class Clients(Rows):
        def rows(self, first: int, last: int) -> list[Row]:
            return [Row("sent", "10:31 ▌09 小明\t→ hi", 9, 22)] * (last - first)

    view = Traffic(root, theme, Clients(1))
    view.pack(fill="both", expand=True)
    pump(lambda: view.text.winfo_height() > 50)
    view.refresh()
    first, last = view.text.tag_ranges("client0")
    assert view.text.get(first, last) == "▌09"
    assert view.text.tag_cget("client0", "foreground") == theme.palette.client(9)


def test_new_rows_push_the_older_ones_up(view: Traffic, source: Rows) -> None:
    source.total += 3
    view.refresh()
    assert foot(view).startswith("row 1000002 ")


def test_a_tick_without_news_asks_for_no_row(view: Traffic, source: Rows) -> None:
    before = source.asked
    view.refresh()
    assert source.asked == before


def test_scrolling_up_lets_go_of_the_newest_row(view: Traffic, source: Rows) -> None:
    press(view, "<Button-4>")
    assert not view.following
    before = head(view)
    source.total += 1000
    view.refresh()
    assert head(view) == before


def test_scrolling_to_the_end_catches_the_newest_row_again(view: Traffic, source: Rows) -> None:
    press(view, "<Button-4>")
    press(view, "<Button-5>")
    assert view.following
    source.total += 1
    view.refresh()
    assert foot(view).startswith("row 1000000 ")


def test_rows_that_come_meanwhile_do_not_hinder_catching(view: Traffic, source: Rows) -> None:
    press(view, "<Home>")
    source.total += 5
    press(view, "<End>")
    source.total += 5
    view.refresh()
    press(view, "<Button-5>")
    assert view.following
    assert foot(view).startswith("row 1000009 ")


def test_home_and_end_lead_to_both_ends(view: Traffic) -> None:
    press(view, "<Home>")
    assert head(view).startswith("row 0 ")
    assert not view.following
    press(view, "<End>")
    assert foot(view).startswith("row 999999 ")
    assert view.following


def test_a_page_down_shows_rows_not_seen_before(view: Traffic) -> None:
    press(view, "<Home>")
    seen = view.status().last
    press(view, "<Next>")
    press(view, "<Next>")
    assert view.status().first > 1
    assert view.status().last > seen


def row_under(view: Traffic, y: int) -> int:
    return int(view.text.get(f"@20,{y} linestart", f"@20,{y} lineend").split()[1])


def test_pressed_rows_stay_under_the_mouse_while_others_come(view: Traffic, source: Rows) -> None:
    pressed = row_under(view, 200)
    view.text.event_generate("<Button-1>", x=20, y=200)
    for y in range(200, 261, 10):
        source.total += 5
        view.refresh()
        view.text.event_generate("<B1-Motion>", x=20, y=y)
    last = row_under(view, 260)
    view.text.event_generate("<ButtonRelease-1>", x=20, y=260)
    assert row_under(view, 200) == pressed
    assert view.chosen() == (pressed, last + 1)
    assert last - pressed < 6


@pytest.mark.parametrize("choose", ["<Button-1>", "<Up>", "<Down>"])
def test_a_chosen_row_stays_in_sight_while_others_come(
    view: Traffic, source: Rows, choose: str
) -> None:
    view.text.focus_force()
    if "Button" in choose:
        view.text.event_generate(choose, x=20, y=100)
    else:
        view.text.event_generate(choose)
    view.text.event_generate("<ButtonRelease-1>", x=20, y=100)
    chosen = view.chosen()
    source.total += 1000
    view.refresh()
    view.update()
    assert chosen[1] - chosen[0] == 1
    assert chosen[0] in range(view.status().first - 1, view.status().last)
    assert "↓ Follow" in buttons_in(view)
    view.follow()
    source.total += 1000
    view.refresh()
    assert foot(view).startswith("row 1001999 ")
    assert view.chosen() == chosen


def test_dragging_beyond_the_foot_does_not_follow(view: Traffic, source: Rows, pump: Pump) -> None:
    view.text.event_generate("<Button-1>", x=20, y=200)
    view.text.event_generate("<B1-Motion>", x=20, y=view.text.winfo_height() + 5)
    view.text.event_generate("<ButtonRelease-1>", x=20, y=view.text.winfo_height() + 5)
    source.total += 1000
    view.refresh()
    assert not view.following


def buttons_in(view: Traffic) -> list[str]:
    """The words of the buttons in sight."""
    buttons = [one for one in everything(view) if isinstance(one, ttk.Button)]
    return [str(one.cget("text")) for one in buttons if one.winfo_ismapped()]


def test_any_row_can_be_gone_to(view: Traffic) -> None:
    view.go_to(500_000)
    assert head(view).startswith("row 500000 ")
    assert view.chosen() == (500_000, 500_001)


def test_one_wheel_notch_moves_three_lines_also_within_long_rows(
    view: Traffic, source: Rows
) -> None:
    source.lines, source.look = 40, 1
    view.refresh()
    view.go_to(1000)
    press(view, "<Button-5>")
    assert head(view).strip() == "more"
    for _notch in range(14):
        press(view, "<Button-5>")
    assert view.status().first == 1002
    for _notch in range(15):
        press(view, "<Button-4>")
    assert head(view).startswith("row 1000 ")


class LongRows(Rows):
    def rows(self, first: int, last: int) -> list[Row]:
        return [row._replace(text=row.text + " x" * 4_000) for row in super().rows(first, last)]


@pytest.mark.parametrize("source", [LongRows(1_000)])
def test_of_long_wrapped_rows_only_those_in_sight_are_drawn(view: Traffic, source: Rows) -> None:
    view.wrap(on=True)
    assert drawn(view)[-1] == "999"
    assert len(drawn(view)) <= 3
    assert max(len(piece) for _, piece, _ in view.text.dump("1.0", "end", text=True)) <= PIECE
    press(view, "<Home>")
    assert drawn(view)[0] == "0"
    assert len(drawn(view)) <= 3
    assert head(view).startswith("row 0 ")


def test_a_wrapped_row_can_be_read_to_its_end(view: Traffic, root: tk.Tk, source: Rows) -> None:
    view.wrap(on=True)
    source.lines, source.look = 3, 1
    view.refresh()
    assert view.text.get("1.0", "end-1c").endswith("more")
    assert view.text.yview()[1] == 1.0


def test_the_middle_of_a_very_long_row_is_kept_and_left(
    view: Traffic, root: tk.Tk, source: Rows, pump: Pump
) -> None:
    source.row = "".join(f"{word:>5} " for word in range(2730))  # 4 KiB, an escape each
    view.wrap(on=True)
    view.go_to(10)
    with watchdog():
        view.text.yview("1.0 +8000 chars")
        before = head_word(view)
        root.geometry("200x400")
        pump(lambda: view.text.winfo_width() < 200)
        root.update()
        assert abs(head_word(view) - before) < 20
        press(view, "<Button-5>")
        assert before < head_word(view)
        press(view, "<Button-4>")
        assert abs(head_word(view) - before) < 20
        press(view, "<Down>")
        assert view.chosen() == (11, 12)


def test_a_chosen_run_survives_scrolling_far_away(view: Traffic) -> None:
    view.go_to(10)
    press(view, "<Shift-Down>")
    press(view, "<Shift-Down>")
    view.follow()
    assert not view.text.tag_ranges("chosen")
    assert view.chosen() == (10, 13)
    view._scrolling.to_row(10)  # scroll back without choosing
    assert view.text.tag_ranges("chosen")


def test_the_mouse_chooses_a_row_and_shift_all_up_to_another(view: Traffic) -> None:
    view.go_to(100)
    view.text.event_generate("<Button-1>", x=20, y=10)
    view.text.event_generate("<ButtonRelease-1>", x=20, y=10)
    view.text.event_generate("<Button-1>", x=20, y=100, state=1)
    view.text.event_generate("<ButtonRelease-1>", x=20, y=100)
    first, last = view.chosen()
    assert first == 100
    assert last > 103


def test_copy_puts_the_chosen_rows_on_the_clipboard(view: Traffic, root: tk.Tk) -> None:
    view.go_to(41)
    press(view, "<Shift-Down>")
    press(view, "<<Copy>>")
    assert root.clipboard_get() == "row 41 look 0\nrow 42 look 0\n"


def test_typing_changes_nothing(view: Traffic) -> None:
    before = view.text.get("1.0", "end")
    for key in ("<a>", "<Delete>", "<BackSpace>", "<Control-v>", "<Control-x>"):
        press(view, key)
    assert view.text.get("1.0", "end") == before


def test_tab_leads_on_to_the_next_control(view: Traffic, root: tk.Tk, pump: Pump) -> None:
    after = tk.Entry(root)
    after.pack()
    root.update()
    press(view, "<Tab>")
    pump(lambda: root.focus_get() is after)


def test_an_empty_view_says_what_to_click_first(view: Traffic, source: Rows) -> None:
    source.total = 0
    view.refresh()
    view.update()
    assert "Click Connect." in seen_in(view)
    source.total = 1
    view.refresh()
    view.update()
    assert "Click Connect." not in seen_in(view)


def test_after_clearing_the_view_follows_again_and_nothing_is_chosen(
    view: Traffic, source: Rows
) -> None:
    view.go_to(10)
    source.total = 0
    view.refresh()
    assert view.following
    assert view.status() == (0, 0, 0, 0)


def test_another_look_is_drawn_at_the_same_place(view: Traffic, source: Rows) -> None:
    view.go_to(777)
    source.look = 5
    view.refresh()
    assert head(view) == "row 777 look 5"


def test_the_status_tells_which_rows_are_in_sight(view: Traffic) -> None:
    status = view.status()
    assert status.total == status.last == 1_000_000
    assert 0 < status.last - status.first < 60
    assert status.chosen == 0


def test_the_keyboard_ring_shows_who_has_the_focus(view: Traffic) -> None:
    press(view, "<Down>")
    assert view.instate(["focus"])


def test_the_view_may_be_made_higher(view: Traffic, root: tk.Tk, pump: Pump) -> None:
    before = view.status()
    root.geometry("700x800")
    pump(lambda: view.text.winfo_height() > 600)
    root.update()
    now = view.status()
    assert now.last - now.first > before.last - before.first
    assert foot(view).startswith("row 999999 ")


def test_nothing_grows_while_a_million_rows_pass(view: Traffic, root: tk.Tk, source: Rows) -> None:
    before = len(root.tk.splitlist(root.tk.call("info", "commands")))
    for _tick in range(100):
        source.total += 10_000
        view.refresh()
    assert len(root.tk.splitlist(root.tk.call("info", "commands"))) == before
    assert len(drawn(view)) < 60
