"""The ladder of a recording: patterns, two runs, pictures, languages, sizes, and damage."""

from __future__ import annotations

import sqlite3
import tkinter as tk
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gui.recording_window import RecordingWindow
from gui.views.ladder_pane import LadderPane
from netlib.engine.records import Item
from netlib.events import CloseReason
from tests.gui.ladders import all_of, canvas, chosen, heads, said, show, strip, twin
from tests.gui.window import Window, everything, seen_in
from tests.ladders import (
    OUT,
    both,
    closed,
    connected,
    connecting,
    finished,
    peer_finished,
    received,
    sent,
)
from tests.recordings import chunk, record

LESSON: list[Item] = [
    *both(),
    *(
        sent(b"one\n", at=2.0),
        sent("二\n".encode(), at=2.1),
        received("one\n二\n".encode(), at=2.2),
    ),
    *(sent(b"three\n", at=7.0), received(b"three\n", at=7.1)),
    *(finished(), peer_finished(), closed(serves=True), closed(CloseReason.BY_PEER)),
]
"""Two sends, one receive; a pause; a send, a receive; the end."""

Open = Callable[[list[Item]], LadderPane]


@pytest.fixture
def opens(window: Window, tmp_path: Path) -> Iterator[Open]:
    """Open a recording of these items, and show its ladder."""
    windows: list[RecordingWindow] = []

    def opened(items: list[Item]) -> LadderPane:
        path = record(tmp_path / f"lesson{len(windows)}.socketboard", items)
        return shown(window, windows, path)

    yield opened
    for one in windows:
        one.close()


def shown(window: Window, windows: list[RecordingWindow], path: Path) -> LadderPane:
    found = window.app.recording_files.open(path)
    found.geometry("1280x1000")
    windows.append(found)
    window.wait(lambda: found.view)
    assert found.view is not None
    ladder = show(window, found.view.pane)
    window.wait(lambda: ladder.rows.count() and said(ladder))
    return ladder


# -- what is in it -------------------------------------------------------------------------------


def test_both_ends_are_two_lifelines_from_the_beginning(opens: Open) -> None:
    ladder = opens(LESSON)
    assert {"client 02", "127.0.0.1:50000", "server 01", "127.0.0.1:8080"} == {*heads(ladder)}
    texts = all_of(ladder, said)
    assert {"SYN", "implied", "recv 8 B", "FIN", r"二\n"} <= texts
    assert any("without a call" in text for text in texts)
    assert any("TCP carries bytes, not messages" in text for text in [" ".join(texts)])


def test_a_row_of_either_end_is_shown_in_the_log(window: Window, opens: Open) -> None:
    ladder = opens(LESSON)
    pane = ladder.master
    for row, words in ((4, "one"), (6, "one")):
        ladder.view.go_to(row)
        window.press(canvas(ladder), "<Return>")
        text = pane.traffic.text  # type: ignore[attr-defined]
        window.wait(text.winfo_viewable)
        first, _last = pane.traffic.chosen()  # type: ignore[attr-defined]
        assert words in pane.rows.rows(first, first + 1)[0].text  # type: ignore[attr-defined]
        pane.view.choose("ladder")  # type: ignore[attr-defined]
        window.settle()
        assert chosen(ladder) == [row]


def test_without_sentences_the_rows_have_all_the_room(window: Window, opens: Open) -> None:
    ladder = opens(LESSON)
    sentence = "All of it was received"
    assert any(sentence in text for text in all_of(ladder, said))
    check = next(one for one in everything(ladder.view) if one.winfo_class() == "TCheckbutton")
    check.invoke()  # type: ignore[attr-defined]
    assert not any(sentence in text for text in all_of(ladder, said))
    assert sentence not in twin(window, ladder)


# -- patterns ------------------------------------------------------------------------------------


