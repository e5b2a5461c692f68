"""Asking for files: where one was last, under a name that says when."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from pathlib import Path

from gui.models.file_places import FilePlaces, dated_name

Types = Sequence[tuple[str, str]]
"""What kinds of files are called, and their patterns."""


def ask_open(
    parent: tk.Misc, places: FilePlaces, title: str, types: Types, folder: Path | None = None
) -> Path | None:
    """Ask which file to read; `folder`: where to begin this time."""
    from tkinter import filedialog  # late, here and below: not needed for the first picture

    begin = str(folder or places.folder)
    chosen = filedialog.askopenfilename(
        parent=parent, title=title, filetypes=types, initialdir=begin
    )
    return _remember(places, chosen)


def ask_save(
    parent: tk.Misc, places: FilePlaces, title: str, types: Types, end: str, *, words: str = ""
) -> Path | None:
    """Ask where to write a file; `words`: what its name says besides program and time."""
    from tkinter import filedialog

    chosen = filedialog.asksaveasfilename(
        parent=parent,
        title=title,
        filetypes=types,
        initialdir=str(places.folder),
        initialfile=dated_name(end, words),
        defaultextension=end,
    )
    return _remember(places, chosen)


def _remember(places: FilePlaces, chosen: str) -> Path | None:
    if not chosen:
        return None
    path = Path(chosen)
    places.remember(path)
    return path
