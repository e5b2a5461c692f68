"""An HTTP request under the pen: text with chosen line ends, or bytes in hexadecimal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gui.models.connect import url_of
from gui.models.typed import Eol, Mode
from netlib import (
    EOL,
    N_,
    Url,
    _,
    build_request,
    parse_hex,
    to_hex,
    tutorial_request,
    visible_text,
)
from netlib.value import NamedTuple

_LINE_ENDS: tuple[Eol, ...] = ("crlf", "lf")
"""What the lines of a request may end with."""


class Preset(NamedTuple):
    """A request that is one click away: its name, and its bytes for an address."""

    words: str
    build: Callable[[Url], bytes]


def _get_1_0(url: Url) -> bytes:
    return f"GET {url.target} HTTP/1.0\r\n\r\n".encode()


def _without_host(url: Url) -> bytes:
    return f"GET {url.target} HTTP/1.1\r\nConnection: close\r\n\r\n".encode()


PRESETS: Final = {
    "get": Preset(N_("GET"), lambda url: build_request(url, "GET")),
    "tutorial": Preset(N_("The tutorial's request (says it is curl)"), tutorial_request),
    "close": Preset(
        N_("Connection: close"), lambda url: build_request(url, "GET", [("Connection", "close")])
    ),
    "1.0": Preset(N_("HTTP/1.0: without Host"), _get_1_0),
    "no host": Preset(N_("HTTP/1.1 without Host: an error"), _without_host),
    "head": Preset(N_("HEAD: headers only"), lambda url: build_request(url, "HEAD")),
    "post": Preset(
        N_("POST with a body"),
        lambda url: build_request(url, "POST", [("Content-Type", "text/plain")], b"hello"),
    ),
    "endless": Preset(
        N_("Without the blank line: it does not end"),
        lambda url: build_request(url, "GET").removesuffix(b"\r\n"),
    ),
}
"""What the editor can be filled with; the first is what it begins with."""


class RequestText:
    """What the request editor holds. In text mode lines end as `eol` says, in UTF-8."""

    def __init__(self, address: str) -> None:
        self.mode: Mode = "text"
        self.eol: Eol = "crlf"
        self._preset = next(iter(PRESETS))
        self.text = self._offered = self._preset_for(address) or ""

    def type(self, text: str, eol: Eol) -> None:
        """Take over what was typed."""
        self.text, self.eol = text, eol

    def offer(self, address: str) -> bool:
        """Make the same preset for another address, unless someone has edited; True: made."""
        request = self._preset_for(address)
        if request is None or self.mode != "text" or self.text != self._offered:
            return False
        self.text = self._offered = request
        return True

    def use(self, preset: str, address: str) -> None:
        """Hold a preset, whatever was there. A wrong address changes nothing."""
        self._preset = preset
        if (request := self._preset_for(address)) is not None:
            self.mode, self.eol = "text", "crlf"
            self.text = self._offered = request

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

    def _preset_for(self, address: str) -> str | None:
        """Return the preset as text with LF; None: a wrong address."""
        try:
            return PRESETS[self._preset].build(url_of(address)).decode().replace("\r\n", "\n")
        except ValueError:
            return None

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
