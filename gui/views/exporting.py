"""Writing what a pane shows to a file, while the window stays alive."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gui.context import Context
from gui.models.traffic import TrafficRows
from gui.widgets.file_dialogs import ask_save
from netlib import Background, _
from netlib.teaching.lines import Format

if TYPE_CHECKING:
    from gui.views.ladder_pane import LadderPane

FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".bin": "raw",
    ".pcapng": "pcapng",
    ".svg": "svg",
}
"""In which form a file is written, by the end of its name."""
SVG, PNG = ".svg", ".png"
"""The ladder as a picture: of all that is chosen, and of what is in sight."""


class Exported(Protocol):
    """A view whose chosen rows can be written."""

    def chosen(self) -> tuple[int, int]:
        """Return the first chosen row and the one after the last; equal when there is none."""


class Exporting:
    """One export at a time, and who is told what became of it."""

    def __init__(self, parent: tk.Misc, context: Context, rows: TrafficRows, log: Exported) -> None:
        self._parent, self._context, self._rows, self._log = parent, context, rows, log
        self._under_way: Background | None = None

    def save(self, ladder: LadderPane | None) -> None:
        """Ask for a file, then write the chosen rows, or all. `ladder`: it is what is shown."""
        svg = (_("The ladder as a picture (SVG)"), f"*{SVG}")
        png = (_("What is in sight of the ladder (PNG)"), f"*{PNG}")
        types = (
            *((svg, png) if ladder else ()),
            (_("Text"), "*.txt"),
            ("CSV", "*.csv"),
            ("JSON Lines", "*.jsonl"),
            (_("Raw bytes, a file for each direction"), "*.bin"),
            (_("Packets for Wireshark, rebuilt (pcapng)"), "*.pcapng"),
            *(() if ladder else (svg,)),
        )
        title, end = _("Export the traffic"), SVG if ladder else ".txt"
        path = ask_save(self._parent, self._context.places, title, types, end)
        if path is not None:
            self.export(path, ladder)

    def export(self, path: Path, ladder: LadderPane | None = None) -> None:
        """Begin to write the chosen rows, or all, in the form that the file's name asks for."""
        self.stop()
        end = path.suffix.lower()
        try:
            if end == PNG or (end == SVG and ladder is not None):
                self._under_way = _picture(path, ladder)
            else:
                self._under_way = self._export(path, FORMATS.get(end, "text"))
        except ValueError as refusal:
            self._context.tell(str(refusal))
            return
        self._context.tell(_("Saving…"))

    def _export(self, path: Path, format: Format) -> Background:
        from netlib.recording.export import Export

        first, last = self._log.chosen()
        options = self._rows.export_options(format, (first, last) if last > first else None)
        return Export(options, path.with_suffix("") if format == "raw" else path)

    def refresh(self) -> None:
        """Tell what became of it, once it is known; called at every tick."""
        under_way = self._under_way
        if under_way is not None and under_way.outcome is not None:
            self._context.tell(under_way.outcome)
            self._under_way = None

    def stop(self) -> None:
        """Give up what is under way."""
        if self._under_way is not None:
            self._under_way.cancel()
            self._under_way = None


def _picture(path: Path, ladder: LadderPane | None) -> Background:
    """Begin to write the ladder as a picture. ValueError with a translated sentence: no."""
    if ladder is None:
        raise ValueError(_("Choose the view Ladder first: the picture is of it."))
    return ladder.png_file(path) if path.suffix.lower() == PNG else ladder.svg_file(path)
