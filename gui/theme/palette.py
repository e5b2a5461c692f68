"""The colours of the house: one light and one dark palette, as plain data.

No tkinter here, so that a test can prove every text on every ground it is drawn on reaches a
contrast of 4.5 (WCAG 2.2, success criterion 1.4.3) and every control edge and focus ring 3.0
(1.4.11). A washed-out projector eats contrast, so "disabled" and "placeholder" count as text too.
"""

from __future__ import annotations

from netlib.value import NamedTuple, replace, value

TEXT_CONTRAST = 4.5
"""Smallest contrast of a text against its ground, disabled text included."""
HUES = 8
"""Colours that tell clients apart; with more of them their numbers do."""
EDGE_CONTRAST = 3.0
"""Smallest contrast of a control's edge or focus ring against what lies beside it."""


@value()
class Palette:
    """Named colours, each `#rrggbb`."""

    name: str
    window: str
    """Ground of every page and toolbar."""
    field: str
    """Ground of everything that holds data: entries, lists, traffic."""
    raised: str
    """Ground of an ordinary button."""
    hover: str
    pressed: str
    line: str
    """Hairlines that only decorate."""
    edge: str
    """Edges that say "this is a control"."""
    text: str
    muted: str
    """Secondary text: labels of counts, placeholders, empty states."""
    disabled: str
    accent: str
    """The one main button of a tab, the chosen tab, ticks."""
    accent_hover: str
    accent_pressed: str
    on_accent: str
    tint: str
    """The accent, watered down: ground of a chosen segment."""
    focus: str
    """The ring around whatever has the keyboard."""
    selection: str
    on_selection: str
    sent: str
    received: str
    good: str
    info: str
    warn: str
    bad: str
    good_ground: str
    info_ground: str
    warn_ground: str
    bad_ground: str
    sent_ground: str
    received_ground: str
    fin: str
    """FIN: one side has finished sending."""
    fin_ground: str
    ghost: str
    """What nobody saw but must have been there: implied segments, dashed."""
    hot: str
    """Ground of what is under the pointer or looked at in a picture."""
    hot_edge: str
    lamp: str
    """The dot that says "runs" or "connected"; always beside a word."""
    card: str
    """Ground of a thing that one may choose or do."""
    zebra: str
    """Ground of every other row of a table."""
    stripe: str
    """Ground of a bar inside a field: a filter, a chosen conversation."""
    sunken: str
    """Ground of column heads."""
    track: str
    """Ground of segments and gauges."""
    tip: str
    on_tip: str
    clients: tuple[str, ...]
    """Eight hues to tell clients apart, on a field or as the ground of a chip; see `client`."""

    def client(self, number: int) -> str:
        """Return the hue of a client; the ninth has that of the first, its number tells it."""
        return self.clients[(number - 1) % len(self.clients)]


LIGHT = Palette(
    name="light",
    window="#f3f5f8",
    field="#ffffff",
    raised="#ffffff",
    hover="#e4ebf5",
    pressed="#d3deee",
    line="#d5dce5",
    edge="#838f9e",
    text="#141c26",
    muted="#4c5968",
    disabled="#5c6876",
    accent="#0f58c9",
    accent_hover="#0c4aab",
    accent_pressed="#0a3d8f",
    on_accent="#ffffff",
    tint="#dbe7fb",
    focus="#0f58c9",
    selection="#134fa8",
    on_selection="#ffffff",
    sent="#0b52bf",
    received="#0b6b3a",
    good="#0b6b3a",
    info="#445161",
    warn="#855000",
    bad="#b3201a",
    good_ground="#e3f4ea",
    info_ground="#e8edf4",
    warn_ground="#fdf0d9",
    bad_ground="#fde8e6",
    sent_ground="#dbe7fb",
    received_ground="#d9f0e2",
    fin="#5b3aa8",
    fin_ground="#ece6fa",
    ghost="#667386",
    hot="#fff3cf",
    hot_edge="#b98900",
    lamp="#1a8f4e",
    card="#ffffff",
    zebra="#f7f9fc",
    stripe="#eef2f8",
    sunken="#e6ebf2",
    track="#dfe5ee",
    tip="#1d2733",
    on_tip="#ffffff",
    clients=(
        "#0b52bf",
        "#9a3d00",
        "#0b6b3a",
        "#8a1f7a",
        "#5a5200",
        "#00636e",
        "#b3201a",
        "#5b3aa8",
    ),
)

