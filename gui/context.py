"""What a tab needs from the window it is in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from gui.models.backend import Backend
from gui.models.file_places import FilePlaces
from gui.settings import Settings
from gui.theme.theme import Theme

if TYPE_CHECKING:
    from gui.models.saved_messages import SavedMessages
    from netlib import Endpoint, ServerConfig


class OtherTabs(Protocol):
    """What a tab asks of the others, through the window: no tab knows another."""

    def show(self, key: str) -> None:
        """Bring a tab to the front."""

    def call(self, address: str, line: str = "") -> None:
        """Connect to an address in the Connect tab, over TCP, and send a line when it stands."""

    def serve(self, config: ServerConfig, then: Callable[[Endpoint | None], None]) -> None:
        """Start a server in the Server tab; `then` is told where it listens, or None."""


class Context:
    """What a tab needs from the window it is in."""

    def __init__(
        self,
        theme: Theme,
        backend: Backend,
        settings: Settings,
        tell: Callable[[str], None],
        tabs: Callable[[], OtherTabs],
    ) -> None:
        """`tell` shows a short translated sentence in the status line, `tabs` gives all tabs."""
        self.theme, self.backend, self.settings = theme, backend, settings
        self.tell, self.tabs = tell, tabs
        self.places = FilePlaces()
        """Where file dialogs begin."""

    @cached_property
    def messages(self) -> SavedMessages:
        """The messages with names; their file lies beside the settings."""
        from gui.models.saved_messages import SavedMessages  # late: not for the first picture

        return SavedMessages(self.settings.path.with_name("messages.json"))
