"""What is typed in a composer, as bytes; and why it may not be sent just now."""

from __future__ import annotations

from netlib import EOL, N_, encode, parse_hex

NOT_CONNECTED = N_("Not connected: press Connect first.")
TOO_MUCH = N_("Too much is waiting to be sent already. Try again in a moment.")


def typed_bytes(text: str, mode: str, eol: str, encoding: str) -> bytes:
    """Return the bytes of what was typed: hexadecimal as it stands, text with its line end.

    ValueError with a translated sentence when it is neither.
    """
    return parse_hex(text) if mode == "hex" else encode(text, encoding) + EOL[eol]
