"""A chat room: every line goes to everybody else, behind the sender's name.

Lines pass byte for byte, so each client may use its own encoding; only control characters, which
could write over the name before them, are spelt out (`^M`). What the room itself says starts with
`*`, which no name does, and comes in both languages (UTF-8, names as they came). Commands:
`/name NAME`, `/who`.

Nobody can stop the others: what a member causes in one turn of the engine is limited, the rest of
what came waits for the next turns, and meanwhile nothing more is read from it. Who came and who
left is told together: how often depends on how many must be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count, groupby, islice
from operator import itemgetter
from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.protocols.framing import LineBuffer, LineTooLong, split_lines
from netlib.protocols.handler import Handler, Pending
from netlib.services.base import Options, Service, pending_line, too_long, too_much
from netlib.services.nickname import C1, decoded, decodes, folded, is_nickname

TURN_COMMANDS: Final = 32
"""Commands of one member that are obeyed in one turn."""

TURN_BYTES: Final = 256 * 1024
"""What one member may cause in one turn: answers and what all others are sent, in bytes."""

POST_BYTES: Final = 64 * 1024
"""What one turn of one member is sent to each of the others, unless one line is longer."""

SHOWN: Final = 30
"""Names that `/who` lists."""

NAMED: Final = 5
"""How many who came, or left, at about one time are told by name."""

GATHER_SECONDS: Final = 0.05
GATHER_SECONDS_EACH: Final = 0.001
"""How long comings and goings are gathered: at least, and for each member who must be told."""

_SLASH: Final = ord("/")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_BROWSER: Final = re.compile(rb"[A-Z]+ \S+ HTTP/1\.|\x16\x03[\x00-\x04]")
"""What a browser says first: a request, or over https a ClientHello (RFC 8446, section 5.1)."""

_WELCOME: Final = (
    "* you are %s (/name NAME changes that, /who lists who is here)"
    " / 你是 %s（用 /name 昵称 改名，用 /who 查看成员）\n"
).encode()
_YOU_ARE: Final = "* you are %s / 你是 %s\n".encode()
_JOINED: Final = "* %s joined / %s 加入了\n".encode()
_LEFT: Final = "* %s left / %s 离开了\n".encode()
_MANY_JOINED: Final = "* %d joined / %d 人加入了\n".encode()
_MANY_LEFT: Final = "* %d left / %d 人离开了\n".encode()
_RENAMED: Final = "* %s is now %s / %s 改名为 %s\n".encode()
_TAKEN: Final = "* %s is taken / %s 已被占用\n".encode()
_HERE: Final = "* here: %s / 在线：%s\n".encode()
_MORE_HERE: Final = "* here: %s and %d more / 在线：%s，另有 %d 人\n".encode()
_COMMANDS: Final = "* commands: /name NAME, /who / 命令：/name 昵称、/who\n".encode()
_BAD_NAME: Final = (
    "* a name has 1 to 20 visible characters (no space, no * : / , nor what looks like them)"
    " / 昵称为 1 到 20 个可见字符（不含空格和 * : / , 及形似的字符）\n"
).encode()
_NO_WEB: Final = (
    "* this is a chat room, not a web server; closing / 这里是聊天室，不是网站，连接即将关闭\n"
).encode()


class Room:
    """Who is here, and what waits to be sent to them."""

    def __init__(self) -> None:
        self.members: dict[str, ChatHandler] = {}
        """By their names, folded: two that look alike are one."""
        self.named: dict[Handler, str] = {}
        self._told: list[tuple[frozenset[Handler], bytes]] = []
        """What is told, and who does not hear it."""
        self._joined: dict[ChatHandler, bytes] = {}
        self._left: list[bytes] = []
        self._guests = count(1)
        self.busy = False
        """Whether a member who speaks up must wait for its turn."""

    def guest_name(self) -> bytes:
        """Return a name nobody has."""
        return next(
            b"guest%d" % number for number in self._guests if f"guest{number}" not in self.members
        )

    def enter(self, member: ChatHandler) -> None:
        """Let in somebody new; the others hear of it soon."""
        self.members[folded(member.name)] = member
        self._joined[member] = member.name

    def leave(self, member: ChatHandler) -> None:
        """Let somebody go; the others hear of it soon, if they knew that it was here."""
        del self.members[folded(member.name)]
        if self._joined.pop(member, None) is None:
            self._left.append(member.name)

    def who(self) -> bytes:
        """Say who is here."""
        names = b", ".join(member.name for member in islice(self.members.values(), SHOWN))
        more = len(self.members) - SHOWN
        return _MORE_HERE % (names, more, names, more) if more > 0 else _notice(_HERE, names)

    def tell(self, sender: ChatHandler, data: bytes) -> None:
        """Tell all but the sender; who came and left before is told first."""
        if self.gathers:
            self.announce()
        self._told.append((frozenset((sender,)), data))

    @property
    def gathers(self) -> bool:
        """Whether somebody came or left, and nobody was told."""
        return bool(self._joined or self._left)

    def announce(self) -> None:
        """Tell who came and left since the last time, by name or how many.

        Newcomers hear only of those who came later.
        """
        joined, self._joined = self._joined, {}
        left, self._left = self._left, []
        if len(joined) > NAMED:
            self._told.append((frozenset(joined), _MANY_JOINED % (len(joined), len(joined))))
        else:
            members = tuple(joined)
            self._told += (
                (frozenset(members[at:]), _notice(_JOINED, joined[member]))
                for at, member in enumerate(members)
            )
        if len(left) > NAMED:
            self._told.append((frozenset(), _MANY_LEFT % (len(left), len(left))))
        else:
            self._told += ((frozenset(), _notice(_LEFT, name)) for name in left)

    def take(self) -> list[tuple[Handler, bytes]]:
        """Return, once, what members must be sent: one post each for all that one has said."""
        posts, self._told = self._told, []
        if len(posts) > 1:
            posts = [
                (deaf, b"".join(data for _deaf, data in parts))
                for deaf, parts in groupby(posts, itemgetter(0))
            ]
        return [
            (member, data)
            for deaf, data in posts
            for member in self.members.values()
            if member not in deaf
        ]


class ChatHandler(Handler):
    """One member of the room."""

    __slots__ = ("_last_words", "_lines", "_room", "_unheard", "_why", "name")

    def __init__(self, room: Room, max_line: int) -> None:
        super().__init__()
        self.name = b""
        """Bytes, because names come in the member's own encoding; empty: not in the room."""
        self._room = room
        self._lines = LineBuffer(max_line)
        self._unheard = b""
        """Complete lines that wait for the next turn."""
        self._last_words = b""
        """What is said after them, before the talk is ended; b"": it goes on."""
        self._why = CloseReason.LINE_TOO_LONG
        """Why it is ended then."""

    @property
    def pending(self) -> Pending | None:
        """The line whose LF has not come."""
        return pending_line(self._lines)

    @property
    def unheard(self) -> int:
        """Bytes in complete lines that wait for the next turn."""
        return len(self._unheard)

    @property
    def nickname(self) -> str:
        """The name in the room, a guest's included."""
        return decoded(self.name)

    def opened(self) -> bytes:
        """Enter the room under a guest's name and say how to change it."""
        self.name = self._room.guest_name()
        self._room.enter(self)
        return _notice(_WELCOME, self.name)

    def received(self, data: bytes) -> bytes:
        """Pass complete lines on to the others; return the answers to commands."""
        if self._last_words:
            return b""
        try:
            lines = self._lines.feed(data)
        except LineTooLong as error:
            lines = error.before
            self._last_words = b"* " + too_long(self._lines.limit)
        self.unfinished = self._lines.held
        if lines and not self.messages and _BROWSER.match(lines):
            self.close_reason = CloseReason.WRONG_PROTOCOL
            self._last_words = _NO_WEB
            self.closed()  # at once: of a browser nobody shall hear
            return _NO_WEB
        self.messages += lines.count(b"\n")
        self._unheard += lines
        return b"" if self._unheard and self._room.busy else self.proceed()

    def proceed(self) -> bytes:
        """Deal with as much of what has come as one turn allows; return the answers."""
        answers = self._take_turn()
        if self._last_words and not self._unheard:
            self.close_reason = self._why
            answers += self._last_words
        return answers

    def give_up(self, limit: int) -> bytes:
        """Say why, after what waits for its turn."""
        self._lines.rest()
        self.unfinished = 0
        self._why = CloseReason.TOO_MUCH_UNFINISHED
        self._last_words = f"* {too_much(limit)}".encode()
        return self.proceed()

    def closed(self) -> None:
        """Leave the room; the name stays, for whoever asks later who that was."""
        if self._room.members.get(folded(self.name)) is self:
            self._room.leave(self)

    def _take_turn(self) -> bytes:
        lines, others = self._unheard, len(self._room.members) - 1
        if lines.count(b"\n") == 1 and lines[0] != _SLASH:  # as people talk
            self._unheard = b""
            self._say(lines)
            return b""
        answers: list[bytes] = []
        commands = answered = posted = said = at = 0
        while at < len(lines):
            end = lines.index(b"\n", at) + 1
            is_command = lines[at] == _SLASH
            size = end - at + len(self.name) + 2
            if is_command:
                size *= 4  # a name is told, with the old one, in two languages
            fits = posted + size <= POST_BYTES and (posted + size) * others + answered <= TURN_BYTES
            if at and not (fits and commands < TURN_COMMANDS):
                break
            posted += size
            if is_command:
                self._say(lines[said:at])
                answers.append(self._obey(lines[at:end]))
                answered += len(answers[-1])
                commands += 1
                said = end
            at = end
        self._say(lines[said:at])
        self._unheard = lines[at:]
        return b"".join(answers)

    def _say(self, lines: bytes) -> None:
        """Tell the others lines that are no commands, all in one piece."""
        if lines:
            prefix = self.name + b": "
            body = _harmless(lines)[:-1].replace(b"\n", b"\n" + prefix)
            self._room.tell(self, prefix + body + b"\n")

    def _obey(self, line: bytes) -> bytes:
        command, _, rest = line.strip().partition(b" ")
        match command:
            case b"/name":
                return self._rename(rest.strip())
            case b"/who":
                return self._room.who()
            case _:
                return _COMMANDS

    def _rename(self, name: bytes) -> bytes:
        room = self._room
        if not is_nickname(name):
            return _BAD_NAME
        if room.members.get(folded(name), self) is not self:
            return _notice(_TAKEN, name)
        room.announce()  # who has just come did so under the old name
        del room.members[folded(self.name)]
        room.members[folded(name)] = self
        room.tell(self, _notice(_RENAMED, self.name, name))
        self.name = name
        room.named[self] = self.nickname
        return _notice(_YOU_ARE, name)