def test_a_pattern_is_found_and_stepped_through(window: Window, opens: Open) -> None:
    ladder = opens(LESSON)
    ladder.open_pattern()
    bar = ladder.pattern
    bar.entry.insert(0, "send receive")
    window.press(bar.entry, "<Return>")
    window.wait(lambda: "2 places" in seen_in(bar))
    assert chosen(ladder) == [5, 6]
    window.press(bar.entry, "<Return>")
    assert chosen(ladder) == [7, 8]
    bar.steps[1].invoke()
    assert chosen(ladder) == [5, 6]
    bar.steps[0].invoke()
    assert chosen(ladder) == [7, 8]
    window.press(bar.entry, "<Escape>")
    assert not bar.winfo_ismapped()
    assert window.root.focus_get() is canvas(ladder)


def test_a_word_that_is_none_is_told_and_a_pattern_that_is_nowhere(
    window: Window, opens: Open
) -> None:
    ladder = opens(LESSON)
    ladder.open_pattern()
    bar = ladder.pattern
    bar.entry.insert(0, "send receive")
    window.press(bar.entry, "<Return>")
    window.wait(lambda: "2 places" in seen_in(bar))
    bar.entry.delete(0, "end")
    bar.entry.insert(0, "send sned")
    window.press(bar.entry, "<Return>")
    assert bar.entry.instate(["invalid"])
    assert "2 places" not in seen_in(bar)
    bar.entry.delete(0, "end")
    bar.entry.insert(0, "rst")
    window.press(bar.entry, "<Return>")
    window.wait(lambda: "0 places" in seen_in(bar))
    assert all(button.instate(["disabled"]) for button in bar.steps)


# -- two runs ------------------------------------------------------------------------------------


def test_two_runs_stand_side_by_side_and_their_difference_is_marked(
    window: Window, opens: Open, tmp_path: Path
) -> None:
    ladder = opens(LESSON)
    other = record(tmp_path / "other.socketboard", [*LESSON[:7], *LESSON[9:]])
    beside = ladder.compare(other)
    assert beside is not None
    window.wait(lambda: "2 rows differ" in seen_in(beside))
    assert {"lesson0.socketboard", "other.socketboard"} <= {*seen_in(beside)}
    window.press(beside, "<F3>")
    left, right = canvases(beside)
    assert marks(left, beside) == 2
    assert marks(right, beside) == 0
    window.app.switch_language()
    window.wait(lambda: any("2" in text and "不同" in text for text in seen_in(beside)))
    window.app.switch_language()
    window.press(beside, "<Escape>")
    assert not beside.winfo_exists()


def test_a_run_that_cannot_be_read_is_told(window: Window, opens: Open, tmp_path: Path) -> None:
    ladder = opens(LESSON)
    beside = ladder.compare(tmp_path / "absent.socketboard")
    assert beside is not None
    window.wait(lambda: any("absent.socketboard" in text for text in seen_in(beside)))
    beside.destroy()


def canvases(window: tk.Misc) -> list[tk.Canvas]:
    """Return where the rows of both runs are: the higher ones."""
    found = [one for one in everything(window) if isinstance(one, tk.Canvas)]
    return sorted(found, key=lambda one: (-one.winfo_height(), one.winfo_rootx()))[:2]


def marks(where: tk.Canvas, window: tk.Misc) -> int:
    """Return how many rows are marked: rectangles with an edge."""
    boxes = [item for item in where.find_all() if str(where.type(item)) == "rectangle"]
    return sum(int(float(where.tk.call(where, "itemcget", box, "-width"))) > 0 for box in boxes)


# -- pictures ------------------------------------------------------------------------------------


def test_all_rows_or_the_chosen_ones_are_an_svg(
    window: Window, opens: Open, tmp_path: Path
) -> None:
    ladder = opens(LESSON)
    pane = ladder.master
    for name, there in (("all.svg", True), ("some.svg", False)):
        if name == "some.svg":
            ladder.view.go_to(7)
        pane.export(tmp_path / name)  # type: ignore[attr-defined]
        window.wait(lambda name=name: (tmp_path / name).exists())  # type: ignore[misc]
        texts = [one.text for one in ET.parse(tmp_path / name).iter()]
        assert (r"二\n" in texts) == there
        assert r"three\n" in texts


