"""What the window looks like, as data: faces of boxes, colours of styles, parts of widgets.

`FACES` says what each box looks like in each state, `COLOURS` and `STATE_COLOURS` what each style
is configured to, `LAYOUTS` of which parts each widget is built. `gui.theme.style_sheet` draws it
with Tk.

Styles offered beside the standard ones: `Accent.TButton` (filled: the next thing to do, at most one
on a page), `Tonal.TButton` (tinted: a second one), `Tool.TButton` (flat), `Segment.TRadiobutton`
(one of a row of choices) in a `Segments.TFrame`, `Field.TFrame` (looks like a field; set its
`focus` state), `Ring.TFrame` (the same on the ground of the window), `Reached.TFrame` and
`Ahead.TFrame` (bars), `Card.TFrame` and `First.Card.TFrame` (things to choose, the first one
tinted) with `Card.TLabel`, `Result.Card.TLabel`, `Sign.Card.TLabel`, `Card.TButton`,
`Card.Accent.TButton` on them, `Page.TLabel`, `Result.TLabel`, `Title.TLabel`, `Lead.TLabel`,
`Bold.TLabel`, `Muted.TLabel`, `Small.TLabel`, `Mono.TLabel`, `Lamp.TLabel`, `Empty.TLabel` (on the
ground of a field), and per severity `bad.TLabel`, `bad.Banner.TFrame`, `bad.Banner.TLabel`,
`bad.Sentence.Banner.TLabel`.
"""

from __future__ import annotations

from typing import Any

from gui.theme.palette import SEVERITIES
from netlib.value import NamedTuple


class Face(NamedTuple):
    """A box in one state: colour names of the palette and the width of its edge."""

    fill: str
    edge: str
    width: int = 1
    gap: bool = False
    """Leave a gap of ground between edge and fill, so that a ring shows around a dark fill."""


RADIUS = 5
RADII = {"card": 10, "card.first": 10}
"""Logical pixels of round corners: of all boxes, and of those that are large."""
MIDDLE = (64, 16)
WIDE_MIDDLE = (320, 320)
"""Middle of a picture that is stretched over a large area: fewer tiles to draw."""
MIDDLES = {"pane": WIDE_MIDDLE, "card": (320, 64), "card.first": (320, 64)}
"""Middles of large boxes."""

MESSAGE_GROUNDS = {name: "field" if name == "bad" else f"{name}_ground" for name in SEVERITIES}
"""Errors stand on white with a red edge: calm, not an alarm."""

Faces = tuple[tuple[tuple[str, ...], Face], ...]

_BUTTON: Faces = (
    (("disabled",), Face("window", "line")),
    (("pressed",), Face("pressed", "edge")),
    (("focus", "active"), Face("hover", "focus", 2)),
    (("focus",), Face("raised", "focus", 2)),
    (("active",), Face("hover", "edge")),
    ((), Face("raised", "edge")),
)
_ACCENT: Faces = (
    (("disabled",), Face("window", "line")),
    (("pressed",), Face("accent_pressed", "accent_pressed")),
    (("focus", "active"), Face("accent_hover", "focus", 2, gap=True)),
    (("focus",), Face("accent", "focus", 2, gap=True)),
    (("active",), Face("accent_hover", "accent_hover")),
    ((), Face("accent", "accent")),
)

