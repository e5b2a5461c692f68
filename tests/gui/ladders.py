"""The ladder of a window, read and used as a person would."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from gui.views.ladder_pane import LadderPane
from gui.views.pane import TrafficPane
from tests.gui.window import Window, everything, seen_in


def show(window: Window, pane: TrafficPane) -> LadderPane:
    """Show the ladder of a pane."""
    pane.view.choose("ladder")
    assert pane.ladder is not None
    found = pane.ladder
    window.wait(lambda: found.view.winfo_viewable() and not found.rows.arranging)
    found.refresh()  # the last block may have come after the last tick
    return found


def canvas(ladder: LadderPane) -> tk.Canvas:
    """Return where the arrows are."""
    return ladder.view.ladder.canvas


def said(ladder: LadderPane) -> list[str]:
    """Return the texts among the arrows."""
    return _texts(canvas(ladder))


def all_of(ladder: LadderPane, texts: Callable[[LadderPane], list[str]]) -> set[str]:
    """Return the texts with each row at the head of the view once."""
    drawn = ladder.view.ladder
    before = drawn.top, drawn.following
    found: set[str] = set()
    for row in range(ladder.rows.count()):
        drawn.to(row)
        found |= {*texts(ladder)}
    drawn.top, drawn.following = before
    drawn.draw()
    return found


def twin(window: Window, ladder: LadderPane) -> str:
    """Copy every row; return what is on the clipboard."""
    window.press(canvas(ladder), "<Control-a>")
    window.press(canvas(ladder), "<Control-c>")
    return str(window.root.clipboard_get())


def heads(ladder: LadderPane) -> list[str]:
    """Return what stands over the lifelines."""
    head = next(
        one
        for one in everything(ladder.view)
        if isinstance(one, tk.Canvas) and one is not canvas(ladder)
    )
    return _texts(head)


def strip(ladder: LadderPane) -> str:
    """Return what is said below the arrows, and over them where there are none."""
    return "\n".join(seen_in(ladder.view))


def chosen(ladder: LadderPane) -> list[int]:
    """Return the chosen rows."""
    return [*range(*ladder.view.chosen())]


def middle(ladder: LadderPane, row: int) -> tuple[int, int]:
    """Return a place in the middle of a row, which is brought into sight where it is not."""
    drawn = ladder.view.ladder
    first, last = drawn.in_sight
    if not first <= row < last:
        drawn.to(row)
    places = [y for y in range(canvas(ladder).winfo_height()) if drawn.row_at(y) == row]
    return canvas(ladder).winfo_width() // 2, places[len(places) // 2]


def click(ladder: LadderPane, row: int, event: str = "<Button-1>", state: int = 0) -> None:
    """Do something with the mouse at a row in sight."""
    x, y = middle(ladder, row)
    canvas(ladder).event_generate(event, x=x, y=y, state=state)
    ladder.update()


def _texts(where: tk.Canvas) -> list[str]:
    items = [item for item in where.find_all() if str(where.type(item)) == "text"]
    return [str(where.tk.call(where, "itemcget", item, "-text")) for item in items]
