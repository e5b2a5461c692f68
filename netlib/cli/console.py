"""The terminal: where the command line's words and bytes go, and where typed lines come from.

Only this module writes. Text is written as it stands, in UTF-8, into files and pipes; on a
terminal, what a peer sent first loses its power to move the cursor or change the title.
"""

from __future__ import annotations

import errno
import io
import os
import queue
import re
import select
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final, cast

from netlib import (
    EOL,
    LineBuffer,
    _,
    encode,
    harmless_json,
    nobody_reads,
    stand_in_for_closed,
    visible_text,
)
from netlib.cli.interrupt import writing

BLOCK_BYTES: Final = 1 << 16
BLOCKS_AHEAD: Final = 16
"""How many blocks of standard input may wait; then reading it pauses."""

USUAL_COLUMNS: Final = 80

_TYPED_END: Final = os.linesep.encode()
_KEPT: Final = r"(\r?\n|\t)"
"""What text may do to a terminal: begin a new line, and jump to the next column."""


def terminal_columns() -> int:
    """Return how wide the terminal is, as shutil would, which argparse asks for each option.

    shutil loads three compressors, with which a command starts later.
    """
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size().columns or USUAL_COLUMNS
    except OSError:  # there is no terminal
        return USUAL_COLUMNS


class UsageError(Exception):
    """What was asked cannot be done as asked; str() is the sentence to show. Exit code 2."""


class OutputError(Exception):
    """Standard output takes no more; str() is the sentence to show. Exit code 1."""


class InputError(Exception):
    """Standard input cannot be read; str() is the sentence to show. Exit code 1."""


class Console:
    """Standard output and standard error of one command.

    OutputError, from any method that writes there: standard output takes no more. BrokenPipeError:
    nobody reads it any more.
    """

    goes_on = False
    """Whether the command goes on without standard output, once it is said that it must."""
    output_lost = False
    code = 0
    """The exit code of a command that is done; see `fail`."""

    def __init__(self) -> None:
        stand_in_for_closed()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # bytes in, bytes out: LF stays LF
                # Files and pipes get UTF-8: Windows' code page lacks what peers write.
                encoding = None if stream.isatty() else "utf-8"
                stream.reconfigure(encoding=encoding, errors="backslashreplace", newline="")
        self._at_line_start = True

    def write(self, text: str) -> None:
        """Write our own words to standard output, at once."""
        with self._sentences():
            sys.stdout.write(text)
            sys.stdout.flush()

    def flush(self) -> None:
        """Let nothing wait in Python's buffer."""
        with self._sentences():
            sys.stdout.flush()

    def line(self, text: str) -> None:
        """Write one line of our own words to standard output, at once."""
        self.write(f"{text}\n")

    def received(self, text: str) -> None:
        """Write what a peer sent, or a stranger wrote, decoded, to standard output, at once."""
        if text:
            self._at_line_start = text.endswith("\n")
            self.write(_harmless(text) if self.is_terminal else text)

    def end_line(self) -> None:
        """Begin a new line on a terminal if the last one has no end."""
        if not self._at_line_start and self.is_terminal:
            self.received("\n")

    @property
    def is_typed(self) -> bool:
        """Whether standard input is a terminal."""
        return sys.stdin is not None and sys.stdin.isatty()

    @property
    def is_terminal(self) -> bool:
        """Whether standard output is one."""
        return sys.stdout.isatty()

    def data(self, data: bytes) -> None:
        """Write bytes to standard output as they are, at once; on a terminal none of a peer's."""
        with self._sentences():
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def record(self, fields: Mapping[str, Any]) -> None:
        """Write one JSON object as a line, UTF-8 (RFC 8259, section 8.1), at once."""
        import json

        self.data(f"{harmless_json(json.dumps(fields, ensure_ascii=False))}\n".encode())

    def note(self, text: str) -> None:
        """Write one line to standard error: a notice, or why something failed."""
        self.flush()
        with suppress(OSError), writing():  # nobody is left who could be told
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def fail(self, text: str) -> None:
        """Note why something asked for was not done: the exit code is 1, though all else is."""
        self.code = 1
        self.note(f"✗ {text}")

    def discard_output(self) -> None:
        """Write to nowhere from now on: Python's last flush, at the exit, must not fail."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn what the system says of standard output into an OutputError, or a note."""
        try:
            with writing():
                yield
        except OSError as refusal:
            if nobody_reads(refusal) and not self.is_terminal:
                raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from refusal
            sentence = _("Standard output cannot be written: {reason}.")
            error = OutputError(sentence.format(reason=refusal.strerror or str(refusal)))
            if not self.goes_on:
                raise error from None
            self.output_lost = True
            self.discard_output()
            self.note(f"✗ {error}")