FACES: dict[str, Faces] = {
    "button": _BUTTON,
    "accent": _ACCENT,
    "tonal": (
        (("disabled",), Face("window", "line")),
        (("pressed",), Face("pressed", "pressed")),
        (("focus", "active"), Face("hover", "focus", 2)),
        (("focus",), Face("tint", "focus", 2)),
        (("active",), Face("hover", "hover")),
        ((), Face("tint", "tint")),
    ),
    "tool": (
        (("disabled",), Face("window", "window")),
        (("pressed",), Face("pressed", "pressed")),
        (("focus",), Face("window", "focus", 2)),
        (("active",), Face("hover", "hover")),
        ((), Face("window", "window")),
    ),
    "segments": (((), Face("track", "edge")),),
    "segment": (
        (("disabled", "selected"), Face("track", "disabled")),
        (("disabled",), Face("track", "track")),
        (("selected", "focus"), Face("raised", "focus", 2)),
        (("selected",), Face("raised", "accent")),
        (("focus",), Face("track", "focus", 2)),
        (("active",), Face("hover", "hover")),
        ((), Face("track", "track")),
    ),
    "field": (
        (("disabled",), Face("window", "line")),
        (("invalid",), Face("field", "bad", 2)),
        (("focus",), Face("field", "focus", 2)),
        (("active",), Face("field", "text")),
        ((), Face("field", "edge")),
    ),
    "pane": (
        (("focus",), Face("field", "focus", 2)),
        ((), Face("field", "line")),
    ),
    **{
        f"message.{name}": (((), Face(ground, name, 2)),)
        for name, ground in MESSAGE_GROUNDS.items()
    },
    "card": (((), Face("card", "line")),),
    "card.first": (((), Face("tint", "accent", 2)),),
    "card.button": _BUTTON,
    "card.accent": _ACCENT,
    "card.sign": (((), Face("tint", "tint")),),
    "ring": (
        (("focus",), Face("window", "focus", 2)),
        ((), Face("window", "window")),
    ),
}
"""What every kind of box looks like; the first state that holds decides, `()` always holds."""

GROUNDS = {
    "segment": "track",
    "card.button": "card",
    "card.sign": "card",
    "card.accent": "tint",
}
"""What lies round the corners of a box, where it is not the window."""


class Indicator(NamedTuple):
    """A check box or radio button in one state; without a mark it is empty."""

    edge: str
    fill: str
    mark: str = ""


INDICATORS: tuple[tuple[tuple[str, ...], Indicator], ...] = (
    (("disabled", "selected"), Indicator("disabled", "window", "disabled")),
    (("disabled",), Indicator("disabled", "window")),
    (("selected",), Indicator("accent", "accent", "on_accent")),
    (("active",), Indicator("text", "field")),
    ((), Indicator("edge", "field")),
)

ARROWS = {
    "arrow": ((("disabled",), "window", "disabled"), ((), "field", "text")),
    "more": (
        (("disabled",), "window", "disabled"),
        (("pressed",), "pressed", "text"),
        (("active",), "hover", "text"),
        ((), "raised", "text"),
    ),
}
"""The arrows of drop-down lists and of menu buttons: states, ground, colour."""
TABS = (
    (("selected", "focus"), "tint", "focus"),
    (("selected",), "window", "accent"),
    (("active",), "hover", "hover"),
    ((), "window", "window"),
)
"""A notebook's tab: states, ground, the bar along its foot."""


class Bar(NamedTuple):
    """A rounded bar: logical pixels across and along, colours by state, the ground it lies on."""

    wide: float
    inset: float
    length: float
    faces: tuple[tuple[tuple[str, ...], str], ...]
    ground: str
    room: float = 0
    """Logical pixels across in which it lies; 0: it is stretched over what there is."""


BARS = {
    "thumb": Bar(
        wide=10,
        inset=2,
        length=18,
        faces=(
            (("disabled",), "field"),
            (("pressed",), "text"),
            (("active",), "muted"),
            ((), "edge"),
        ),
        ground="field",
    ),
    "grip": Bar(
        wide=4,
        inset=0,
        length=32,
        faces=((("focus",), "focus"), ((), "edge")),
        ground="window",
        room=12,
    ),
}
"""The thumb of a scrollbar, which disappears where there is nothing to scroll; a sash's grip."""

