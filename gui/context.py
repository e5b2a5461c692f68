"""What a tab needs from the window it is in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gui.models.backend import Backend
from gui.settings import Settings
from gui.theme.theme import Theme
from gui.widgets.file_dialogs import FileDialogs


@dataclass(frozen=True, slots=True)
class Context:
    """What a tab needs from the window it is in."""

    theme: Theme
    backend: Backend
    settings: Settings
    tell: Callable[[str], None]
    """Show a short translated sentence in the status line."""
    files: FileDialogs = field(default_factory=FileDialogs)
    """Asks for files."""