def test_a_png_is_written_or_it_is_said_why_not(
    window: Window, opens: Open, tmp_path: Path
) -> None:
    ladder = opens(LESSON)
    target = tmp_path / "a.png"
    ladder.master.export(target)  # type: ignore[attr-defined]
    if tk.TkVersion >= 9.0:
        window.wait(target.exists)
        assert target.read_bytes().startswith(b"\x89PNG")
    else:
        window.wait(lambda: any("needs Tk 9.0 or later" in text for text in seen_in(window.root)))
        assert not target.exists()


# -- how it looks --------------------------------------------------------------------------------


def test_the_language_changes_at_once(window: Window, opens: Open) -> None:
    ladder = opens(LESSON)
    window.app.switch_language()
    window.wait(lambda: "客户端 02" in heads(ladder))
    assert "implied" not in all_of(ladder, said)
    assert r"二\n" in all_of(ladder, said)
    window.app.switch_language()
    window.wait(lambda: "client 02" in heads(ladder))


def test_the_colours_change_at_once(window: Window, opens: Open) -> None:
    ladder = opens(LESSON)
    theme = window.app.theme

    def colours() -> set[str]:
        where = canvas(ladder)
        return {str(where.tk.call(where, "itemcget", item, "-fill")) for item in where.find_all()}

    light = colours()
    theme.dress(dark=True)
    window.wait(lambda: theme.palette.sent in colours())
    assert not light & colours()
    assert str(canvas(ladder).cget("background")) == theme.palette.field


@pytest.mark.parametrize("size", [8, 32])
@pytest.mark.parametrize("geometry", ["960x540", "1600x1100"])
def test_every_size_shows_rows_within_the_view(
    window: Window, opens: Open, size: int, geometry: str
) -> None:
    ladder = opens(LESSON)
    window.app.theme.dress(size=size)
    top = ladder.winfo_toplevel()
    top.geometry(geometry)
    window.wait(lambda: f"{top.winfo_width()}x{top.winfo_height()}" == geometry)
    window.settle()
    for row in range(ladder.rows.count()):
        ladder.view.go_to(row)
        assert chosen(ladder) == [row]
        assert said(ladder)
        where = canvas(ladder)
        left, _top, right, _bottom = where.bbox("all")
        assert left >= -3
        assert right <= where.winfo_width() + 3


# -- bad recordings ------------------------------------------------------------------------------


def test_two_hundred_activities_share_the_last_lifeline(window: Window, opens: Open) -> None:
    items: list[Item] = []
    for number in range(200):
        items.append(connected(connection=1000 + number, activity=10 + number))
        items.append(
            chunk(b"hello\n", OUT, activity=10 + number, connection=1000 + number, at=1001.0)
        )
    ladder = opens(items)
    window.wait(lambda: ladder.rows.count() == 400)
    assert "others" in all_of_some(ladder)


def all_of_some(ladder: LadderPane) -> list[str]:
    ladder.view.ladder.zoom(-1)
    return heads(ladder)


def test_what_is_damaged_stands_in_its_place(window: Window, tmp_path: Path) -> None:
    path = record(tmp_path / "damaged.socketboard", LESSON)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE page SET codes = NULL WHERE id = (SELECT max(id) FROM page)")
    windows: list[RecordingWindow] = []
    ladder = shown(window, windows, path)
    assert any(text.startswith("?") for text in all_of(ladder, said))
    for key in ("<Home>", "<Down>", "<End>", "<Return>"):
        window.press(canvas(ladder), key)
    windows[0].close()


def test_an_end_alone_has_its_peer_opposite(opens: Open) -> None:
    ladder = opens([connecting(), connected(), sent(b"hello\n"), received(b"hi\n", serves=False)])
    assert "the peer" in heads(ladder)
    assert "127.0.0.1:8080" in heads(ladder)
    assert "not received yet" not in all_of(ladder, said)
    assert strip(ladder)