COLOURS: dict[str, dict[str, str]] = {
    ".": {
        "background": "window",
        "foreground": "text",
        "fieldbackground": "field",
        "bordercolor": "line",
        "lightcolor": "window",
        "darkcolor": "window",
        "troughcolor": "window",
        "arrowcolor": "text",
        "insertcolor": "text",
        "selectbackground": "selection",
        "selectforeground": "on_selection",
    },
    "Accent.TButton": {"foreground": "on_accent"},
    "Tonal.TButton": {"foreground": "accent"},
    "Card.TLabel": {"background": "card", "foreground": "muted"},
    "Result.Card.TLabel": {"foreground": "text"},
    "Sign.Card.TLabel": {"foreground": "accent"},
    "Card.TButton": {"background": "card"},
    "First.Card.TLabel": {"background": "tint", "foreground": "text"},
    "First.Result.Card.TLabel": {"background": "tint"},
    "First.Sign.Card.TLabel": {"background": "tint", "foreground": "on_accent"},
    "Card.Accent.TButton": {"background": "tint"},
    "Tool.TButton": {"foreground": "text"},
    "TNotebook.Tab": {"foreground": "muted"},
    "Segment.TRadiobutton": {"foreground": "text", "background": "track"},
    "Treeview": {"background": "field"},
    "Heading": {"background": "sunken", "foreground": "muted"},
    "TNotebook": {"bordercolor": "window"},
    "TScrollbar": {"bordercolor": "field", "troughcolor": "field"},
    "TPanedwindow": {"background": "window"},
    "TLabelframe.Label": {"foreground": "muted"},
    "ComboboxPopdownFrame": {"bordercolor": "edge"},
    "TProgressbar": {"background": "accent", "troughcolor": "line"},
    "Reached.TFrame": {"background": "accent"},
    "Ahead.TFrame": {"background": "line"},
    "Title.TLabel": {"foreground": "text"},
    "Muted.TLabel": {"foreground": "muted"},
    "Small.TLabel": {"foreground": "muted"},
    "Lamp.TLabel": {"foreground": "lamp"},
    "Empty.TLabel": {"background": "field", "foreground": "muted"},
    **{f"{name}.TLabel": {"foreground": name} for name in SEVERITIES},
    **{
        f"{name}.{kind}": {"background": ground, "bordercolor": ground, "foreground": tone}
        for name, ground in MESSAGE_GROUNDS.items()
        for kind, tone in (
            ("Banner.TFrame", "text"),
            ("Banner.TLabel", "text"),
            ("Sentence.Banner.TLabel", name),
            ("Banner.TButton", "text"),
        )
    },
}
"""Options of each style that are colours of the palette."""

STATE_COLOURS: dict[str, dict[str, list[tuple[str, ...]]]] = {
    ".": {"foreground": [("disabled", "disabled")]},
    "TEntry": {
        "foreground": [("disabled", "disabled")],
        "selectbackground": [("!focus", "field")],
        "selectforeground": [("!focus", "text")],
    },
    "TCombobox": {
        "foreground": [("disabled", "disabled")],
        "selectbackground": [("readonly", "field"), ("!focus", "field")],
        "selectforeground": [("readonly", "text"), ("!focus", "text")],
    },
    "Accent.TButton": {"foreground": [("disabled", "disabled")]},
    "Tonal.TButton": {"foreground": [("disabled", "disabled")]},
    "TNotebook.Tab": {"foreground": [("selected", "accent"), ("active", "text")]},
    "Segment.TRadiobutton": {
        "foreground": [("disabled", "disabled"), ("selected", "accent"), ("active", "text")],
        "background": [],
    },
    "TCheckbutton": {"background": [], "foreground": [("disabled", "disabled")]},
    "TRadiobutton": {"background": [], "foreground": [("disabled", "disabled")]},
    "Treeview": {
        "background": [("selected", "selection")],
        "foreground": [("disabled", "disabled"), ("selected", "on_selection")],
    },
    "Heading": {"background": [("active", "hover")], "foreground": [("active", "text")]},
    **{
        f"{name}.Banner.TButton": {
            "background": [("focus", "hover"), ("active", "hover")],
            "bordercolor": [("focus", "focus"), ("active", name)],
        }
        for name in SEVERITIES
    },
}
"""Colours that depend on the state; an empty list takes back what clam maps."""

Part = tuple[str, dict[str, Any]]
"""A part of a widget, how it is packed, and what lies inside it."""
Layout = list[Part]


def _context(element: str, *inner: Part) -> Layout:
    return [(element, {"sticky": "nswe", "children": list(inner)})]


