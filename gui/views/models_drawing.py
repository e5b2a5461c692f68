"""How the models of a server are drawn: side by side, a row for each client, time to the right.

Whether a client waits in the accept queue, is accepted, or is worked for differs by shape, too.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator, Mapping
from typing import Final

from gui.theme.theme import Theme
from gui.translated import translate
from gui.views.ink import BOLD, SMALL, Ink
from netlib import MODELS, N_, ClientShown, ModelShown, milliseconds
from netlib.teaching.model_words import FIGURES, duration, figure
from netlib.value import NamedTuple

SHORT: Final[dict[str, str]] = {
    "one": N_("one at a time"),
    "threads": N_("threads"),
    "loop": N_("one loop"),
}
"""What each model is called where there is little room."""
ROWS: Final = (5, 44)
"""Logical pixels of a client's row, at least and at most."""
MARGIN: Final = 8
NAMES_SHARE: Final = 0.4
"""The part of the width that the names have at most."""
LEAST: Final = 2
"""Pixels of a span of work, and between two of them; closer ones are drawn as one."""
_DASH: Final = (4, 3)


class Chosen(NamedTuple):
    """The client that is looked at: of which model, and its place."""

    model: str
    client: int


class Places(NamedTuple):
    """Where everything is, in pixels of the canvas."""

    models: tuple[str, ...]
    """Those that there is room for, from left to right."""
    names: int
    """Right edge of the names."""
    wide: int
    """Of a model's column, its gap included."""
    top: int
    """Of the first row."""
    row: int
    clients: int
    high: int
    """Of the whole picture."""

    def column(self, place: int) -> tuple[int, int]:
        """Return where the column of a model begins, and where the next one does."""
        left = self.names + place * self.wide
        return left, left + self.wide

    def at(self, x: float, y: float) -> Chosen | None:
        """Return the client whose row is there."""
        column, row = int((x - self.names) // self.wide), int((y - self.top) // self.row)
        if x < self.names or column >= len(self.models) or not 0 <= row < self.clients:
            return None
        return Chosen(self.models[column], row)


class ModelsDrawing:
    """Draws the runs on a canvas."""

    def __init__(self, canvas: tk.Canvas, theme: Theme) -> None:
        """Draw nothing yet."""
        self.ink = Ink(canvas, theme)
        self.places = Places((), 0, 1, 0, 1, 0, 0)

    def draw(self, shown: Mapping[str, ModelShown], seconds: int, chosen: Chosen | None) -> None:
        """Draw runs that take so many seconds each."""
        ink = self.ink
        ink.clear()
        clients = max((len(one.clients) for one in shown.values()), default=0)
        newest = [*shown][-1] if shown else next(iter(MODELS))
        self.places = places = self._places(clients, chosen.model if chosen else newest)
        if chosen is not None and chosen.client < clients:
            left, right = places.column(places.models.index(chosen.model))
            top = places.top + chosen.client * places.row
            ink.fill((left, top, right - ink.px(MARGIN) // 2, top + places.row), "hot")
        self._names(clients)
        for place, model in enumerate(places.models):
            self._head(place, model)
            if model in shown:
                self._axis(place, seconds)
                self._clients(place, shown[model], seconds)
                self._figures(place, shown[model])

    def _places(self, clients: int, looked_at: str) -> Places:
        """Divide the canvas; one model at least, the one that is looked at, has its column."""
        ink, px = self.ink, self.ink.px
        wide, high = ink.canvas.winfo_width(), ink.canvas.winfo_height()
        labels = [translate(words) for words in FIGURES.values()]
        widest = max(ink.wide(words, SMALL) for words in [*labels, self._client(clients)])
        names = min(widest + px(2 * MARGIN), round(wide * NAMES_SHARE))
        top = px(MARGIN) + ink.line(BOLD)
        below = ink.line(SMALL) * (1 + len(FIGURES)) + px(2 * MARGIN)
        room = (high - top - below) // max(clients, 1)
        row = min(max(room, px(ROWS[0])), px(ROWS[1]))
        least = max(ink.wide(translate(words), BOLD) for words in SHORT.values()) + px(MARGIN)
        columns = min(max((wide - names) // least, 1), len(MODELS))
        first = max([*MODELS].index(looked_at) - columns + 1, 0)
        models = tuple(MODELS)[first : first + columns]
        column = max((wide - names) // columns, 1)
        return Places(models, names, column, top, row, clients, top + row * clients + below)

    def _names(self, clients: int) -> None:
        """Write what the rows and the figures are."""
        ink, places, px = self.ink, self.places, self.ink.px
        line, room = ink.line(SMALL), places.names - px(2 * MARGIN)
        every = -(-line // places.row)
        for place in range(0, clients, every):
            y = places.top + place * places.row + (places.row - line) // 2
            words = ink.fit(self._client(place + 1), SMALL, room)
            ink.text((px(MARGIN), y), words, SMALL, "muted", "nw")
        for y, name in self._figure_lines():
            words = ink.fit(translate(FIGURES[name]), SMALL, room)
            ink.text((px(MARGIN), y), words, SMALL, "muted", "nw")

    def _client(self, number: int) -> str:
        return translate(N_("client {number}"), number=number)

    def _head(self, place: int, model: str) -> None:
        ink, (left, right) = self.ink, self.places.column(place)
        room = right - left - ink.px(MARGIN)
        full, short = translate(MODELS[model]), translate(SHORT[model])
        words = full if ink.wide(full, BOLD) <= room else ink.fit(short, BOLD, room)
        ink.text((left, ink.px(MARGIN) // 2), words, BOLD, "text", "nw")

    def _axis(self, place: int, seconds: int) -> None:
        """Draw where the time begins and where it ends."""
        ink, places, (left, right) = self.ink, self.places, self.places.column(place)
        right -= ink.px(MARGIN)
        bottom = places.top + places.row * places.clients
        ink.rule((left, bottom), (right, bottom), "line")
        words = duration(float(seconds)) if seconds else milliseconds(0)
        words = ink.fit(words, SMALL, right - left)
        ink.text((right - ink.wide(words, SMALL), bottom), words, SMALL, "muted", "nw")

    def _clients(self, place: int, shown: ModelShown, seconds: int) -> None:
        ink, places, (left, right) = self.ink, self.places, self.places.column(place)
        second = (right - ink.px(MARGIN) - left) / max(seconds, 1)
        for row, client in enumerate(shown.clients):
            if client.connected is None:
                continue
            top = places.top + row * places.row + 1
            bottom = top + max(places.row - 3, 2)
            begin = left + round(client.connected * second)
            end = left + round(min(shown.elapsed, seconds) * second)
            taken = end if client.accepted is None else left + round(client.accepted * second)
            if taken - begin > LEAST:
                ink.fill((begin, top, taken, bottom), "warn_ground")
                ink.frame((begin, top, taken, bottom), "warn", dash=_DASH)
            middle = (top + bottom) // 2
            if client.accepted is not None:
                ink.rule((taken, middle), (end, middle), "edge")
            for first, last in _drawn(client, second):
                ink.fill((left + first, top, left + last, bottom), "received")

    def _figure_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the top of each line of figures, and which it is."""
        places, line = self.places, self.ink.line(SMALL)
        top = places.top + places.row * places.clients + line + self.ink.px(MARGIN)
        for number, name in enumerate(FIGURES):
            yield top + number * line, name

    def _figures(self, place: int, shown: ModelShown) -> None:
        ink, (left, right) = self.ink, self.places.column(place)
        for y, name in self._figure_lines():
            words = figure(name, getattr(shown.figures, name))
            words = ink.fit(words, SMALL, right - left - ink.px(MARGIN))
            ink.text((left, y), words, SMALL, "text", "nw")


def _drawn(client: ClientShown, second: float) -> Iterator[tuple[int, int]]:
    """Yield the spans of work in pixels, those that nearly touch in one."""
    begun = ended = -1
    for first, last in client.worked:
        left, right = (
            round(first * second),
            max(round(last * second), round(first * second) + LEAST),
        )
        if begun >= 0 and left - ended < LEAST:
            ended = max(ended, right)
            continue
        if begun >= 0:
            yield begun, ended
        begun, ended = left, right
    if begun >= 0:
        yield begun, ended
