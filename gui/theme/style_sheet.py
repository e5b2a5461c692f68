"""The ttk theme of the house: clam's bones, our own pictures, colours from a palette.

One ttk theme per look (palette and size), because a picture's border is fixed when it is made.
What is drawn is data, in `gui.theme.style_data`.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Any

from gui.theme import shapes
from gui.theme.palette import Palette
from gui.theme.shapes import Layer, Mark
from gui.theme.style_data import (
    ARROWS,
    BARS,
    COLOURS,
    FACES,
    GROUNDS,
    INDICATORS,
    LAYOUTS,
    MIDDLE,
    MIDDLES,
    RADII,
    RADIUS,
    STATE_COLOURS,
    TABS,
    Bar,
    Face,
    Indicator,
)

Scale = Callable[[float], int]
"""From logical pixels (96 dpi, base font) to real ones."""


class StyleSheet:
    """Draws and configures one look; the pictures live as long as this object."""

    def __init__(self, root: tk.Misc, name: str, palette: Palette, px: Scale) -> None:
        """Create the ttk theme `name` and make it the current one."""
        self._root = root
        self._style = ttk.Style(root)
        self._palette = palette
        self._px = px
        self._pictures: list[tk.PhotoImage] = []
        self._style.theme_create(name, parent="clam")
        self._style.theme_use(name)
        # While nobody has these two colours, Tk asks the X server for them with every picture.
        held = tk.Frame(root, background="white", highlightbackground="black")
        self._draw_boxes()
        self._draw_indicators()
        self._draw_arrow()
        self._draw_tabs()
        for bar in BARS.items():
            self._draw_bars(*bar)
        held.destroy()
        for style, layout in LAYOUTS.items():
            self._style.layout(style, layout)  # type: ignore[arg-type]  # typeshed's own recursive alias
        self._colour()
        self._measure()

    def _colour(self) -> None:
        for style, options in COLOURS.items():
            named = {option: self._colour_of(colour) for option, colour in options.items()}
            self._style.configure(style, **named)
        for style, mapped in STATE_COLOURS.items():
            named_rules: dict[str, Any] = {
                option: [(*states, self._colour_of(name)) for *states, name in rules]
                for option, rules in mapped.items()
            }
            self._style.map(style, **named_rules)

    def _measure(self) -> None:
        px = self._px
        linespace = tkfont.nametofont("TkDefaultFont", root=self._root).metrics("linespace")
        sizes: dict[str, dict[str, object]] = {
            ".": {"font": "TkDefaultFont", "insertwidth": px(2), "focuscolor": ""},
            "TButton": {"padding": (px(12), px(3)), "anchor": "center", "width": 0},
            "Tool.TButton": {"padding": (px(8), px(3))},
            "Banner.TButton": {"padding": (px(8), px(2)), "relief": "flat", "borderwidth": 1},
            "TMenubutton": {"padding": (px(12), px(3), px(4), px(3))},
            "Segment.TRadiobutton": {"padding": (px(10), px(1))},
            "TCheckbutton": {"padding": (px(2), px(2), px(5), px(2))},
            "TRadiobutton": {"padding": (px(2), px(2), px(5), px(2))},
            "TEntry": {"padding": (px(3), px(3))},
            "TCombobox": {"padding": (px(3), px(3))},
            "TNotebook": {"borderwidth": 0, "tabmargins": 0, "padding": 0},
            "TNotebook.Tab": {"padding": (_beside_tab(px), px(8)), "font": "TkHeadingFont"},
            "Treeview": {"rowheight": round(linespace * 1.45), "borderwidth": 0},
            "Heading": {"font": "TkHeadingFont", "relief": "flat", "padding": (px(8), px(4))},
            "Cell": {"padding": (px(8), 0)},
            "Item": {"padding": (px(8), 0, 0, 0), "indent": 0},
            "TLabelframe": {"borderwidth": 1, "relief": "solid", "padding": px(8)},
            "TProgressbar": {"borderwidth": 0, "thickness": px(6)},
            "ComboboxPopdownFrame": {"relief": "solid", "borderwidth": 1},
            "Segments.TFrame": {"padding": px(2)},
            "Page.TLabel": {"font": "PageFont"},
            "Result.TLabel": {"font": "ResultFont"},
            "Result.Card.TLabel": {"font": "ResultFont"},
            "Sign.Card.TLabel": {"font": "PageFont"},
            "Title.TLabel": {"font": "TkCaptionFont"},
            "Lead.TLabel": {"font": "LeadFont"},
            "Small.TLabel": {"font": "TkSmallCaptionFont"},
            "Bold.TLabel": {"font": "TkHeadingFont"},
            "Mono.TLabel": {"font": "TkFixedFont"},
            "Sentence.Banner.TLabel": {"font": "TkHeadingFont"},
            "Vertical.TScrollbar": {"borderwidth": 0},
            "Horizontal.TScrollbar": {"borderwidth": 0},
        }
        for style, options in sizes.items():
            self._style.configure(style, **options)

    def _draw_boxes(self) -> None:
        for kind, faces in FACES.items():
            corner, middle = self._px(RADII.get(kind, RADIUS)), MIDDLES.get(kind, MIDDLE)
            ground = self._colour_of(GROUNDS.get(kind, "window"))
            pictures = [
                (*states, shapes.box(corner, middle, ground, self._layers(face)))
                for states, face in faces
            ]
            smallest: dict[str, Any] = {"width": 2 * corner, "height": 2 * corner}
            self._element(f"Board.{kind}", pictures, border=corner, padding=self._px(3), **smallest)

    def _layers(self, face: Face) -> list[Layer]:
        width = self._px(face.width)
        fill, edge = self._colour_of(face.fill), self._colour_of(face.edge)
        if not face.gap:
            return [Layer(0, edge), Layer(width, fill)]
        return [Layer(0, edge), Layer(width, self._ground), Layer(width + self._px(1), fill)]

    def _draw_indicators(self) -> None:
        size = self._px(16)
        drawers = {"Checkbutton": self._check, "Radiobutton": self._radio}
        for kind, draw in drawers.items():
            pictures = [(*states, draw(size, face)) for states, face in INDICATORS]
            self._element(f"Board.{kind}", pictures, width=size + self._px(7), sticky="w")

    def _check(self, size: int, face: Indicator) -> bytes:
        mark = Mark(shapes.TICK, self._colour_of(face.mark)) if face.mark else None
        return shapes.check(size, self._ground, self._rim(face), mark)

    def _radio(self, size: int, face: Indicator) -> bytes:
        dot = [Layer(size * 0.3, self._colour_of(face.mark))] if face.mark else []
        return shapes.disc(size, self._ground, [*self._rim(face), *dot])

    def _rim(self, face: Indicator) -> list[Layer]:
        edge = max(self._px(1.5), 1)
        return [Layer(0, self._colour_of(face.edge)), Layer(edge, self._colour_of(face.fill))]

    def _draw_arrow(self) -> None:
        size = self._px(14)
        for name, faces in ARROWS.items():
            pictures = [
                (*states, shapes.stroke(size, self._colour_of(ground), mark))
                for states, ground, colour in faces
                for mark in [Mark(shapes.CHEVRON, self._colour_of(colour))]
            ]
            self._element(f"Board.{name}", pictures, width=size + self._px(6), sticky="")

    def _draw_tabs(self) -> None:
        size, foot = (64, self._px(20)), max(self._px(3), 2)
        pictures = [
            (*states, shapes.plate(size, self._colour_of(ground), (foot, self._colour_of(bar))))
            for states, ground, bar in TABS
        ]
        sides: dict[str, Any] = {"border": (0, 0, 0, foot), "padding": (0, 0, 0, foot)}
        self._element("Board.tab", pictures, width=1, **sides)

    def _draw_bars(self, name: str, bar: Bar) -> None:
        """Draw a rounded bar, upright and lying."""
        corner, inset, length = self._px(bar.wide / 2), self._px(bar.inset), self._px(bar.length)
        for kind, middle in (("Vertical", (0, length)), ("Horizontal", (length, 0))):
            pictures = [
                (*states, shapes.box(corner, middle, self._colour_of(bar.ground), [layer]))
                for states, colour in bar.faces
                for layer in [Layer(inset, self._colour_of(colour))]
            ]
            options: dict[str, Any] = {"border": corner, "padding": 0}
            if bar.room:
                across = "width" if kind == "Vertical" else "height"
                options = {across: self._px(bar.room), "sticky": ""}
            self._element(f"{kind}.Board.{name}", pictures, **options)

    @property
    def _ground(self) -> str:
        return self._palette.window

    def _colour_of(self, name: str) -> str:
        return str(getattr(self._palette, name))

    def _element(
        self, name: str, faces: list[tuple[Any, ...]], *, sticky: str = "nswe", **options: Any
    ) -> None:
        """Create an image element of PPMs; the last is the one for no state in particular."""
        pictures = [
            tk.PhotoImage(master=self._root, data=data, format="ppm") for *_states, data in faces
        ]
        self._pictures += pictures
        rules = [(*face[:-1], picture) for face, picture in zip(faces, pictures, strict=True)]
        *stated, (default,) = rules
        options = {"sticky": sticky, **options}
        self._style.element_create(name, "image", default, *stated, **options)


def _beside_tab(px: Scale) -> int:
    """Return the pixels beside the name of a tab: fewer where text is large, so that all fit."""
    return min(px(18), max(px(2), 40 - px(12)))
