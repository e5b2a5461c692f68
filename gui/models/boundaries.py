"""The experiment of the boundaries: what is typed, what is under way, and what came of it."""

from __future__ import annotations

from netlib import BoundaryExperiment, BoundaryResult, BoundarySettings, _, encode
from netlib.teaching.boundaries import Boundaries, boundaries_of
from netlib.teaching.boundary_words import buffer_words
from netlib.teaching.explain import in_short

DIVIDER = "|"
"""Between two messages that are typed."""
_LF = "\\n"
"""How LF is typed."""


class BoundariesModel:
    """At most one experiment at a time."""

    def __init__(self) -> None:
        """Begin none."""
        self._experiment: BoundaryExperiment | None = None
        self.result: BoundaryResult | None = None
        """Of the last experiment that has ended."""
        self.changes = 0
        """Grows with each result."""
        self.refusal = ""
        """Why there is no result of the last one."""

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._experiment is not None

    @property
    def progress(self) -> float:
        """The share of the bytes that has come."""
        return self._experiment.progress if self._experiment is not None else 0.0

    @property
    def boundaries(self) -> Boundaries | None:
        """What the last one showed."""
        return boundaries_of(self.result) if self.result is not None else None

    def start(self, settings: BoundarySettings) -> None:
        """Begin, unless one is under way."""
        if self._experiment is None:
            self._experiment = BoundaryExperiment(settings)

    def stop(self) -> None:
        """End the one under way; what it has by then is its result."""
        if self._experiment is not None:
            self._experiment.cancel(timeout=0.0)

    def tick(self) -> None:
        """Look whether it has ended."""
        found = self._experiment
        if found is None or found.outcome is None:
            return
        self._experiment = None
        self.refusal = found.outcome
        if found.result is not None:
            self.result = found.result
            if found.result.error is not None:
                self.refusal = in_short(found.result.error)
        self.changes += 1

    def words(self) -> str:
        """Return what else there is to know of the result; empty: there is none yet."""
        if self.result is None or not self.result.buffer:
            return ""
        lines = [
            buffer_words(self.result.settings.buffer, self.result.buffer),
            _("Where receives end may differ next time."),
        ]
        if not self.result.complete:
            lines.insert(0, _("It ended before all was sent and received."))
        return "\n".join(lines)


def typed_messages(text: str) -> tuple[bytes, ...]:
    r"""Return what stands between the |, in UTF-8; \n means LF. ValueError: half a character."""
    return tuple(encode(part.replace(_LF, "\n"), "utf-8") for part in text.split(DIVIDER))
