"""Named messages that are kept, and may be prepared at home: one JSON file, a message a line.

    {"socketboard": "messages-1", "messages": [
    {"name": "hello", "target": "tcp localhost:8080", "text": "你好", "eol": "lf"},
    {"name": "raw", "hex": "0d 0a", "every": 2}
    ]}

Of a message `name` is needed and one of `text` (with `eol` lf, crlf, none and `encoding`), `hex`
and `file`. `target` is tcp or udp, host and port; `every` seconds between repeats, 0.1 to 3600.
What is wrong in a file is told with its line, and the rest opens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, cast

from gui.models.typed import Eol, Typed
from netlib import EOL, N_, AtomicFile, _, check_encoding, parse_endpoint, put_aside, visible_text
from netlib.value import NamedTuple, value

FORMAT = "messages-1"
MESSAGES = 1000
"""Most messages of a file."""
MESSAGE_BYTES = 64 << 10
"""Most bytes of a message."""
FILE_BYTES = 32 << 20
"""Most bytes of a file."""
NAME_CHARACTERS = 80
EVERY_SECONDS = (0.1, 3600.0)
PROBLEMS = 20
"""Most that is said to be wrong with a file; what else is wrong is counted."""

Transport = Literal["tcp", "udp"]
TRANSPORTS: tuple[Transport, ...] = ("tcp", "udp")
NOTHING = Typed("", "hex")
_TAKEN = N_("another message has this name")
_TOO_MANY = N_("there may be {limit:,} messages")
KEYS = ("name", "target", "text", "hex", "file", "eol", "encoding", "every")
_LIST = r'"messages"\s*:\s*\['
_BETWEEN = r"[\s,]*"


@value(kw_only=True)
class SavedMessage:
    """A message with a name. ValueError, with a translated sentence, where it cannot be one."""

    name: str
    typed: Typed = NOTHING
    file: str = ""
    """A file whose bytes are the message, in place of what is typed."""
    target: str = ""
    """`tcp host:port` or `udp host:port`; empty: wherever one is connected."""
    every: float = 0.0
    """Seconds between two sendings; 0: it is sent once."""

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > NAME_CHARACTERS:
            words = _("a message needs a name of 1 to {limit} characters")
            raise ValueError(words.format(limit=NAME_CHARACTERS))
        if self.target:
            check_target(self.target)
        low, high = EVERY_SECONDS
        if self.every and not low <= self.every <= high:
            raise ValueError(_("repeat: from {low} to {high} seconds").format(low=low, high=high))
        check_encoding(self.typed.encoding)
        if not self.file:
            check_size(self.typed.encode())

    def data(self) -> bytes:
        """Return its bytes. ValueError with a translated sentence: its file cannot be read."""
        if not self.file:
            return self.typed.encode()
        try:
            with Path(self.file).open("rb") as file:
                return check_size(file.read(MESSAGE_BYTES + 1))
        except OSError as refusal:
            sentence = _("{name} cannot be opened: {reason}")
            reason = visible_text(refusal.strerror or str(refusal), 200)
            name = visible_text(Path(self.file).name, 200)
            raise ValueError(sentence.format(name=name, reason=reason)) from refusal


class Opened(NamedTuple):
    """What a file holds."""

    messages: list[SavedMessage]
    problems: list[str]
    """What is wrong, a translated sentence each, with its line."""


def check_target(target: str) -> tuple[Transport, str]:
    """Return transport and address of a target. ValueError with a translated sentence."""
    transport, _blank, address = target.partition(" ")
    if transport not in TRANSPORTS:
        raise ValueError(_("a target begins with tcp or udp, as in tcp localhost:8080"))
    parse_endpoint(address)
    return transport, address


def check_size(data: bytes) -> bytes:
    """Return the bytes of a message. ValueError with a translated sentence: too many."""
    if len(data) > MESSAGE_BYTES:
        raise ValueError(_("a message has at most {limit:,} bytes").format(limit=MESSAGE_BYTES))
    return data


def write(messages: list[SavedMessage]) -> str:
    """Return messages as a file holds them, one a line."""
    lines = ",\n".join(json.dumps(_fields(one), ensure_ascii=False) for one in messages)
    return f'{{"socketboard": "{FORMAT}", "messages": [\n{lines}\n]}}\n'


def parse(text: str) -> Opened:
    """Read what `write` wrote, or somebody by hand: what is wrong is told, the rest opens."""
    problems, messages = _Problems(text), list[SavedMessage]()
    for start, found in _entries(text, problems):
        try:
            _need(len(messages) < MESSAGES, _TOO_MANY, limit=MESSAGES)
            messages.append(_message(found))
        except ValueError as refusal:
            problems.add(start, str(refusal))
        else:
            for key in found.keys() - set(KEYS):
                words = _('"{key}" is not known and was left out')
                problems.add(start, words.format(key=visible_text(key, 40)))
    return Opened(messages, problems.told())


class _Problems:
    """What is wrong with a text, and in which line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._told: list[str] = []
        self._more = 0

    def add(self, place: int, words: str) -> None:
        """Say what is wrong at a place in the text."""
        if len(self._told) < PROBLEMS:
            line = self._text.count("\n", 0, place) + 1
            self._told.append(_("line {line}: {words}").format(line=line, words=words))
        else:
            self._more += 1

    def told(self) -> list[str]:
        """Return a sentence for each, and one for those that are too many."""
        more = [_("and {count:,} more").format(count=self._more)] if self._more else []
        return self._told + more


