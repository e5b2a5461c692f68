"""The models of a server in their window: opened, run, read by mouse and keys, stopped, closed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator

import pytest

from gui.server_models_window import ServerModelsWindow
from netlib import MODEL_LIMITS, MODEL_NAMES
from netlib.teaching.model_words import FIGURES
from tests.gui.window import Window, words_in


@pytest.fixture
def opened(window: Window) -> Iterator[ServerModelsWindow]:
    """The window, as the menu opens it; its first runs are stopped, so that a test sets its own."""
    window.app.intents["models"]()
    found = window.root.nametowidget(".models")
    assert isinstance(found, ServerModelsWindow)
    window.wait(lambda: found.view.canvas.winfo_width() > 100)
    found.run_button.invoke()
    window.wait(lambda: not found.model.running)
    yield found
    if found.winfo_exists():
        found.destroy()


def run(window: Window, opened: ServerModelsWindow, model: str, **numbers: int) -> None:
    opened.form.model.key = model
    for name, number in {"clients": 3, "seconds": 1, "work": 0, "pause": 0, **numbers}.items():
        opened.form.sliders[name].number = number
    opened.run()
    window.wait(lambda: not opened.model.running, 20.0)
    window.wait(lambda: opened._seen == opened.model.changes)


def items(opened: ServerModelsWindow, kind: str, option: str) -> dict[int, str]:
    """Return the items of one kind in the picture, each with one of its options."""
    call, canvas = opened.tk.call, str(opened.view.canvas)
    found = [item for item in opened.view.canvas.find_all() if call(canvas, "type", item) == kind]
    return {item: str(call(canvas, "itemcget", item, f"-{option}")) for item in found}


def drawn(opened: ServerModelsWindow) -> list[str]:
    """Return every text in the picture."""
    return [*items(opened, "text", "text").values()]


def said(opened: ServerModelsWindow) -> str:
    return str(opened.view.strip._label.cget("text")).replace("\n", " ")


def press(window: Window, opened: ServerModelsWindow, *keys: str) -> None:
    for key in keys:
        window.press(opened.view.canvas, key)


def dashed(opened: ServerModelsWindow) -> int:
    """Return how many clients are drawn as waiting in the accept queue."""
    return sum(bool(dash) for dash in items(opened, "rectangle", "dash").values())


def test_the_menu_offers_it_and_it_shows_something_at_once(window: Window) -> None:
    menu = window.app.main_window.menu
    rows = range((menu.index("end") or 0) + 1)
    names = [menu.entrycget(row, "label") for row in rows if menu.type(row) == "command"]
    assert "Experiment: models of a server…" in names
    window.app.intents["models"]()
    found = window.root.nametowidget(".models")
    assert isinstance(found, ServerModelsWindow)
    window.wait(lambda: "client 4" in drawn(found) and dashed(found) == 3)
    found.destroy()


def test_the_second_client_is_connected_and_in_the_queue(
    window: Window, opened: ServerModelsWindow
) -> None:
    run(window, opened, "one")
    assert dashed(opened) == 2
    press(window, opened, "<Right>")
    assert said(opened).startswith("one client at a time · Client 1: accepted")
    press(window, opened, "<Down>")
    assert "Client 2: connected" in said(opened)
    assert "accept queue" in said(opened)


def test_the_figures_of_the_three_stand_side_by_side(
    window: Window, opened: ServerModelsWindow
) -> None:
    run(window, opened, "all")
    texts = drawn(opened)
    heads = ("one client at a time", "a thread for each client", "one loop for all clients")
    assert {*heads, *FIGURES.values()} <= {*texts}
    canvas, words = opened.view.canvas, items(opened, "text", "text")
    places = {item: canvas.coords(item) for item in words}
    line = next(places[item][1] for item, text in words.items() if text == "answered")
    beside = sorted((x, words[item]) for item, (x, y) in places.items() if y == line)
    assert [text for _x, text in beside] == ["answered", "1", "3", "3"]


def test_a_client_is_pointed_at(window: Window, opened: ServerModelsWindow) -> None:
    run(window, opened, "all")
    places = opened.view.drawing.places
    left, _next = places.column(2)
    x, y = left + 5, places.top + places.row + 2
    opened.view.canvas.event_generate("<Motion>", x=x, y=y)
    assert said(opened).startswith("one loop for all clients · Client 2: accepted")
    opened.view.canvas.event_generate("<Button-1>", x=x, y=y)
    opened.view.canvas.event_generate("<Leave>")
    assert said(opened).startswith("one loop for all clients · Client 2: accepted")


def test_a_name_stands_beside_its_row_however_low_that_is(
    window: Window, opened: ServerModelsWindow
) -> None:
    run(window, opened, "one", clients=50)
    places, canvas = opened.view.drawing.places, opened.view.canvas
    named = {
        item: int(text.removeprefix("client "))
        for item, text in items(opened, "text", "text").items()
        if text.startswith("client ")
    }
    assert 1 < len(named) < 50, "a line of text is higher than a row"
    for item, number in named.items():
        _left, above, _right, below = canvas.bbox(item)
        assert places.at(places.names, (above + below) / 2) == ("one", number - 1)


def test_a_wrong_number_is_told_beside_its_field(
    window: Window, opened: ServerModelsWindow
) -> None:
    before = opened.model.changes
    for name, (low, high) in MODEL_LIMITS.items():
        field, right = opened.form.sliders[name].field, opened.form.sliders[name].field.text
        for text in ("", str(low - 1), str(high + 1), "many", "1.5", "9" * 5000, "\x00"):
            field.text = text
            opened.run()
            told = f"{MODEL_NAMES[name]}: please type a whole number from {low} to {high}."
            assert field._bubble.text == f"✗ {told}"
            assert window.root.focus_get() is field.entry
        field.text = right
    assert (opened.model.running, opened.model.changes) == (False, before)


def test_a_long_run_is_stopped_by_the_same_button(
    window: Window, opened: ServerModelsWindow
) -> None:
    opened.form.sliders["seconds"].number = 60
    opened.run_button.invoke()
    window.wait(lambda: opened.run_button.cget("text") == "Stop")
    opened.run_button.invoke()
    window.wait(lambda: opened.run_button.cget("text") == "Run again")
    assert [*opened.model.shown()] == ["one"]


def test_the_picture_grows_while_it_runs(window: Window, opened: ServerModelsWindow) -> None:
    opened.form.model.key = "threads"
    opened.form.sliders["seconds"].number = 60
    opened.run()
    window.wait(lambda: "threads" in opened.view.shown)
    first = opened.view.shown["threads"].elapsed
    window.wait(lambda: opened.view.shown["threads"].elapsed > first)
    opened.run()


def test_the_language_changes_live(window: Window, opened: ServerModelsWindow) -> None:
    run(window, opened, "one")
    window.app.switch_language()
    window.wait(lambda: "客户端 1" in drawn(opened))
    assert "一次只服务一个客户端" in drawn(opened)
    assert opened.title() == "Socketboard：服务器模型"
    assert {"再运行一次", "每次应答耗时", "客户端停顿"} <= {*words_in(opened)}
    assert "接受队列" in str(opened.view.legend.label.cget("text"))
    assert "握手" in str(opened.told.label.cget("text"))
    window.app.switch_language()


@pytest.mark.parametrize("size", [8, 32])
def test_all_is_in_reach_where_there_is_little_room(
    window: Window, opened: ServerModelsWindow, size: int
) -> None:
    run(window, opened, "all", clients=50)
    opened.geometry("800x500")
    for _step in range(abs(size - window.app.theme.size)):
        window.app.zoom(1 if size > window.app.theme.size else -1)
    assert window.app.theme.size == size
    if size == 32:
        window.wait(opened.switch.winfo_ismapped)
        opened.switch.choose("view")
    window.settle()
    canvas = opened.view.canvas
    press(window, opened, "<Right>", *["<Down>"] * 49)
    places = opened.view.drawing.places
    bottom = places.top + 50 * places.row
    assert canvas.canvasy(0) < bottom <= canvas.canvasy(canvas.winfo_height()) + places.row
    for key in ("<Right>", "<Right>"):
        press(window, opened, key)
    assert opened.view.chosen is not None
    assert opened.view.chosen.model == "loop"
    assert "loop" in opened.view.drawing.places.models
    press(window, opened, *["<Next>"] * 10)
    assert canvas.canvasy(canvas.winfo_height()) >= places.high - 1
    window.app.zoom(0)


def test_everything_is_reached_by_the_tab_key(window: Window, opened: ServerModelsWindow) -> None:
    opened.run_button.focus_force()
    reached: set[tk.Misc] = set()
    part: tk.Misc = opened.run_button
    while part not in reached:
        reached.add(part)
        part = part.tk_focusNext() or part
    form = opened.form
    wanted = {opened.run_button, opened.copy_button, form.model, opened.view.canvas}
    for slider in form.sliders.values():
        wanted |= {slider.field.entry, slider._track}
    assert wanted <= reached


def test_it_is_copied_as_text(window: Window, opened: ServerModelsWindow) -> None:
    run(window, opened, "all")
    opened.copy_button.invoke()
    lines = window.root.clipboard_get().splitlines()
    assert lines[0].startswith("one client at a time: 3 connected, 1 being served, 1 answered; ")
    assert len(lines) == 3 * (1 + 3)


def test_it_is_one_window_and_esc_closes_it(window: Window, opened: ServerModelsWindow) -> None:
    window.app.intents["models"]()
    assert window.root.nametowidget(".models") is opened
    opened.form.sliders["seconds"].number = 60
    opened.run()
    opened.focus_force()
    window.wait(lambda: window.root.focus_get() is not None)
    opened.event_generate("<Escape>")
    window.wait(lambda: not window.root.tk.call("winfo", "exists", ".models"))
