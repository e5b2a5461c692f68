"""The virtual table: thousands of clients, chosen by who they are, not where they stand."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import font as tkfont

import pytest

from gui.theme.theme import Theme
from gui.widgets.columns import Column, Order
from gui.widgets.table import CHOSEN, OPENED, Table, TableRow
from tests.gui.conftest import Pump
from tests.gui.window import seen_in

COLUMNS = (Column("who", "Address", 160), Column("count", "Messages", 80, "e", stretch=True))


class Clients:
    """Clients c0, c1, …; the table may ask for any stretch of them."""

    def __init__(self, total: int) -> None:
        self.names = [f"c{number}" for number in range(total)]
        self.messages = 0

    def fetch(self, first: int, last: int) -> Sequence[TableRow]:
        return [TableRow(name, (name, str(self.messages))) for name in self.names[first:last]]


@pytest.fixture
def clients() -> Clients:
    return Clients(5000)


@pytest.fixture
def table(root: tk.Tk, pump: Pump, clients: Clients) -> Table:
    root.geometry("500x400")
    made = Table(root, Theme(root), COLUMNS, "No clients yet.")
    made.pack(fill="both", expand=True)
    pump(lambda: made.tree.winfo_height() > 200)
    made.set_rows(5000, clients.fetch)
    return made


def lines(table: Table) -> list[str]:
    return [str(table.tree.set(item, "who")) for item in table.tree.get_children()]


def marked(table: Table) -> list[str]:
    return [str(table.tree.set(item, "who")) for item in table.tree.selection()]


def press(table: Table, key: str) -> None:
    table.tree.focus_force()
    table.tree.event_generate(key)
    table.update()


def click(table: Table, row: int, state: int = 0) -> None:
    table.update()
    place = table.tree.bbox(table.tree.get_children()[row])
    assert not isinstance(place, str)
    table.tree.event_generate("<Button-1>", x=place[0] + 5, y=place[1] + 5, state=state)
    table.update()


def test_only_the_rows_in_sight_exist(table: Table) -> None:
    assert lines(table)[0] == "c0"
    assert len(lines(table)) < 25


def test_a_refresh_shows_new_values_in_the_same_lines(table: Table, clients: Clients) -> None:
    before = table.tree.get_children()
    clients.messages = 42
    table.set_rows(5000, clients.fetch)
    assert table.tree.get_children() == before
    assert table.tree.set(before[0], "count") == "42"


def test_a_click_chooses_a_row_and_tells(table: Table) -> None:
    told: list[tuple[str, ...]] = []
    table.bind(CHOSEN, lambda _event: told.append(table.chosen))
    click(table, 2)
    assert told == [("c2",)]
    assert marked(table) == ["c2"]


def test_control_adds_and_takes_away(table: Table) -> None:
    click(table, 1)
    click(table, 3, state=4)
    assert [*table.chosen] == ["c1", "c3"]
    click(table, 1, state=4)
    assert [*table.chosen] == ["c3"]


def test_shift_chooses_all_between(table: Table) -> None:
    click(table, 1)
    click(table, 4, state=1)
    assert table.chosen == ("c1", "c2", "c3", "c4")


def test_a_chosen_client_stays_chosen_where_it_moves_to(table: Table, clients: Clients) -> None:
    click(table, 3)
    del clients.names[0:2]
    table.set_rows(len(clients.names), clients.fetch)
    assert marked(table) == ["c3"]
    assert lines(table).index("c3") == 1


def test_the_keyboard_reaches_the_last_of_thousands(table: Table) -> None:
    click(table, 0)
    press(table, "<End>")
    assert table.chosen == ("c4999",)
    assert lines(table)[-1] == "c4999"
    press(table, "<Up>")
    assert table.chosen == ("c4998",)
    press(table, "<Home>")
    assert lines(table)[0] == "c0"


def test_the_wheel_scrolls_and_stops_at_both_ends(table: Table) -> None:
    press(table, "<Button-5>")
    assert lines(table)[0] == "c3"
    for _notch in range(3):
        press(table, "<Button-4>")
    assert lines(table)[0] == "c0"


def test_all_can_be_chosen(table: Table) -> None:
    press(table, "<<SelectAll>>")
    assert len(table.chosen) == 5000


def test_return_opens_the_chosen_row(table: Table) -> None:
    opened: list[tuple[str, ...]] = []
    table.bind(OPENED, lambda _event: opened.append(table.chosen))
    click(table, 1)
    press(table, "<Return>")
    assert opened == [("c1",)]


def test_a_double_click_opens_the_row_under_it(table: Table) -> None:
    opened: list[tuple[str, ...]] = []
    table.bind(OPENED, lambda _event: opened.append(table.chosen))
    click(table, 2)
    click(table, 2)
    assert opened == [("c2",)]


def test_an_empty_table_says_so_and_takes_any_key(table: Table) -> None:
    table.set_rows(0, lambda _first, _last: ())
    table.update()
    assert "No clients yet." in seen_in(table)
    for key in ("<Up>", "<End>", "<Next>", "<<SelectAll>>", "<Return>", "<Button-5>"):
        press(table, key)
    assert table.chosen == ()
    assert lines(table) == []


def test_fewer_rows_leave_no_old_lines(table: Table, clients: Clients) -> None:
    table.set_rows(2, clients.fetch)
    assert lines(table) == ["c0", "c1"]


HEADS = (
    Column("who", "Address", 100, whole=True),
    Column("name", "Nickname", 100, stretch=True, rank=1),
    Column("count", "Messages", 100, "e", rank=2),
)


@pytest.fixture
def students(root: tk.Tk, pump: Pump) -> Table:
    root.geometry("600x300")
    made = Table(root, Theme(root), HEADS, "Nobody.", chips=Column("", "No.", 60))
    made.pack(fill="both", expand=True)
    pump(lambda: made.tree.winfo_width() > 500)
    rows = [
        TableRow("a", ("127.0.0.1:50000", "小明", "3"), "warn", "01", "#0b52bf"),
        TableRow("b", ("127.0.0.1:50001", "Ada", "5"), "gone", "02"),
    ]
    made.set_rows(2, lambda first, last: rows[first:last])
    return made


def test_a_chip_and_a_tone_tell_rows_apart_in_words_and_colour(students: Table) -> None:
    one, other = students.tree.get_children()
    assert [str(students.tree.item(line, "text")).strip() for line in (one, other)] == ["01", "02"]
    assert students.tree.item(one, "image")
    assert list(students.tree.item(one, "tags")) == ["warn"]
    assert list(students.tree.item(other, "tags")) == ["gone"]


def test_where_it_is_narrow_columns_give_way_but_never_the_address(
    root: tk.Tk, students: Table, pump: Pump
) -> None:
    assert students.columns.shown == ("who", "name", "count")
    root.geometry("330x300")
    pump(lambda: students.columns.shown == ("who", "name"))
    root.geometry("230x300")
    pump(lambda: students.columns.shown == ("who",))
    font = tkfont.nametofont("TkDefaultFont", root=root)
    assert students.tree.column("who", "width") > font.measure("127.0.0.1:50000")


def test_a_click_on_a_head_sorts_and_a_second_one_backwards(students: Table) -> None:
    told: list[Order] = []
    students.columns.sort_by(told.append, "number")
    assert students.tree.heading("#0", "text") == "No. ▲"
    for _twice in range(2):
        head = students.tree.bbox(students.tree.get_children()[0], "count")
        assert not isinstance(head, str)
        for press in ("<Button-1>", "<ButtonRelease-1>"):
            students.tree.event_generate(press, x=head[0] + 10, y=5)
            students.update()
    assert told == [Order("count"), Order("count", True)]
    assert students.tree.heading("count", "text") == "Messages ▼"
    assert students.tree.heading("#0", "text") == "No."


def test_chosen_rows_are_copied_as_they_are_seen(students: Table) -> None:
    students.choose(["b"])
    students.tree.focus_force()
    students.update()
    students.tree.event_generate("<<Copy>>")
    assert students.clipboard_get() == "127.0.0.1:50001\tAda\t5"


def test_a_row_is_brought_into_sight(table: Table) -> None:
    table.see(4000)
    assert "c4000" in lines(table)
    before = lines(table)
    table.see(4000)
    assert lines(table) == before
