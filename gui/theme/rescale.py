"""Paddings that follow the zoom: pixels in pack, grid and frames, scaled from their first value.

Nobody who builds a page has to think about it: the page is built with `Theme.px`, and when the
scale changes one walk multiplies every padding. Values are kept as they were at first sight with
the scale of that moment, so zooming to and fro never drifts.
"""

from __future__ import annotations

import tkinter as tk

Pads = tuple[int, ...]
Key = tuple[str, str]
"""Path of a widget and the name of the option."""

_GEOMETRY = {"pack": ("padx", "pady"), "grid": ("padx", "pady")}
_PADDED = frozenset({"TFrame", "TLabelframe"})


class Paddings:
    """Remembers the paddings of a widget tree and scales them."""

    def __init__(self, root: tk.Misc) -> None:
        """Remember nothing yet; paddings are first seen when the scale first changes."""
        self._root = root
        self._scale = 0.0
        self._seen: dict[Key, tuple[Pads, float, Pads]] = {}

    def apply(self, scale: float) -> None:
        """Scale every padding of the tree to `scale` real pixels per logical one."""
        before, self._scale = self._scale or scale, scale
        if before != scale:
            kept: dict[Key, tuple[Pads, float, Pads]] = {}
            self._walk(self._root, before, kept)
            self._seen = kept

    def _walk(
        self, widget: tk.Misc, before: float, kept: dict[Key, tuple[Pads, float, Pads]]
    ) -> None:
        manager = widget.winfo_manager()
        path, call = str(widget), self._root.tk.call
        if options := _GEOMETRY.get(manager):
            info = dict(self._pairs(call(manager, "info", path)))
            for option in options:
                new = self._scaled((path, option), info[option], before, kept)
                call(manager, "configure", path, f"-{option}", new)
        if widget.winfo_class() in _PADDED:
            new = self._scaled((path, "padding"), call(path, "cget", "-padding"), before, kept)
            call(path, "configure", "-padding", new)
        for child in [*widget.children.values()]:  # Tk's own drop-down windows are not ours
            if child.winfo_exists():  # a sentence beside a field goes when that gets another size
                self._walk(child, before, kept)

    def _scaled(
        self, key: Key, value: object, before: float, kept: dict[Key, tuple[Pads, float, Pads]]
    ) -> Pads:
        parts = value if isinstance(value, tuple) else self._root.tk.splitlist(str(value))
        pads = tuple(round(float(str(part))) for part in parts)
        first, at, last = self._seen.get(key, (pads, before, pads))
        if pads != last:  # someone has set it anew since
            first, at = pads, before
        new = tuple(round(pad * self._scale / at) for pad in first)
        kept[key] = (first, at, new)
        return new

    def _pairs(self, info: object) -> list[tuple[str, object]]:
        parts = self._root.tk.splitlist(info)
        return [(str(name)[1:], value) for name, value in zip(parts[::2], parts[1::2], strict=True)]