def _entries(text: str, problems: _Problems) -> Iterator[tuple[int, Any]]:
    """Yield what stands in the list, and where; past what is no JSON it goes on with a line."""
    begin = re.search(_LIST, text)
    if begin is None:
        problems.add(0, _("this is no list of messages"))
        return
    decoder, place = json.JSONDecoder(), begin.end()
    while (place := _after_blanks(text, place)) < len(text) and text[place] != "]":
        start = place
        try:
            found, place = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):  # the last: brackets without end
            problems.add(start, _("this is not written as JSON"))
            place = _next_line(text, start)
        else:
            yield start, found


def open_file(path: Path) -> Opened:
    """Read a file. ValueError with a translated sentence: it cannot be opened."""
    name = visible_text(path.name, 200)
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES + 1)
    except OSError as refusal:
        sentence = _("{name} cannot be opened: {reason}")
        reason = visible_text(refusal.strerror or str(refusal), 200)
        raise ValueError(sentence.format(name=name, reason=reason)) from refusal
    if len(data) > FILE_BYTES:
        raise ValueError(_("{name} is too large for a list of messages.").format(name=name))
    return parse(data.decode("utf-8-sig", "replace"))


def save_file(path: Path, messages: list[SavedMessage], *, private: bool) -> None:
    """Write a file, whole or not at all; `private`: for nobody else to read.

    ValueError with a translated sentence: that cannot be done.
    """
    _write_whole(path, write(messages).encode("utf-8", "backslashreplace"), private=private)


def _write_whole(path: Path, data: bytes, *, private: bool) -> None:
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = AtomicFile(path, private=private)
        with draft.open() as file:
            file.write(data)
        draft.commit()
    except OSError as refusal:
        name, reason = visible_text(path.name, 200), refusal.strerror or str(refusal)
        sentence = _("{name} could not be written: {reason}")
        raise ValueError(sentence.format(name=name, reason=visible_text(reason, 200))) from refusal
    finally:
        with suppress(OSError):
            if draft is not None:
                draft.discard()