class Chat(Service):
    """One room for all clients."""

    name: ClassVar[str] = "chat"
    idle_closes: ClassVar[bool] = False
    broadcasts: ClassVar[bool] = True

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._room = Room()

    def handler(self, peer: Endpoint) -> Handler:
        """Return a new member, who enters when the connection is open."""
        return ChatHandler(self._room, self.options.max_line)

    def set_busy(self, busy: bool) -> None:
        """Have members who speak up now wait for their turn."""
        self._room.busy = busy

    def take_broadcasts(self) -> Sequence[tuple[Handler, bytes]]:
        """Return, once, what members must be sent because of others."""
        return self._room.take()

    def take_names(self) -> Sequence[tuple[Handler, str]]:
        """Return, once, who has chosen a name: the last, if several in one turn."""
        named, self._room.named = self._room.named, {}
        return tuple(named.items())

    @property
    def gathers(self) -> float | None:
        """In how many seconds it is told who came and left; None: nobody did."""
        if not self._room.gathers:
            return None
        return GATHER_SECONDS + len(self._room.members) * GATHER_SECONDS_EACH

    def announce(self) -> None:
        """Tell who came and left."""
        self._room.announce()


def _harmless(lines: bytes) -> bytes:
    """Return lines in which nothing moves a cursor: control characters are spelt out."""
    lines = _CONTROLS.sub(_spelt_out, lines)
    return b"".join(map(_without_c1, split_lines(lines))) if C1.search(lines) else lines


def _without_c1(line: bytes) -> bytes:
    """Return a line without C1 controls, unless these bytes are a double-byte encoding's."""
    if not decodes(line, "utf-8") and decodes(line, "gb18030"):
        return line
    return C1.sub(lambda control: b"^[%c" % (control[0][1] - 0x40), line)


def _spelt_out(control: re.Match[bytes]) -> bytes:
    """Return how terminals write a control character: `^M`."""
    return b"^%c" % (control[0][0] ^ 0x40)


def _notice(both: bytes, *names: bytes) -> bytes:
    """Return what the room says, in both languages; each of them has the names."""
    return both % (names * 2)
