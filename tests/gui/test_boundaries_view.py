"""The picture of the boundaries: what stands where, by mouse and by keys, in both languages."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator

import pytest

from gui.theme.theme import Theme
from gui.translated import retranslate
from gui.views.boundaries_view import BoundariesView
from netlib.i18n import set_language
from netlib.teaching.boundaries import Boundaries, Lane, LaneName
from netlib.teaching.boundary_text import as_text
from tests.gui.conftest import Pump
from tests.unit.test_boundaries import TEXT, of


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def view(root: tk.Tk, theme: Theme, pump: Pump) -> BoundariesView:
    """A view that shows what a lesson has sent."""
    root.geometry("1000x640")
    view = BoundariesView(root, theme)
    view.pack(fill="both", expand=True)
    pump(lambda: view.canvas.winfo_width() > 800)
    view.show(of(TEXT, [5, 11, 13, 20], [7, 14, 20], [13, 20], "line"))
    return view


def drawn(view: BoundariesView, kind: str, option: str) -> list[tuple[int, str]]:
    """Return the items of one kind, each with one of its options."""
    call, canvas = view.tk.call, str(view.canvas)
    items = (item for item in view.canvas.find_all() if call(canvas, "type", item) == kind)
    return [(item, str(call(canvas, "itemcget", item, f"-{option}"))) for item in items]


def words(view: BoundariesView) -> list[str]:
    """Return every text in the picture."""
    return [text for _item, text in drawn(view, "text", "text") if text]


def cuts(view: BoundariesView, colour: str) -> set[float]:
    """Return the offsets at which dashed lines of a colour stand."""
    canvas, axis = view.canvas, view.steering.axis
    dashed = {item for item, dash in drawn(view, "line", "dash") if dash}
    lines = {item for item, fill in drawn(view, "line", "fill") if fill == colour}
    places = (canvas.coords(line)[0] for line in dashed & lines)
    return {round((x - axis.left) / axis.cell, 1) for x in places}


def said(view: BoundariesView) -> str:
    """Return what the strip says."""
    return str(view.strip._label.cget("text")).replace("\n", " ")


def press(view: BoundariesView, pump: Pump, *keys: str) -> None:
    view.canvas.focus_force()
    pump(lambda: view.focus_get() is view.canvas)
    for key in keys:
        view.canvas.event_generate(key)


def point(view: BoundariesView, event: str, lane: LaneName, offset: float) -> None:
    """Let the pointer do something over a byte of a lane."""
    rows, axis = view._drawing.rows, view.steering.axis
    view.canvas.event_generate(event, x=axis.x(offset), y=rows.tops[lane] + rows.high // 2)


def turn_the_wheel(canvas: tk.Canvas) -> None:
    """Turn it towards oneself."""
    if canvas.tk.call("tk", "windowingsystem") == "x11":
        canvas.event_generate("<Button-5>")
    else:
        canvas.event_generate("<MouseWheel>", delta=-120)


def test_the_heading_is_the_result(view: BoundariesView) -> None:
    assert view.title.label.cget("text") == "4 sends, 3 receives, 2 messages."
    assert str(view.remark.label.cget("text")).endswith("Receive 2 ends inside 你.")


def test_every_lane_shows_its_pieces_and_every_byte_its_column(view: BoundariesView) -> None:
    shown = words(view)
    for word in ("hello", "␣class", r"!\n", r"你好\n", "hello␣c", r"lass!\n e4", r"bd a0 好\n"):
        assert word in shown
    assert shown.count("whole again") == 2
    for name in ("Sender", "4 × send()", "Byte stream", "20 bytes", "3 × recv()", "cut at LF"):
        assert name in shown
    stream = [word for word in shown if word in {*"hello␣class!", r"\n", "e4", "bd", "a0"}]
    assert len(stream) == 18  # of 20 bytes, two are e5 and a5
    assert [word for word in shown if word in {"你", "好"}] == ["你", "好"]


def test_cuts_drop_from_each_call_to_its_byte(view: BoundariesView, theme: Theme) -> None:
    assert cuts(view, theme.palette.sent) == {0, 5, 11, 13, 20}
    assert cuts(view, theme.palette.received) == {0, 7, 14, 20}
    assert cuts(view, theme.palette.fin) == {0, 13, 20}


def test_arrow_keys_name_one_piece_after_the_other(view: BoundariesView, pump: Pump) -> None:
    assert said(view).startswith("Point at a piece")
    press(view, pump, "<Right>")
    assert said(view).startswith("Send 1: 5 bytes")
    press(view, pump, "<Right>", "<Right>")
    assert said(view).startswith("Send 3: 2 bytes")
    press(view, pump, "<Down>")
    assert said(view).startswith("Offset 11: !")
    press(view, pump, "<Down>")
    assert said(view).startswith("Receive 2: 7 bytes from offset 7.")
    assert said(view).endswith("It ends inside 你.")
    press(view, pump, "<Down>", "<Down>")
    assert said(view).startswith("Message 1:")
    press(view, pump, "<End>", "<Right>")
    assert said(view).startswith("Message 2:")
    press(view, pump, "<Home>", "<Left>", "<Up>")
    assert said(view).startswith("Receive 1:")


def test_the_pointer_names_a_piece_in_the_strip(view: BoundariesView, pump: Pump) -> None:
    press(view, pump, "<Right>")
    point(view, "<Motion>", "receives", 10)
    assert said(view).startswith("Receive 2:")
    point(view, "<Motion>", "stream", 13.5)
    assert said(view) == "Offset 13: e4, byte 1 of 3 of the character 你."
    view.canvas.event_generate("<Motion>", x=2, y=2)
    assert said(view).startswith("Send 1:")
    point(view, "<Button-1>", "messages", 15)
    view.canvas.event_generate("<Leave>")
    assert said(view).startswith("Message 2:")


def test_what_is_looked_at_is_marked_in_every_lane(
    view: BoundariesView, pump: Pump, theme: Theme
) -> None:
    press(view, pump, "<Right>", "<Right>")
    canvas, axis = view.canvas, view.steering.axis
    first, fill = drawn(view, "rectangle", "fill")[0]
    band = canvas.coords(first)
    assert fill == theme.palette.hot
    assert band[::2] == [axis.x(5), axis.x(11)]
    assert band[3] - band[1] >= canvas.winfo_height()


def test_bytes_are_made_wider_scrolled_and_shown_whole(view: BoundariesView, pump: Pump) -> None:
    assert (view.steering.axis.first, view.steering.axis.last) == (0, 20)
    press(view, pump, "<plus>", "<plus>")
    axis = view.steering.axis
    assert axis.first > 0
    assert axis.last - axis.first < 20
    for _ in range(30):
        turn_the_wheel(view.canvas)
    assert view.steering.axis.last == 20
    assert view._bar.get()[1] == pytest.approx(1)
    press(view, pump, "<Home>")
    assert view.steering.axis.first == 0
    press(view, pump, "<minus>", "<Key-0>")
    assert (view.steering.axis.first, view.steering.axis.last) == (0, 20)
    view.strip.buttons[1].invoke()
    assert view.steering.axis.last < 20


def test_the_scrollbar_moves_the_bytes(view: BoundariesView, pump: Pump) -> None:
    press(view, pump, "<plus>", "<plus>", "<plus>")
    view._obey("moveto", "0.0")
    assert view.steering.axis.first == 0
    view._obey("scroll", "1", "pages")
    assert view.steering.axis.first > 5
    view._obey("moveto", "1.0")
    assert view.steering.axis.last == 20


def test_the_language_changes_live(view: BoundariesView, root: tk.Tk, pump: Pump) -> None:
    press(view, pump, "<Right>")
    set_language("zh")
    retranslate(root)
    assert view.title.label.cget("text") == "4 次发送、3 次接收、2 条消息。"
    assert {"发送方", "4 次 send()", "按 LF 划界", "又完整了"} <= {*words(view)}
    assert said(view).startswith("第 1 次发送：5 字节")


def test_colours_and_sizes_change_live(view: BoundariesView, theme: Theme, pump: Pump) -> None:
    before = view._drawing.rows.high
    theme.dress(dark=True)
    pump(lambda: cuts(view, theme.palette.sent) == {0, 5, 11, 13, 20})
    theme.dress(size=8)
    pump(lambda: view._drawing.rows.high < before)


@pytest.mark.parametrize("size", [8, 16, 24, 32])
def test_all_lanes_are_in_sight_at_every_size(
    view: BoundariesView, root: tk.Tk, theme: Theme, pump: Pump, size: int
) -> None:
    root.geometry("960x540")
    theme.dress(size=size)
    pump(lambda: view.winfo_width() == 960 and view.canvas.winfo_height() > 100)
    root.update()
    rows = view._drawing.rows
    assert len(rows.tops) == 4
    assert [*rows.tops.values()] == sorted(rows.tops.values())
    assert max(rows.tops.values()) + rows.high <= view.canvas.winfo_height()


def test_of_a_million_calls_only_what_is_in_sight_is_drawn(view: BoundariesView) -> None:
    read: list[int] = []

    def look(first: int, last: int) -> bytes:
        read.append(last - first)
        return b"x" * (last - first)

    ends = range(3, 3_000_001, 3)
    view.show(Boundaries(look, Lane(ends), Lane(range(5, 3_000_001, 5)), Lane(ends), "fixed"))
    view.steering.zoom(0)
    view._draw()
    assert len(view.canvas.find_all()) < 3000
    view.steering.zoom(1e9)
    view.steering.scroll(1_500_000)
    view._draw()
    assert "1,500,000" in words(view)
    assert sum(read) < 100_000


def test_what_was_not_received_is_shown_as_such(view: BoundariesView) -> None:
    view.show(of(TEXT, [5, 20], [14], [13], "line"))
    assert {"not received", "6 B"} <= {*words(view)}
    assert str(view.remark.label.cget("text")).startswith("6 bytes sent and not received.")


@pytest.mark.parametrize(
    "one_end",
    [of(TEXT, [5, 20], None), of(TEXT, None, [7, 20]), of(b"", [], [])],
    ids=["sender", "receiver", "nothing"],
)
def test_one_end_alone_and_an_empty_stream_can_be_shown(
    view: BoundariesView, pump: Pump, one_end: Boundaries
) -> None:
    view.show(one_end)
    press(view, pump, "<Right>", "<Down>", "<End>", "<plus>", "<Key-0>")
    assert "Byte stream" in words(view)


def test_the_picture_is_copied_as_text(view: BoundariesView, pump: Pump) -> None:
    press(view, pump, "<Control-c>")
    assert view.shown is not None
    assert view.clipboard_get() == as_text(view.shown)