class SavedMessages:
    """The messages of this user; the file is read when they are first asked for.

    It is read again before each change: another window may have written it since. Where it holds
    what this version does not understand, it is copied before that is lost: messages-1.json.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._messages: list[SavedMessage] | None = None
        self.problems: list[str] = []
        """What is wrong with the file, in translated sentences."""
        self._told = False
        """It was told that the file cannot be read; from then on it may be put aside."""

    @property
    def messages(self) -> tuple[SavedMessage, ...]:
        """All of them, in the order of the list."""
        return tuple(self._all())

    def put(self, message: SavedMessage, instead: str = "") -> None:
        """Keep a message in the place of the one called so, or `instead`; else at the end.

        ValueError with a translated sentence.
        """
        kept = self._read()
        names = [one.name for one in kept]
        old = instead if instead in names else message.name
        if old not in names:
            _need(len(kept) < MESSAGES, _TOO_MANY, limit=MESSAGES)
            self._write([*kept, message])
            return
        _need(message.name == old or message.name not in names, _TAKEN)
        self._write([message if one.name == old else one for one in kept])

    def add_missing(self, messages: list[SavedMessage]) -> None:
        """Keep those whose names are not taken. ValueError with a translated sentence: too many."""
        kept = self._read()
        names = {one.name for one in kept}
        more = [one for one in messages if one.name not in names]
        _need(len(kept) + len(more) <= MESSAGES, _TOO_MANY, limit=MESSAGES)
        self._write([*kept, *more])

    def remove(self, name: str) -> None:
        """Forget a message. ValueError with a translated sentence."""
        self._write([one for one in self._read() if one.name != name])

    def add_file(self, path: Path) -> Opened:
        """Take in the messages of a file; those of the same name are replaced.

        ValueError with a translated sentence: it cannot be opened, or there would be too many.
        """
        opened = open_file(path)
        merged = {one.name: one for one in (*self._read(), *opened.messages)}
        if len(merged) > MESSAGES:
            raise ValueError(_(_TOO_MANY).format(limit=MESSAGES))
        self._write(list(merged.values()))
        return opened

    def _all(self) -> list[SavedMessage]:
        return self._read() if self._messages is None else self._messages

    def _read(self) -> list[SavedMessage]:
        self._messages, self.problems = [], []
        if self._path.exists():
            try:
                self._messages, self.problems = open_file(self._path)
            except ValueError:
                if not self._told:
                    self._told = True
                    raise
                with suppress(OSError):
                    put_aside(self._path)
        return self._messages

    def _write(self, messages: list[SavedMessage]) -> None:
        if self.problems:
            _keep_copy(self._path)
        save_file(self._path, messages, private=True)
        self._messages, self.problems = messages, []


def _keep_copy(path: Path) -> None:
    """Copy a file to the first free name. ValueError with a translated sentence."""
    number = 1
    while (copy := path.with_stem(f"{path.stem}-{number}")).exists():
        number += 1
    _write_whole(copy, path.read_bytes(), private=True)


def _fields(message: SavedMessage) -> dict[str, Any]:
    """Return what a file says of a message; what is as usual is left out."""
    fields: dict[str, Any] = {"name": message.name}
    if message.target:
        fields["target"] = message.target
    if message.file:
        fields["file"] = message.file
    elif message.typed.mode == "hex":
        fields["hex"] = message.typed.text
    else:
        fields["text"] = message.typed.text
        fields["eol"] = message.typed.eol
        fields["encoding"] = message.typed.encoding
    if message.every:
        fields["every"] = message.every
    return fields


def _message(found: Any) -> SavedMessage:
    """Return the message that is written so. ValueError with a translated sentence."""
    _need(isinstance(found, dict), N_("a message stands in braces"))
    every = found.get("every", 0)
    _need(type(every) in {int, float}, N_('"{key}" must be a number'), key="every")
    texts = {key: found.get(key, "") for key in KEYS if key != "every"}
    for key, text in texts.items():
        _need(isinstance(text, str), N_('"{key}" must be a text'), key=key)
    kinds = [key for key in ("text", "hex", "file") if key in found]
    _need(len(kinds) == 1, N_("a message has one of text, hex and file"))
    eol, words = texts["eol"] or "lf", ", ".join(EOL)
    _need(eol in EOL, N_('"{key}" must be one of {words}'), key="eol", words=words)
    if kinds == ["hex"]:
        typed = Typed(texts["hex"], "hex")
    else:
        typed = Typed(texts["text"], "text", cast(Eol, eol), texts["encoding"] or "utf-8")
    return SavedMessage(
        name=texts["name"],
        typed=NOTHING if texts["file"] else typed,
        file=texts["file"],
        target=texts["target"],
        every=float(every),
    )


def _need(holds: bool, sentence: str, **values: object) -> None:
    """Raise ValueError, with a translated sentence, unless something holds."""
    if not holds:
        raise ValueError(_(sentence).format(**values))


def _after_blanks(text: str, place: int) -> int:
    """Return where, after blanks and commas, something begins."""
    found = re.compile(_BETWEEN).match(text, place)
    return found.end() if found else place


def _next_line(text: str, place: int) -> int:
    """Return where the next line begins."""
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1
