"""Python's garbage, taken out by the window's thread alone.

Tk belongs to one thread. A picture or a window left in a reference cycle would otherwise be ended
by whichever thread happens to collect it, and an engine that does so waits, a second for each, for
a window that may just be waiting for the engine to start or to end.
"""

from __future__ import annotations

import gc


class MainThreadGc:
    """Collects garbage when asked, and until `stop` nobody else does."""

    def __init__(self) -> None:
        gc.disable()

    def built(self) -> None:
        """Leave what there is now alone from now on: looking through it all takes 13 ms."""
        gc.freeze()

    def tick(self) -> None:
        """Collect what Python's own thresholds say is due; most often nothing."""
        limits = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [age for age, (count, limit) in enumerate(limits) if limit and count > limit]
        if due:
            gc.collect(due[-1])

    def stop(self) -> None:
        """Leave everything to Python again."""
        gc.unfreeze()
        gc.enable()
