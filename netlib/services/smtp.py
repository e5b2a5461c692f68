"""Mail by hand: a server that takes mails, shows the sender what it took, and never sends one on.

RFC 5321 is followed in words and order: 220, HELO or EHLO, MAIL FROM, RCPT TO, DATA, a line with a
single dot, QUIT. People type here, so a line may end with LF alone, which a server that passes mail
on must not allow (section 2.3.8: two servers could disagree where a mail ends), and nobody has to
hurry (section 4.5.3.2.7: five minutes at least). The reply to a mail shows it as it came, which may
not be ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.protocols.framing import LineBuffer, LineTooLong
from netlib.protocols.handler import Handler, Pending
from netlib.services.base import Options, Service, pending_line
from netlib.silence import Awaited
from netlib.text import count_lf, visible

COMMAND_BYTES: Final = 512
"""Longest command line (section 4.5.3.1.4)."""
MAIL_BYTES: Final = 1 << 20
RECIPIENTS: Final = 100
"""What a server has to take at least (section 4.5.3.1.8), and this one at most."""
COMMANDS: Final = 200
"""More than a mail needs. After so many without a mail nobody types here: a browser, or noise."""
SHOWN_LINES: Final = 30
SHOWN_CHARACTERS: Final = 200
"""Of a mail, and of a line of it."""

_END: Final = re.compile(rb"^\.\r?\n", re.MULTILINE)
"""The end of a mail (section 4.5.2)."""
_STUFFED: Final = re.compile(rb"^\.", re.MULTILINE)
"""The dot that a client puts before every line that begins with one (section 4.5.2)."""
_PATH: Final = re.compile(r"(?:FROM|TO):\s*<([^<>\s]*)>\s*(.*)", re.IGNORECASE)
_SIZE: Final = re.compile(r"\bSIZE=(\d{1,20})\b", re.IGNORECASE)


class SmtpHandler(Handler):
    """One client: its commands, its envelope, its mail. Messages are commands and mails."""

    __slots__ = ("_commands", "_lines", "_mail", "_too_big", "greeted", "recipients", "sender")

    def __init__(self, max_line: int) -> None:
        super().__init__()
        self._lines = LineBuffer(max_line)
        self._mail: bytearray | None = None
        """The text so far; None: commands are expected."""
        self._too_big = False
        self._commands = 0
        """Since the last mail."""
        self.greeted = False
        self.sender: str | None = None
        """Of the mail that was begun with MAIL FROM; may be empty (section 4.5.5)."""
        self.recipients: list[str] = []

    @property
    def pending(self) -> Pending | None:
        """The command whose LF has not come, or the mail whose dot has not."""
        if self._mail is None:
            return pending_line(self._lines)
        return Pending(Awaited.MAIL_END, len(self._mail) + self._lines.held)

    def opened(self) -> bytes:
        """Return the greeting."""
        return _reply("220", "Socketboard ready; mail is shown, never sent")

    def received(self, data: bytes) -> bytes:
        """Return the replies to all lines that this chunk completes."""
        try:
            lines = self._lines.feed(data)
        except LineTooLong as error:
            answer = self._take(error.before)
            if self.close_reason is None:
                self.close_reason = CloseReason.LINE_TOO_LONG
                words = f"Line too long (limit {self._lines.limit} bytes), closing"
                answer += _reply("421", words)
            self._count()
            return answer
        answer = self._take(lines)
        self._count()
        return answer

    def give_up(self, limit: int) -> bytes:
        """Return why: 421 (section 3.8)."""
        self._lines.rest()
        self.forget()
        super().give_up(limit)
        words = f"Unfinished mails are too long together (limit {limit} bytes), closing"
        return _reply("421", words)

    def begin_text(self) -> None:
        """Take what comes from now on for the text of the mail."""
        self._mail = bytearray()

    def forget(self) -> None:
        """Let go of envelope and text."""
        self.sender, self.recipients = None, []
        self._mail, self._too_big = None, False

    def _take(self, lines: bytes) -> bytes:
        """Return the replies to whole lines: commands, or text up to its end."""
        answers: list[bytes] = []
        at = 0
        while at < len(lines) and self.close_reason is None:
            if self._mail is None:
                end = lines.index(b"\n", at) + 1
                answers.append(self._obey(lines[at:end]))
            else:
                found = _END.search(lines, at)
                self._keep(lines[at : found.start() if found else len(lines)])
                end = found.end() if found else len(lines)
                if found:
                    self.messages += 1
                    answers.append(self._accept())
            at = end
        return b"".join(answers)

    def _obey(self, line: bytes) -> bytes:
        """Return the reply to a command line."""
        self.messages += 1
        self._commands += 1
        if self._commands > COMMANDS:
            self.close_reason = CloseReason.BY_US
            return _reply("421", f"{COMMANDS} commands and no mail; closing")
        if len(line) > COMMAND_BYTES:
            return _reply("500", f"Command line too long (limit {COMMAND_BYTES} bytes)")
        verb, _blank, rest = line.decode("utf-8", "backslashreplace").strip().partition(" ")
        command = _COMMANDS.get(verb.upper())
        if command is None:
            return _reply("500", "Command not known; HELP lists those that are")
        return command(self, rest.strip())

    def _keep(self, text: bytes) -> None:
        """Add lines to the mail, without the dots that were put before them."""
        assert self._mail is not None
        self._mail += _STUFFED.sub(b"", text)
        if len(self._mail) > MAIL_BYTES:
            self._too_big = True
            self._mail.clear()

    def _accept(self) -> bytes:
        """Return the reply to a whole mail, which shows it."""
        if self._too_big:
            answer = _reply("552", f"Mail is too big (limit {MAIL_BYTES} bytes)")
        else:
            answer = _shown(self.sender or "", self.recipients, bytes(self._mail or b""))
        self.forget()
        self._commands = 0
        return answer

    def _count(self) -> None:
        """Tell how much memory is held of what has not ended."""
        envelope = sum(map(len, self.recipients)) + len(self.sender or "")
        self.unfinished = self._lines.held + envelope + len(self._mail or b"")


class Smtp(Service):
    """Accept mails, and show them."""

    name: ClassVar[str] = "smtp"
    idle_closes: ClassVar[bool] = False

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._max_line = options.max_line

    def handler(self, peer: Endpoint) -> Handler:
        """Return a handler that speaks SMTP."""
        return SmtpHandler(self._max_line)


def _reply(code: str, *lines: str) -> bytes:
    """Return a reply (section 4.2); all its lines but the last have a hyphen behind the code."""
    *before, last = lines
    text = "".join(f"{code}-{line}\r\n" for line in before) + f"{code} {last}\r\n"
    return text.encode("utf-8", "replace")


def _shown(sender: str, recipients: list[str], mail: bytes) -> bytes:
    count = count_lf(mail)
    shown = mail.split(b"\n", SHOWN_LINES)[: min(count, SHOWN_LINES)]
    return _reply(
        "250",
        f"This mail arrived: {count} lines, {len(mail)} bytes",
        f"  from {sender or '<> (nobody: a notice)'}",
        *(f"  to {recipient}" for recipient in recipients),
        *("  | " + visible(line.removesuffix(b"\r"), limit=SHOWN_CHARACTERS) for line in shown),
        *[f"  ({count - SHOWN_LINES} lines more)"] * (count > SHOWN_LINES),
        "It was accepted and shown; it is never sent",
    )


def _helo(client: SmtpHandler, name: str) -> bytes:
    if not name:
        return _reply("501", "Say who you are: HELO your.name")
    client.forget()
    client.greeted = True
    return _reply("250", f"Hello {visible(name, limit=SHOWN_CHARACTERS)}")


def _ehlo(client: SmtpHandler, name: str) -> bytes:
    """Greet, and name the extensions: RFC 1870 (SIZE), 2920 (PIPELINING), 6152 (8BITMIME)."""
    if not name:
        return _reply("501", "Say who you are: EHLO your.name")
    _helo(client, name)
    hello = f"Hello {visible(name, limit=SHOWN_CHARACTERS)}"
    return _reply("250", hello, f"SIZE {MAIL_BYTES}", "8BITMIME", "PIPELINING")


def _mail(client: SmtpHandler, rest: str) -> bytes:
    path = _PATH.fullmatch(rest)
    if not client.greeted:
        return _reply("503", "First HELO or EHLO")
    if client.sender is not None:
        return _reply("503", "A mail has begun already; RSET forgets it")
    if path is None or not rest.upper().startswith("FROM:"):
        return _reply("501", "Write MAIL FROM:<you@your.name>")
    size = _SIZE.search(path[2])
    if size is not None and int(size[1]) > MAIL_BYTES:
        return _reply("552", f"Mail is too big (limit {MAIL_BYTES} bytes)")
    client.sender = visible(path[1], limit=COMMAND_BYTES)
    return _reply("250", "OK")


def _rcpt(client: SmtpHandler, rest: str) -> bytes:
    path = _PATH.fullmatch(rest)
    if client.sender is None:
        return _reply("503", "First MAIL FROM")
    if path is None or not path[1] or not rest.upper().startswith("TO:"):
        return _reply("501", "Write RCPT TO:<somebody@some.name>")
    if len(client.recipients) >= RECIPIENTS:
        return _reply("452", f"Too many recipients (limit {RECIPIENTS})")
    client.recipients.append(visible(path[1], limit=COMMAND_BYTES))
    return _reply("250", "OK")


def _data(client: SmtpHandler, _rest: str) -> bytes:
    if not client.recipients:
        return _reply("503", "First MAIL FROM and RCPT TO")
    client.begin_text()
    return _reply("354", "Type the mail; it ends with a line that holds a single dot")


def _rset(client: SmtpHandler, _rest: str) -> bytes:
    client.forget()
    return _reply("250", "OK")


def _quit(client: SmtpHandler, _rest: str) -> bytes:
    client.close_reason = CloseReason.BY_US
    return _reply("221", "Bye")


def _says(code: str, words: str) -> Callable[[SmtpHandler, str], bytes]:
    """Return a command that changes nothing."""
    return lambda _client, _rest: _reply(code, words)


_COMMANDS: Final[dict[str, Callable[[SmtpHandler, str], bytes]]] = {
    "HELO": _helo,
    "EHLO": _ehlo,
    "MAIL": _mail,
    "RCPT": _rcpt,
    "DATA": _data,
    "RSET": _rset,
    "QUIT": _quit,
    "NOOP": _says("250", "OK"),
    "HELP": _says("214", "HELO, EHLO, MAIL FROM, RCPT TO, DATA, RSET, NOOP, VRFY, HELP, QUIT"),
    "VRFY": _says("252", "Nobody is known here; a mail to anybody is accepted"),
    "EXPN": _says("502", "There are no lists here"),
    "STARTTLS": _says("502", "There is no TLS within SMTP here"),
    "AUTH": _says("502", "Nobody needs to log in here"),
}
