"""An HTTP request under the pen: text with chosen line ends, or bytes in hexadecimal."""

from __future__ import annotations

from gui.models.connect import first_request
from gui.models.typed import Eol, Mode
from netlib import EOL, _, parse_hex, to_hex, visible_text

_LINE_ENDS: tuple[Eol, ...] = ("crlf", "lf")
"""What the lines of a request may end with."""


class RequestText:
    """What the request editor holds. In text mode lines end as `eol` says, in UTF-8."""

    def __init__(self, address: str) -> None:
        self.mode: Mode = "text"
        self.eol: Eol = "crlf"
        self.text = first_request(address) or ""
        self._offered = self.text

    def type(self, text: str, eol: Eol) -> None:
        """Take over what was typed."""
        self.text, self.eol = text, eol

    def offer(self, address: str) -> bool:
        """Make the tutorial's request for an address, unless someone has edited; True: made."""
        request = first_request(address)
        if request is None or self.mode != "text" or self.text != self._offered:
            return False
        self.text = self._offered = request
        return True

    def data(self) -> bytes:
        """Return the bytes as they will be sent. ValueError with a sentence for wrong hex."""
        if self.mode == "hex":
            return parse_hex(self.text)
        return self.text.encode("utf-8", "replace").replace(b"\n", EOL[self.eol])

    def switch(self, mode: Mode) -> str | None:
        """Show the same bytes the other way; a sentence says why that cannot be."""
        if mode == self.mode:
            return None
        try:
            data = self.data()
        except ValueError as wrong:
            return str(wrong)
        if mode == "hex":
            self.text = "\n".join(to_hex(data[at : at + 16]) for at in range(0, len(data), 16))
            self.mode = mode
            return None
        return self._to_text(data)

    def _to_text(self, data: bytes) -> str | None:
        for eol in _LINE_ENDS:
            end = EOL[eol]
            try:
                text = data.replace(end, b"\n").decode("utf-8")
            except UnicodeDecodeError:
                break
            if text.encode().replace(b"\n", end) == data and _is_plain(text):
                self.mode, self.eol, self.text = "text", eol, text
                return None
        return _("These bytes are not plain lines of UTF-8 text: they can only be shown as hex.")


def _is_plain(text: str) -> bool:
    """Tell whether an editor shows every character: Tk cuts at NUL, and hides others."""
    shown = text.replace("\n", "").replace("\t", "")
    return visible_text(shown, None) == shown
