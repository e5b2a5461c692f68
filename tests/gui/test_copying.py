"""Rows on the clipboard, as they are shown or as their bytes; a view that is emptied, and back."""

from __future__ import annotations

import tkinter as tk

import pytest

from gui.theme.theme import Theme
from gui.views.copying import COPY_LIMIT, STEP, python_literal
from gui.views.row_list import Actions, Traffic
from tests.gui.conftest import Pump
from tests.gui.test_row_list import Rows, buttons_in, press
from tests.gui.window import seen_in


def test_copying_too_much_says_how_much_was_copied(root: tk.Tk, pump: Pump) -> None:
    told: list[str] = []
    asked: list[tuple[int, int]] = []

    def copy(first: int, last: int) -> str:
        asked.append((first, last))
        return "text"

    view = Traffic(root, Theme(root), Rows(250_000), Actions(copy=copy, tell=told.append))
    view.choose_all()
    view.copy()
    assert asked == [(0, STEP)]  # the window answers meanwhile
    pump(lambda: len(told) == 2)
    assert told[0] == "Copying…"
    assert [first for first, _last in asked] == [*range(0, COPY_LIMIT, STEP)]
    assert asked[-1][1] == COPY_LIMIT
    assert root.clipboard_get() == "text" * (COPY_LIMIT // STEP)
    assert "100,000" in told[1]
    assert "250,000" in told[1]


def test_what_is_copied_later_takes_the_place_of_what_is_under_way(root: tk.Tk, pump: Pump) -> None:
    told: list[str] = []
    actions = Actions(copy=lambda first, last: f"{first}-{last}\n", tell=told.append)
    view = Traffic(root, Theme(root), Rows(50_000), actions)
    view.choose_all()
    view.copy()
    view.go_to(7)
    view.copy()
    assert root.clipboard_get() == "7-8\n"
    pump(lambda: not root.tk.call("after", "info"))
    assert root.clipboard_get() == "7-8\n"


def test_rows_that_cannot_be_read_leave_the_clipboard_alone(root: tk.Tk, pump: Pump) -> None:
    told: list[str] = []

    def copy(first: int, last: int) -> str:
        if first:
            raise ValueError("The recording cannot be read.")
        return "text"

    root.clipboard_clear()
    root.clipboard_append("before")
    view = Traffic(root, Theme(root), Rows(5_000), Actions(copy=copy, tell=told.append))
    view.choose_all()
    view.copy()
    pump(lambda: len(told) == 2)
    assert told[1] == "The recording cannot be read."
    assert root.clipboard_get() == "before"


def test_the_bytes_of_rows_are_copied_as_hex_or_for_python(root: tk.Tk) -> None:
    told: list[str] = []
    data = [b"GET / HTTP/1.1\r\n", b"", b"\xe5\xa5\xbd'\n"]
    actions = Actions(data=lambda first, last: data[first:last], tell=told.append)
    view = Traffic(root, Theme(root), Rows(3), actions)
    view.choose_all()
    choose_in_menu(view, "Copy bytes as hex")
    first, second = root.clipboard_get().splitlines()
    assert (bytes.fromhex(first), bytes.fromhex(second)) == (data[0], data[2])
    choose_in_menu(view, "Copy bytes for Python")
    assert eval(root.clipboard_get()) == b"".join(data)
    assert told == ["Copied 3 rows."] * 2


def test_rows_without_bytes_say_so(root: tk.Tk) -> None:
    told: list[str] = []
    actions = Actions(data=lambda first, last: [b""] * (last - first), tell=told.append)
    view = Traffic(root, Theme(root), Rows(3), actions)
    view.choose_all()
    choose_in_menu(view, "Copy bytes as hex")
    assert "no bytes" in told[0]


@pytest.mark.parametrize("rows", [[b"a\n"], [b"'", b'"'], [b"\x00\xff"] * 3])
def test_python_reads_what_is_copied_for_it(rows: list[bytes]) -> None:
    assert eval(python_literal(rows)) == b"".join(rows)


def choose_in_menu(view: Traffic, words: str) -> None:
    (menu,) = [one for one in view.text.winfo_children() if isinstance(one, tk.Menu)]
    menu.invoke(words)


class Clearable(Rows):
    """Rows that can be taken away and brought back."""

    def clear(self) -> int:
        self.kept, self.total = self.total, 0
        return self.kept

    def restore(self) -> None:
        self.total, self.kept = self.kept, 0


@pytest.mark.parametrize("source", [Clearable(1204)])
def test_clearing_says_what_became_of_the_rows_and_can_be_undone(
    root: tk.Tk, theme: Theme, pump: Pump, source: Clearable
) -> None:
    view = Traffic(
        root, theme, source, Actions(clear=source.clear, restore=source.restore), "Nothing yet."
    )
    view.pack(fill="both", expand=True)
    pump(view.winfo_viewable)
    view.go_to(7)
    view.clearing.clear()
    view.refresh()
    view.update()
    assert "View emptied; the recording keeps these 1,204 rows." in seen_in(view)
    assert view.status() == (0, 0, 0, 0)
    assert "Undo" in buttons_in(view)
    press(view, "<<Undo>>")
    view.refresh()
    view.update()
    assert view.status().total == 1204
    assert view.status().chosen == 0
    assert "Undo" not in buttons_in(view)


def test_the_menu_offers_to_undo_only_after_something_was_cleared(
    root: tk.Tk, theme: Theme, pump: Pump
) -> None:
    source = Clearable(12)
    view = Traffic(root, theme, source, Actions(clear=source.clear, restore=source.restore), "")
    view.pack(fill="both", expand=True)
    pump(view.winfo_viewable)
    (menu,) = (one for one in view.text.winfo_children() if isinstance(one, tk.Menu))

    def undoes() -> bool:
        root.tk.eval(str(menu.cget("postcommand")))  # as Tk does before it shows it
        assert menu.entrycget("end", "label") == "Undo clear"
        return bool(menu.entrycget("end", "command"))

    assert not undoes()
    view.clearing.clear()
    assert undoes()
    menu.invoke("end")
    assert not undoes()
    assert source.total == 12
