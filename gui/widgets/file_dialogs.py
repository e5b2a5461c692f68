"""Asking for files: where documents are kept, under a name with date and time, and there again."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tkinter import filedialog

Types = Sequence[tuple[str, str]]
"""What kinds of files are called, and their patterns."""


class FileDialogs:
    """The dialogs of one window; each begins in the folder that was chosen last."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        """Where the last file was; None: none was chosen yet."""

    def ask_open(
        self, parent: tk.Misc, title: str, types: Types, folder: Path | None = None
    ) -> Path | None:
        """Ask which file to read; `folder`: where to begin this time."""
        chosen = filedialog.askopenfilename(
            parent=parent, title=title, filetypes=types, initialdir=self._begin(folder)
        )
        return self._remember(chosen)

    def ask_save(
        self, parent: tk.Misc, title: str, types: Types, end: str, words: str = ""
    ) -> Path | None:
        """Ask where to write a file; `words`: what its name says besides program and time."""
        chosen = filedialog.asksaveasfilename(
            parent=parent,
            title=title,
            filetypes=types,
            initialdir=self._begin(),
            initialfile=dated_name(end, words),
            defaultextension=end,
        )
        return self._remember(chosen)

    def _begin(self, folder: Path | None = None) -> str:
        return str(folder or self.folder or documents())

    def _remember(self, chosen: str) -> Path | None:
        if not chosen:
            return None
        path = Path(chosen)
        self.folder = path.parent
        return path


def documents() -> Path:
    """Return the folder in which this system keeps documents; without one, the home folder."""
    import platformdirs

    folder = Path(platformdirs.user_documents_dir())
    return folder if folder.is_dir() else Path.home()


def dated_name(end: str, words: str = "") -> str:
    """Return a name for a file of now: socketboard-2026-11-24-2030.socketboard."""
    between = f"-{words}" if words else ""
    return f"socketboard{between}-{datetime.now():%Y-%m-%d-%H%M}{end}"
