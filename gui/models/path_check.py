"""A look at the path to a server: what is known so far, in the language of the moment."""

from __future__ import annotations

from collections.abc import Callable

from gui.models.backend import Backend
from netlib import ActivityStopped, Diagnosed, DoctorConfig, Endpoint, Event, NetPath
from netlib.teaching.doctor import Finding, findings, in_words


class PathCheck:
    """State and intents of the window about a path."""

    def __init__(
        self, backend: Backend, endpoint: Endpoint, on_change: Callable[[], object]
    ) -> None:
        """Look at nothing yet; `on_change` is called whenever more is known."""
        self._backend, self._on_change = backend, on_change
        self._path = NetPath(target=endpoint)
        self._activity = 0
        self.is_over = True

    def begin(self) -> None:
        """Look at the path, unless that is under way."""
        if not self.is_over:
            return
        self._backend.network.stop(self._activity)  # it may wait for the peer's FIN
        endpoint = self._path.target
        self._path, self.is_over = NetPath(target=endpoint), False
        self._activity = self._backend.network.diagnose(DoctorConfig(endpoint=endpoint))
        self._backend.subscribe(self._activity, self._hear)
        self._on_change()

    def close(self) -> None:
        """Look no further, and tell nobody."""
        self._on_change = lambda: None
        self._backend.network.stop(self._activity)

    def findings(self) -> list[Finding]:
        """Return the five steps, as far as they are known."""
        return findings(self._path)

    def text(self) -> str:
        """Return them as text."""
        return "\n".join((str(self._path.target), *map(in_words, self.findings())))

    def _hear(self, event: Event) -> None:
        if event.activity != self._activity:
            return
        if isinstance(event, Diagnosed):
            self._path = event.path
        stopped = isinstance(event, ActivityStopped)
        self.is_over = self.is_over or stopped or self._path.reply is not None
        self._on_change()
