"""What is typed in a composer, as bytes; and why it may not be sent just now."""

from __future__ import annotations

from typing import Literal

from netlib import EOL, N_, encode, parse_hex
from netlib.value import value

NOT_CONNECTED = N_("Not connected: connect first.")
PRESS_FIRST = N_('Not connected: press "{button}" first.')
NOT_YET = N_("Not connected yet: {state}")
TOO_MUCH = N_("Too much is waiting to be sent already. Try again in a moment.")

Mode = Literal["text", "hex"]
Eol = Literal["lf", "crlf", "none"]


@value()
class Typed:
    """Text with the line end and the encoding it is sent by, or bytes in hexadecimal."""

    text: str
    mode: Mode = "text"
    eol: Eol = "lf"
    """Of text, as `encoding` is: hexadecimal is sent as it stands."""
    encoding: str = "utf-8"

    def encode(self) -> bytes:
        """Return its bytes. ValueError with a translated sentence when there are none for it."""
        if self.mode == "hex":
            return parse_hex(self.text)
        return encode(self.text, self.encoding) + EOL[self.eol]
