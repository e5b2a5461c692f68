"""Capturing real packets below what this window records, as long as somebody wants to see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from netlib.recording.capture import Capture


_WHOLE: Final = ("AF_PACKET", "dumpcap")
"""Ways in which every packet is captured."""


class PacketCapture:
    """One capture for all views of the window. It begins with the first that asks for it."""

    def __init__(self, begin: Callable[[], Capture | None]) -> None:
        """`begin` begins one; None: there is nothing to capture into."""
        self._begin = begin
        self._capture: Capture | None = None
        self.automatic = True
        """Whether the first view that shows segments begins to capture them."""
        self._asked = self._told = False
        self.wanted = False
        """Whether packets are to be captured, as far as that is possible."""
        self.refusal = ""
        """Why they are not, in a translated sentence; empty: they are, or nobody has asked."""

    def begin_quietly(self) -> None:
        """Capture from now on, if the system lets this program; asked once, and nobody is told."""
        if self.automatic:
            self.begin(asked=False)

    def begin(self, *, asked: bool = True) -> None:
        """Capture from now on; where that cannot be, `tick` says why as soon as it is known."""
        self.automatic, self._asked, self._told = False, asked, False
        self.end()
        self.wanted, self.refusal = True, ""
        self._capture = self._begin()

    def end(self) -> None:
        """Capture no longer; what was captured stays."""
        self.wanted = False
        if self._capture is not None:
            self._capture.cancel(timeout=0.0)
            self._capture = None

    def tick(self) -> str:
        """Return, once, why packets are not captured (any more) though they are to be; or "".

        Whoever has not asked for them is told only if there were some before.
        """
        capture = self._capture
        if capture is None:
            return ""
        self._asked = self._asked or capture.how in _WHOLE
        if not capture.outcome or self._told:
            return ""
        self._told, self.refusal = True, capture.outcome
        self.wanted = False
        return self.refusal if self._asked else ""