class TypedBlocks:
    """Standard input in blocks, read by a thread so that nobody waits for it.

    `whole_lines`: each block ends where a line does, and a last line without LF gets one.
    """

    def __init__(self, wake: Callable[[], None], *, whole_lines: bool = True) -> None:
        self.ended = False
        """Everything there was has been taken."""
        self.error = ""
        """Why no more could be read: a sentence; empty: that was the end."""
        self._blocks: queue.Queue[bytes] = queue.Queue(BLOCKS_AHEAD)
        self._wake = wake
        read = self._read_lines if whole_lines else self._read
        threading.Thread(target=self._run, args=(read,), name="standard input", daemon=True).start()

    def take(self) -> bytes:
        """Return the next block, or b"" when none waits."""
        try:
            block = self._blocks.get_nowait()
        except queue.Empty:
            return b""
        self.ended = not block
        return block

    def _run(self, read: Callable[[], None]) -> None:
        try:
            read()
        except InputError as error:
            self.error = str(error)
        self._blocks.put(b"")
        self._wake()

    def _read(self) -> None:
        while data := read_input(BLOCK_BYTES):
            self._put(data)

    def _read_lines(self) -> None:
        lines = LineBuffer(sys.maxsize)
        while data := read_input(BLOCK_BYTES):
            self._put(lines.feed(data))
        if rest := lines.rest():
            self._put(rest + b"\n")

    def _put(self, block: bytes) -> None:
        if block:
            self._blocks.put(block)
            self._wake()


def read_input(size: int) -> bytes:
    """Read up to `size` bytes of standard input; b"" at its end, or where there is none.

    InputError: it cannot be read. Past Python's buffer: a thread that waits inside it would hold
    its lock when the program ends.
    """
    if sys.stdin is None:
        return b""
    raw = cast(io.BufferedReader, sys.stdin.buffer).raw
    try:
        while (data := raw.read(size)) is None:  # whoever gave it to us made it non-blocking
            select.select([raw], [], [])
    except OSError as refusal:
        sentence = _("Standard input cannot be read: {reason}.")
        raise InputError(sentence.format(reason=refusal.strerror or str(refusal))) from None
    return data


def wire_lines(block: bytes, eol: str, encoding: str) -> bytes:
    """Return typed lines as they are sent: with this line ending, in this encoding.

    UTF-8 passes untouched, so that any bytes can be sent. ValueError with a sentence for a
    character the encoding lacks, or when what was typed has to be read as UTF-8 and is not.
    """
    ending = EOL[eol]
    if _TYPED_END != b"\n" or ending == b"\r\n":
        block = block.replace(b"\r\n", b"\n")
    if encoding == "utf-8":
        return block if ending == b"\n" else block.replace(b"\n", ending)
    try:
        text = block.decode()
    except UnicodeDecodeError:
        sentence = _("Standard input must be UTF-8 to be sent as {encoding}, and it is not.")
        raise ValueError(sentence.format(encoding=encoding)) from None
    return encode(text.replace("\n", ending.decode()), encoding)


def _harmless(text: str) -> str:
    return "".join(
        part if re.fullmatch(_KEPT, part) else visible_text(part, None)
        for part in re.split(_KEPT, text)
    )
