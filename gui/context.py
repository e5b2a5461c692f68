"""What a tab needs from the window it is in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gui.models.backend import Backend
from gui.models.file_places import FilePlaces
from gui.settings import Settings
from gui.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class Context:
    """What a tab needs from the window it is in."""

    theme: Theme
    backend: Backend
    settings: Settings
    tell: Callable[[str], None]
    """Show a short translated sentence in the status line."""
    places: FilePlaces = field(default_factory=FilePlaces)
    """Where file dialogs begin."""