DARK = Palette(
    name="dark",
    window="#171c23",
    field="#0e1217",
    raised="#262e38",
    hover="#323c49",
    pressed="#3d4958",
    line="#2d3641",
    edge="#717f90",
    text="#eff3f8",
    muted="#b0bbc8",
    disabled="#9aa6b4",
    accent="#74b3ff",
    accent_hover="#94c5ff",
    accent_pressed="#b3d6ff",
    on_accent="#06182e",
    tint="#1d3556",
    focus="#8cc1ff",
    selection="#2a5c9e",
    on_selection="#ffffff",
    sent="#86bcff",
    received="#6fdc9a",
    good="#6fdc9a",
    info="#b4c0ce",
    warn="#f4c064",
    bad="#ff9c93",
    good_ground="#12301f",
    info_ground="#222b36",
    warn_ground="#3a2b0d",
    bad_ground="#43191a",
    sent_ground="#1d3556",
    received_ground="#173a28",
    fin="#c3aaff",
    fin_ground="#2e2450",
    ghost="#8d99a8",
    hot="#3b3312",
    hot_edge="#e2b94a",
    lamp="#4fd08a",
    card="#1d242d",
    zebra="#12171e",
    stripe="#262f3a",
    sunken="#0e1217",
    track="#10151b",
    tip="#e9eef5",
    on_tip="#10161d",
    clients=(
        "#86bcff",
        "#ffab70",
        "#6fdc9a",
        "#f39be4",
        "#d8cf5a",
        "#5fd6e2",
        "#ff9c93",
        "#c3aaff",
    ),
)


class SystemColours(NamedTuple):
    """The colours that a user of high contrast has chosen, each `#rrggbb`."""

    window: str
    text: str
    disabled: str
    selection: str
    on_selection: str
    link: str


def contrast_palette(colours: SystemColours) -> Palette:
    """Return a palette of the colours that a user of high contrast has chosen.

    What tells something by its hue keeps it where it can be read on their ground.
    """
    window, text, disabled, selection, on_selection, link = colours
    base = DARK if _luminance(window) < _luminance(text) else LIGHT

    def readable(hue: str) -> str:
        return hue if contrast(hue, window) >= TEXT_CONTRAST else text

    return replace(
        base,
        **dict.fromkeys(_GROUNDS, window),
        **dict.fromkeys(("line", "edge", "text", "muted", "on_tip", "hot_edge"), text),
        **dict.fromkeys(("accent", "accent_hover", "accent_pressed", "focus"), link),
        **{name: readable(getattr(base, name)) for name in _HUES},
        name=f"contrast{window}{text}{link}".replace("#", "-"),
        disabled=disabled,
        on_accent=window,
        selection=selection,
        on_selection=on_selection,
        clients=tuple(map(readable, base.clients)),
    )


SEVERITIES = ("good", "info", "warn", "bad")
"""How much a message matters; each has a text colour and a `_ground` of the same name."""
GLYPHS = {"good": "✓", "info": "·", "warn": "!", "bad": "✗"}
"""The sign that says the severity without colour."""
TRAFFIC = {
    "sent": "sent",
    "received": "received",
    "fin": "fin",
    "good": "muted",
    "info": "info",
    "warn": "warn",
    "bad": "bad",
}
"""The tags a traffic row may carry, and their colours: green means received and nothing else."""

TEXT_ON_GROUND: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("text", ("window", "field", "raised", "hover", "pressed", "tint", "hot")),
    ("text", ("card", "zebra", "stripe", "sunken", "track")),
    ("muted", ("window", "field", "raised", "hover")),
    ("muted", ("card", "zebra", "stripe", "sunken", "track")),
    ("disabled", ("window", "field", "raised")),
    ("on_accent", ("accent", "accent_hover", "accent_pressed")),
    ("accent", ("window", "field", "hover", "tint", "raised")),
    ("on_selection", ("selection",)),
    ("on_tip", ("tip",)),
    *((role, ("window", "field", "zebra")) for role in TRAFFIC.values()),
    *((tag, ("window", "field")) for tag in SEVERITIES),
    *((tag, ("field", f"{tag}_ground")) for tag in ("sent", "received", "fin")),
    ("ghost", ("field",)),
    *((tag, (f"{tag}_ground",)) for tag in SEVERITIES),
    ("text", tuple(f"{tag}_ground" for tag in SEVERITIES)),
)
"""Every text colour and the grounds it is drawn on."""

EDGE_ON_GROUND: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("edge", ("window", "field")),
    ("focus", ("window", "field")),
    ("bad", ("window", "field")),
    ("accent", ("window", "card", "track")),
    ("edge", ("card",)),
    ("hot_edge", ("field",)),
    ("lamp", ("window", "field")),
)
"""Every edge or ring that carries meaning and what lies beside it."""


_GROUNDS = (
    *("window", "field", "raised", "hover", "pressed", "tint", "hot", "card", "zebra", "stripe"),
    *("sunken", "track", "tip"),
    *(f"{name}_ground" for name in (*SEVERITIES, "sent", "received", "fin")),
)
_HUES = (*SEVERITIES, "sent", "received", "fin", "ghost", "lamp")
"""Names of colours that are grounds, and of those that tell something by their hue."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Split `#rrggbb` into three numbers 0–255."""
    value = int(colour[1:], 16)
    return value >> 16, value >> 8 & 255, value & 255


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two colours, 1.0 to 21.0."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
