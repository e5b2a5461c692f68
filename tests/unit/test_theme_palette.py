"""What is drawn in the house colours can be read from the last row of a classroom."""

from __future__ import annotations

import pytest

from gui.theme.palette import (
    DARK,
    EDGE_CONTRAST,
    EDGE_ON_GROUND,
    GLYPHS,
    LIGHT,
    SEVERITIES,
    TEXT_CONTRAST,
    TEXT_ON_GROUND,
    Palette,
    SystemColours,
    contrast,
    contrast_palette,
)
from gui.theme.style_data import FACES, LAYOUTS, TABS
from netlib.value import fields

CHOSEN = (
    SystemColours("#000000", "#ffffff", "#3ff23f", "#1aebff", "#000000", "#ffff00"),
    SystemColours("#ffffff", "#000000", "#600000", "#37006e", "#ffffff", "#00009f"),
)
"""Windows' "high contrast black", and "white"."""
PALETTES = [LIGHT, DARK, *map(contrast_palette, CHOSEN)]
BOTH = pytest.mark.parametrize("palette", PALETTES, ids=["light", "dark", "black", "white"])


def pairs(rules: tuple[tuple[str, tuple[str, ...]], ...]) -> list[tuple[str, str]]:
    return [(front, ground) for front, grounds in rules for ground in grounds]


@BOTH
@pytest.mark.parametrize(("front", "ground"), pairs(TEXT_ON_GROUND))
def test_every_text_can_be_read_on_its_ground(palette: Palette, front: str, ground: str) -> None:
    assert contrast(getattr(palette, front), getattr(palette, ground)) >= TEXT_CONTRAST


@BOTH
@pytest.mark.parametrize(("front", "ground"), pairs(EDGE_ON_GROUND))
def test_every_edge_and_focus_ring_can_be_seen(palette: Palette, front: str, ground: str) -> None:
    assert contrast(getattr(palette, front), getattr(palette, ground)) >= EDGE_CONTRAST


@BOTH
def test_every_colour_is_six_hexadecimal_digits(palette: Palette) -> None:
    values = [getattr(palette, name) for name in fields(palette) if name != "name"]
    colours = [colour for value in values for colour in ([value] if value[0] == "#" else value)]
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in colours)


@BOTH
@pytest.mark.parametrize("ground", ["field", "window", "zebra"])
def test_every_client_can_be_read_in_its_hue(palette: Palette, ground: str) -> None:
    """As text, and as a chip on which its number stands in the colour of the ground."""
    assert min(contrast(hue, getattr(palette, ground)) for hue in palette.clients) >= TEXT_CONTRAST


@BOTH
def test_eight_clients_have_eight_hues_and_the_ninth_begins_again(palette: Palette) -> None:
    assert len({palette.client(number) for number in range(1, 9)}) == 8
    assert palette.client(9) == palette.client(1) == palette.clients[0]


def test_each_severity_has_a_sign_of_its_own() -> None:
    assert set(GLYPHS) == set(SEVERITIES)
    assert len(set(GLYPHS.values())) == len(SEVERITIES)


def test_contrast_is_the_ratio_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


FOCUSABLE = (
    "TButton",
    "Accent.TButton",
    "Tool.TButton",
    "TMenubutton",
    "TCheckbutton",
    "TRadiobutton",
    "Segment.TRadiobutton",
    "TEntry",
    "TCombobox",
    "Field.TFrame",
)


@pytest.mark.parametrize("style", FOCUSABLE)
def test_whatever_has_the_keyboard_wears_a_thick_ring(style: str) -> None:
    outermost, _packing = LAYOUTS[style][0]
    faces = dict(FACES[outermost.removeprefix("Board.")])
    focused = [face for states, face in faces.items() if "focus" in states]
    assert focused
    assert all(face.edge == "focus" and face.width >= 2 for face in focused)
    assert faces[()].edge != "focus"


def test_the_tab_that_has_the_keyboard_is_tinted() -> None:
    states, ground, bar = TABS[0]
    assert (states, ground, bar) == (("selected", "focus"), "tint", "focus")
