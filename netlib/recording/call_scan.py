"""Going through the calls of a recording in a thread, also while it is being written."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from netlib.i18n import _
from netlib.recording.calls import CallIndex
from netlib.recording.packet_index import PacketIndex
from netlib.recording.reader import Recording, RecordingError
from netlib.system.background import Background
from netlib.text import visible_text

TURN_SECONDS: Final = 0.0005
"""Between two blocks others get their turn."""


class CallScan(Background):
    """An index that grows as long as somebody looks. Its outcome is why it could not go on."""

    def __init__(self, path: Path) -> None:
        """Begin at once to go through the recording at `path`."""
        self.path, self.index = path, CallIndex()
        self.packets = PacketIndex(self.index)
        self.caught_up = False
        """All that there was has been gone through."""
        self._news = threading.Event()
        super().__init__("ladder", lambda _job: self._go_on())  # last: it begins at once

    def look(self) -> None:
        """Take in what has come, soon. Costs nothing."""
        self._news.set()

    def cancel(self, timeout: float = 1.0) -> bool:
        """Go no further; wait up to `timeout` seconds for the thread to end."""
        self._cancelled.set()  # before the news: whoever waits for them looks at this next
        self._news.set()
        return super().cancel(timeout)

    def _go_on(self) -> str:
        try:
            with closing(Recording(self.path)) as recording:
                recording.give_up_when(self.cancelled)
                while not self.cancelled():
                    self._news.clear()  # before looking: what comes meanwhile is looked at next
                    while not self.cancelled() and self.index.advance(recording):
                        time.sleep(TURN_SECONDS)
                    while not self.cancelled() and self.packets.advance(recording):
                        time.sleep(TURN_SECONDS)
                    self.caught_up = True
                    self._news.wait()
        except (RecordingError, ValueError) as refusal:
            if not self.cancelled():
                return _("The recording cannot be read: {reason}").format(
                    reason=visible_text(str(refusal), 200)
                )
        return ""
