"""What of the chosen rows goes to the clipboard: the rows as they are shown, or their bytes."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from gui.translated import translate
from netlib import N_, to_hex

COPY_LIMIT: Final = 100_000
"""Rows the clipboard is given at most."""
COPY_BYTES: Final = 4 << 20
"""Bytes of rows after which no further rows are taken."""
STEP: Final = 1000
"""Rows read at once."""

Rows = tuple[int, int]
"""The first row and the one after the last."""
Data = Callable[[int, int], Sequence[bytes]]
"""The bytes of rows first to last - 1, b"" for an event. ValueError: they cannot be read."""

_COPYING = N_("Copying…")
_COPIED = N_("Copied {copied} rows.")
_COPIED_SOME = N_("Copied the first {copied} of {chosen} selected rows; use Save for all of them.")
_NO_BYTES = N_("The selected rows are events: they hold no bytes.")


class Copying:
    """Copies chosen rows, at most `COPY_LIMIT`, and says how many."""

    def __init__(
        self, widget: tk.Misc, chosen: Callable[[], Rows], tell: Callable[[str], None]
    ) -> None:
        """Copy what is `chosen` to the clipboard of a widget's screen."""
        self._widget, self._chosen, self._tell = widget, chosen, tell
        self._job = 0
        """The number of the newest copy; older ones that are under way end."""

    def rows(self, text_of: Callable[[int, int], str]) -> None:
        """Copy the rows as they are shown; of many some at a time, so that the window answers."""
        self._job += 1
        chosen = self._chosen()
        if chosen[1] > chosen[0] + STEP:
            self._tell(translate(_COPYING))
        self._copy(text_of, chosen, [], self._job)

    def _copy(
        self, text_of: Callable[[int, int], str], chosen: Rows, texts: list[str], job: int
    ) -> None:
        """Read the next rows, unless others were wanted since; the clipboard gets all at once."""
        begin, until = chosen[0] + len(texts) * STEP, min(chosen[1], chosen[0] + COPY_LIMIT)
        if job != self._job or begin >= until or not self._widget.winfo_exists():
            return
        end = min(begin + STEP, until)
        try:
            texts.append(text_of(begin, end))
        except ValueError as unreadable:
            self._tell(str(unreadable))
            return
        if end == until:
            self._put("".join(texts), until, chosen)
        else:
            self._widget.after(1, self._copy, text_of, chosen, texts, job)

    def hex(self, data: Data) -> None:
        """Copy their bytes in hexadecimal, a line for each row."""
        self._bytes(data, lambda rows: "".join(f"{to_hex(row)}\n" for row in rows))

    def literal(self, data: Data) -> None:
        """Copy their bytes as Python writes them."""
        self._bytes(data, python_literal)

    def _bytes(self, data: Data, write: Callable[[list[bytes]], str]) -> None:
        first, last = self._chosen()
        rows: list[bytes] = []
        size = 0
        try:
            for batch in _batches(data, first, min(last, first + COPY_LIMIT)):
                rows += batch
                size += sum(map(len, batch))
                if size > COPY_BYTES:
                    break
        except ValueError as unreadable:
            self._tell(str(unreadable))
            return
        until = first + len(rows)
        if there := [row for row in rows if row]:
            self._put(write(there), until, (first, last))
        elif first < last:
            self._tell(translate(_NO_BYTES))

    def _put(self, text: str, until: int, chosen: Rows) -> None:
        first, last = chosen
        self._widget.clipboard_clear()
        self._widget.clipboard_append(text)
        counts = {"copied": f"{until - first:,}", "chosen": f"{last - first:,}"}
        self._tell(translate(_COPIED if until == last else _COPIED_SOME, **counts))


def _batches(data: Data, first: int, last: int) -> Iterator[Sequence[bytes]]:
    for begin in range(first, last, STEP):
        yield data(begin, min(begin + STEP, last))


def python_literal(rows: Sequence[bytes]) -> str:
    r"""Return bytes as one expression of Python: b'hi\n', or a line for each row in brackets."""
    if len(rows) == 1:
        return f"{rows[0]!r}\n"
    return "(\n" + "".join(f"    {row!r}\n" for row in rows) + ")\n"