_LABEL = ("Button.padding", {"sticky": "nswe", "children": [("Button.label", {"sticky": "nswe"})]})
_SIGN = ("Label.padding", {"sticky": "nswe", "children": [("Label.label", {"sticky": ""})]})
_TEXT_AREA = {"sticky": "nswe", "expand": 1, "children": [("Entry.textarea", {"sticky": "nswe"})]}
_COMBO_AREA = {
    "sticky": "nswe",
    "expand": 1,
    "children": [("Combobox.textarea", {"sticky": "nswe"})],
}
_ARROW = ("Board.arrow", {"side": "right", "sticky": ""})


def _indicated(kind: str) -> Layout:
    inside = (
        f"Board.{kind}",
        {"side": "left", "sticky": ""},
    )
    label = (f"{kind}.label", {"side": "left", "sticky": "nswe"})
    padding = {"sticky": "nswe", "children": [inside, label]}
    return _context("Board.ring", (f"{kind}.padding", padding))


LAYOUTS: dict[str, Layout] = {
    "TButton": _context("Board.button", _LABEL),
    "Accent.TButton": _context("Board.accent", _LABEL),
    "Tonal.TButton": _context("Board.tonal", _LABEL),
    "Tool.TButton": _context("Board.tool", _LABEL),
    "Banner.TButton": _context("Button.border", _LABEL),
    "Card.TFrame": [("Board.card", {"sticky": "nswe"})],
    "First.Card.TFrame": [("Board.card.first", {"sticky": "nswe"})],
    "Card.TButton": _context("Board.card.button", _LABEL),
    "Card.Accent.TButton": _context("Board.card.accent", _LABEL),
    "Sign.Card.TLabel": _context("Board.card.sign", _SIGN),
    "First.Sign.Card.TLabel": _context("Board.card.accent", _SIGN),
    **{
        f"{name}.Banner.TFrame": [(f"Board.message.{name}", {"sticky": "nswe"})]
        for name in SEVERITIES
    },
    "TMenubutton": _context(
        "Board.button",
        ("Board.more", {"side": "right", "sticky": ""}),
        ("Menubutton.padding", {"expand": 1, "children": [("Menubutton.label", {})]}),
    ),
    "Segment.TRadiobutton": _context(
        "Board.segment", ("Radiobutton.padding", {"children": [("Radiobutton.label", {})]})
    ),
    "Segments.TFrame": [("Board.segments", {"sticky": "nswe"})],
    "TCheckbutton": _indicated("Checkbutton"),
    "TRadiobutton": _indicated("Radiobutton"),
    "TEntry": _context("Board.field", ("Entry.padding", _TEXT_AREA)),
    "TCombobox": _context("Board.field", _ARROW, ("Combobox.padding", _COMBO_AREA)),
    "Field.TFrame": [("Board.pane", {"sticky": "nswe"})],
    "Ring.TFrame": [("Board.ring", {"sticky": "nswe"})],
    "Item": [
        (
            "Treeitem.padding",
            {
                "sticky": "nswe",
                "children": [
                    ("Treeitem.image", {"side": "left", "sticky": ""}),
                    ("Treeitem.text", {"side": "left", "sticky": ""}),
                ],
            },
        )
    ],
    "Treeview": [("Treeview.padding", {"sticky": "nswe", "children": [("Treeview.treearea", {})]})],
    "TNotebook": [("Notebook.client", {"sticky": "nswe"})],
    "TNotebook.Tab": _context(
        "Board.tab", ("Notebook.padding", {"children": [("Notebook.label", {})]})
    ),
    "Horizontal.Sash": [("Horizontal.Board.grip", {"sticky": ""})],
    "Vertical.Sash": [("Vertical.Board.grip", {"sticky": ""})],
    "Vertical.TScrollbar": _context(
        "Vertical.Scrollbar.trough", ("Vertical.Board.thumb", {"expand": 1, "sticky": "nswe"})
    ),
    "Horizontal.TScrollbar": _context(
        "Horizontal.Scrollbar.trough", ("Horizontal.Board.thumb", {"expand": 1, "sticky": "nswe"})
    ),
}
"""Which parts each widget is built of; no dotted focus lines, no scrollbar arrows."""
