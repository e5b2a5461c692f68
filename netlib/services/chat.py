"""A chat room: every line goes to everybody else, behind the sender's name.

Lines pass byte for byte, so each client may use its own encoding; what the room itself says
starts with `*` and comes in both languages (UTF-8, names as they came). Commands: `/name NAME`,
`/who`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import ClassVar, Final
from unicodedata import normalize

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.protocols.framing import LineBuffer, LineTooLong, split_lines
from netlib.protocols.handler import Handler, Pending
from netlib.services.base import Options, Service, pending_line, too_long
from netlib.text import visible_text

NAME_LIMIT: Final = 20
"""Characters in a name."""

_NOT_IN_A_NAME: Final = frozenset(" \t*:/,")
"""What would make a name look like a notice, a command, or two names."""

_WELCOME: Final = (
    "* you are %s (/name NAME changes that, /who lists who is here)"
    " / 你是 %s（用 /name 昵称 改名，用 /who 查看成员）\n"
).encode()
_YOU_ARE: Final = "* you are %s / 你是 %s\n".encode()
_JOINED: Final = "* %s joined / %s 加入了\n".encode()
_LEFT: Final = "* %s left / %s 离开了\n".encode()
_RENAMED: Final = "* %s is now %s / %s 改名为 %s\n".encode()
_TAKEN: Final = "* %s is taken / %s 已被占用\n".encode()
_HERE: Final = "* here: %s / 在线：%s\n".encode()
_COMMANDS: Final = "* commands: /name NAME, /who / 命令：/name 昵称、/who\n".encode()
_BAD_NAME: Final = (
    "* a name has 1 to 20 visible characters (no space, no * : / ,)"
    " / 昵称为 1 到 20 个可见字符（不含空格和 * : / ,）\n"
).encode()


class Room:
    """Who is here, and what waits to be sent to them."""

    def __init__(self) -> None:
        self.members: dict[str, ChatHandler] = {}
        """By their names, folded: two that look alike are one."""
        self.post: list[tuple[Handler, bytes]] = []
        self.named: list[tuple[Handler, str]] = []
        self._guests = count(1)

    def guest_name(self) -> bytes:
        """Return a name nobody has."""
        return next(
            b"guest%d" % number for number in self._guests if f"guest{number}" not in self.members
        )

    def tell_others(self, sender: ChatHandler, data: bytes) -> None:
        """Post `data` to every member but `sender`."""
        self.post += [(member, data) for member in self.members.values() if member is not sender]


class ChatHandler(Handler):
    """One member of the room."""

    __slots__ = ("_lines", "_room", "name")

    def __init__(self, room: Room, max_line: int) -> None:
        super().__init__()
        self.name = b""
        """Bytes, because names come in the member's own encoding; empty: not in the room."""
        self._room = room
        self._lines = LineBuffer(max_line)

    @property
    def pending(self) -> Pending | None:
        """The line whose LF has not come."""
        return pending_line(self._lines)

    @property
    def nickname(self) -> str:
        """The name in the room, a guest's included."""
        return _decoded(self.name)

    def opened(self) -> bytes:
        """Enter the room under a guest's name and say how to change it."""
        self.name = self._room.guest_name()
        self._room.members[_folded(self.name)] = self
        self._room.tell_others(self, _notice(_JOINED, self.name))
        return _notice(_WELCOME, self.name)

    def received(self, data: bytes) -> bytes:
        """Pass complete lines on to the others; return the answers to commands."""
        try:
            return self._take(self._lines.feed(data))
        except LineTooLong as error:
            self.close_reason = CloseReason.LINE_TOO_LONG
            return self._take(error.before) + too_long(self._lines.limit)

    def closed(self) -> None:
        """Leave the room."""
        if self.name:
            del self._room.members[_folded(self.name)]
            self._room.tell_others(self, _notice(_LEFT, self.name))
            self.name = b""

    def _take(self, lines: bytes) -> bytes:
        self.messages += lines.count(b"\n")
        if b"\n/" not in lines and not lines.startswith(b"/"):
            self._say(lines)
            return b""
        return b"".join(map(self._obey, split_lines(lines)))

    def _say(self, lines: bytes) -> None:
        """Tell the others lines that are no commands, all in one piece."""
        if lines:
            prefix = self.name + b": "
            body = lines[:-1].replace(b"\n", b"\n" + prefix)
            self._room.tell_others(self, prefix + body + b"\n")

    def _obey(self, line: bytes) -> bytes:
        if not line.startswith(b"/"):
            self._say(line)
            return b""
        command, _, rest = line.strip().partition(b" ")
        match command:
            case b"/name":
                return self._rename(rest.strip())
            case b"/who":
                return _notice(
                    _HERE, b", ".join(member.name for member in self._room.members.values())
                )
            case _:
                return _COMMANDS

    def _rename(self, name: bytes) -> bytes:
        if not _is_name(name):
            return _BAD_NAME
        if self._room.members.get(_folded(name), self) is not self:
            return _notice(_TAKEN, name)
        del self._room.members[_folded(self.name)]
        self._room.members[_folded(name)] = self
        self._room.tell_others(self, _notice(_RENAMED, self.name, name))
        self.name = name
        self._room.named.append((self, self.nickname))
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

    def take_broadcasts(self) -> Sequence[tuple[Handler, bytes]]:
        """Return, once, what members must be sent because of others."""
        post, self._room.post = self._room.post, []
        return post

    def take_names(self) -> Sequence[tuple[Handler, str]]:
        """Return, once, who has chosen a name."""
        named, self._room.named = self._room.named, []
        return named


def _is_name(name: bytes) -> bool:
    """Tell whether a name can be shown without misleading, in UTF-8 or a double-byte encoding."""
    text = _decoded(name)
    fits = 1 <= len(text) <= NAME_LIMIT
    return fits and visible_text(text) == text and _NOT_IN_A_NAME.isdisjoint(text)


def _decoded(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def _notice(both: bytes, *names: bytes) -> bytes:
    """Return what the room says, in both languages; each of them has the names."""
    return both % (names * 2)


def _folded(name: bytes) -> str:
    """Return a name as names are compared: case, width and composition aside (UAX 15)."""
    return normalize("NFKC", _decoded(name)).casefold()
