"""The look of the window: palette, fonts, sizes; switched live, zoomed live.

`Theme` owns what every widget has to agree about. Fonts are Tk's own named fonts and nothing else,
so that changing one size re-lays everything out; `px` turns logical pixels (96 dpi, 11 pt) into
real ones. A change walks the widget tree once: plain Tk widgets get their colours, paddings given
in pixels are scaled from what they were first, and Tk then sends `<<ThemeChanged>>` to all.
"""

from __future__ import annotations

import sys
import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Literal

from gui.theme.desktop_looks import dress_title
from gui.theme.palette import DARK, LIGHT, Palette
from gui.theme.rescale import Paddings
from gui.theme.style_sheet import StyleSheet

BASE_SIZE = 11
"""Points; the size at which a logical pixel is one pixel at 96 dpi."""
SMALLEST_SIZE, LARGEST_SIZE = 8, 32

UI_FAMILIES = (
    "Microsoft YaHei UI",
    "微软雅黑",  # a Chinese Windows may list its fonts by their Chinese names only
    "Segoe UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)
MONO_FAMILIES = ("Consolas", "Menlo", "DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono")
"""Latin first: Chinese comes by Tk's own fallback, whose Latin would be too narrow to read."""
CJK_FAMILIES = (
    *("yahei", "微软雅黑", "simsun", "宋体", "simhei", "黑体", "dengxian", "等线"),
    *("jhenghei", "微軟正黑體", "mingliu", "細明體", "kaiti", "楷体", "fangsong", "仿宋"),
    "pingfang",
    "cjk",
    "noto sans sc",
    "noto serif sc",
    "source han",
    "wenquanyi",
    "heiti",
    "songti",
    "hiragino",
    "droid sans fallback",
    "ar pl",
    "sarasa",
    "unifont",
)
"""Parts of names of font families that can show Chinese, in lower case."""

FONTS: dict[str, tuple[float, str]] = {
    "TkDefaultFont": (11, ""),
    "TkTextFont": (11, ""),
    "TkMenuFont": (11, ""),
    "TkIconFont": (11, ""),
    "TkHeadingFont": (11, "bold"),
    "TkCaptionFont": (13, "bold"),
    "TkTooltipFont": (10, ""),
    "TkSmallCaptionFont": (10, ""),
    "TkFixedFont": (11, "mono"),
    "MonoSmallFont": (10, "mono"),
    "LeadFont": (13, ""),
    "LeadMonoFont": (12, "mono"),
    "ResultFont": (16, "bold"),
    "PageFont": (22, "bold"),
}
"""The type scale: points at the usual size, and what is special; all grow in proportion.

Tk's own named fonts carry the ordinary texts; ours are for a page's one title, for a result in one
sentence, for what one reads at leisure, and for addresses in tables.
"""

_FIELD = {"background": "field", "foreground": "text", "insertBackground": "text"}
_CHOICE = {"selectBackground": "selection", "selectForeground": "on_selection"}
_RING = {"highlightBackground": "line", "highlightColor": "focus"}
PLAIN_COLOURS: dict[str, dict[str, str]] = {
    "Tk": {"background": "window"},
    "Toplevel": {"background": "window"},
    "Frame": {"background": "window"},
    "Canvas": {"background": "field", **_RING},
    "Text": {**_FIELD, **_CHOICE, **_RING, "inactiveSelectBackground": "selection"},
    "Entry": {**_FIELD, **_CHOICE, **_RING},
    "Listbox": {"background": "field", "foreground": "text", **_CHOICE, **_RING},
    "Label": {"background": "window", "foreground": "text"},
    "Menu": {
        "background": "field",
        "foreground": "text",
        "activeBackground": "selection",
        "activeForeground": "on_selection",
        "disabledForeground": "disabled",
        "selectColor": "accent",
    },
}
"""Colours of the widgets that ttk does not reach, by Tk class and the option's database name."""
_PLAIN_SETTINGS = {
    "*Menu.tearOff": "0",
    "*Menu.font": "TkMenuFont",  # Windows gives menus a font of its own, which knows no zoom
    "*Menu.relief": "flat",
    "*Text.borderWidth": "0",
    "*Text.highlightThickness": "0",
    "*Canvas.highlightThickness": "0",
    "*Listbox.relief": "flat",
    "*Listbox.highlightThickness": "0",
    "*TCombobox*Listbox.font": "TkTextFont",
}
LIST_PADDING = 4
"""Logical pixels round the lines of a drop-down list."""
_MEASURED_ONCE = frozenset({"TEntry", "TCombobox", "TSpinbox"})
"""Widgets that lay their text out anew only when told, not when their font has changed."""


class Theme:
    """What every widget of one window agrees about: palette, fonts, and pixels."""

    palette: Palette
    size: int
    """Points of the ordinary text, 8 to 32."""

    def __init__(
        self,
        root: tk.Tk,
        *,
        dark: bool = False,
        scale_font: int = BASE_SIZE,
        contrast: Palette | None = None,
    ) -> None:
        """Dress `root` and all it holds; `scale_font` is the text size in points.

        `contrast`: a palette that the user of this computer needs, and that is never changed.
        """
        self.root, self._contrast = root, contrast
        self.dark = False
        """Whether the dark palette is in use, or would be without one that is needed."""
        self._sheets: dict[str, StyleSheet] = {}
        self._paddings = Paddings(root)
        self._dpi = float(root.tk.call("tk", "scaling")) * 72 / 96
        self.palette, self.size = LIGHT, BASE_SIZE
        self._choose_families()
        for pattern, value in _PLAIN_SETTINGS.items():
            root.option_add(pattern, value, "startupFile")
        root.event_delete("<<LineStart>>", "<Control-a>")  # Emacs' meaning, on X11 only
        root.event_add("<<SelectAll>>", "<Control-a>")
        self._dress_new_windows()
        self.dress(dark=dark, size=scale_font)

    @property
    def scale(self) -> float:
        """Real pixels per logical pixel."""
        return self._dpi * self.size / BASE_SIZE

    def px(self, logical: float) -> int:
        """Scale logical pixels to real ones, by the screen's density and the text size."""
        return round(logical * self.scale)

    def dress(self, *, dark: bool | None = None, size: int | None = None) -> None:
        """Change palette or text size, live; sizes beyond 8–32 points are brought back."""
        if dark is not None:
            self.dark = dark
        self.palette = self._contrast or (DARK if self.dark else LIGHT)
        if size is not None:
            self.size = min(max(size, SMALLEST_SIZE), LARGEST_SIZE)
        self._size_fonts()
        self._use_sheet()
        self._set_defaults()
        self.root.configure(background=self.palette.window)  # whatever class name it was given
        self._recolour(str(self.root))
        self._paddings.apply(self.scale)

    def toggle_dark(self) -> None:
        """Change between light and dark."""
        self.dress(dark=not self.dark)

    def zoom(self, step: int) -> None:
        """Make everything larger (1) or smaller (-1) by a point, or the usual size again (0)."""
        self.dress(size=self.size + step if step else BASE_SIZE)

    def _choose_families(self) -> None:
        known = set(tkfont.families(self.root))
        self._mono = next((name for name in MONO_FAMILIES if name in known), None)
        self._ui = next((name for name in UI_FAMILIES if name in known), None)

    def _size_fonts(self) -> None:
        known = tkfont.names(self.root)
        for name, (points, kind) in FONTS.items():
            if name not in known:
                self.root.tk.call("font", "create", name)
            font = tkfont.nametofont(name, root=self.root)
            weight: Literal["bold", "normal"] = "bold" if kind == "bold" else "normal"
            font.configure(size=round(points * self.size / BASE_SIZE), weight=weight)
            if family := self._mono if kind == "mono" else self._ui:
                font.configure(family=family)

    def _use_sheet(self) -> None:
        name = f"board-{self.palette.name}-{self.size}"
        if name in self._sheets:
            ttk.Style(self.root).theme_use(name)
        else:
            self._sheets[name] = StyleSheet(self.root, name, self.palette, self.px)

    def _set_defaults(self) -> None:
        """Tell Tk the colours of plain widgets that are still to be made."""
        for kind, options in PLAIN_COLOURS.items():
            for option, colour in options.items():
                value = getattr(self.palette, colour)
                self.root.option_add(f"*{kind}.{option}", value, "startupFile")
        self.root.option_add("*Listbox.borderWidth", self.px(LIST_PADDING), "startupFile")

    def _recolour(self, path: str) -> None:
        """Colour the plain widgets that exist, also those Tk made itself (drop-down lists)."""
        call = self.root.tk.call
        kind = call("winfo", "class", path)
        if kind in _MEASURED_ONCE:
            call(path, "configure", "-font", call(path, "cget", "-font"))
        if kind == "Listbox":
            call(path, "configure", "-borderwidth", self.px(LIST_PADDING))
        if path == "." or kind == "Toplevel":
            self._dress_title(path)
        for option, colour in PLAIN_COLOURS.get(kind, {}).items():
            call(path, "configure", f"-{option.lower()}", getattr(self.palette, colour))
        for child in self.root.tk.splitlist(call("winfo", "children", path)):
            self._recolour(child)

    def _dress_new_windows(self) -> None:
        """Dress the title line of each window when it is shown: before, it may have none."""
        shown = self.root.register(self._dress_title)
        for kind in (self.root.winfo_class(), "Toplevel"):
            self.root.tk.call("bind", kind, "<Map>", f"{shown} %W")

    def _dress_title(self, path: str) -> None:
        frame = str(self.root.tk.call("wm", "frame", path))
        dress_title(int(frame, 16), dark=self.dark and self._contrast is None)


def has_cjk_font(root: tk.Misc) -> bool:
    """Whether any installed font can show Chinese; Windows always has one, and links it to all."""
    if sys.platform == "win32":
        return True
    names = " ".join(tkfont.families(root)).lower()
    return any(name in names for name in CJK_FAMILIES)
