"""Files the command line writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, Self

from netlib import AtomicFile, _, visible
from netlib.cli.console import BLOCK_BYTES, UsageError, read_input

STANDARD_INPUT: Final = "-"
STANDARD_OUTPUT: Final = "-"
"""How they are written where a file's name may stand."""


class Output:
    """A file that appears whole or not at all.

    Every method raises UsageError, with a sentence, where the file may not be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._sentences():
            self._draft = AtomicFile(path)
            self._file = self._draft.open()
        self._refusal: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        with suppress(OSError):
            self._file.close()
        self._draft.discard()

    def write(self, data: bytes) -> None:
        """Append `data`."""
        with self._sentences():
            self._file.write(data)

    @property
    def is_plain(self) -> bool:
        """Whether it is a file on a disk; else `write` may block for ever, until a signal comes."""
        return self._draft.is_plain

    def pour(self, data: bytes | memoryview) -> None:
        """Append `data`, in another thread; never raises: `check` does, and `commit`."""
        if self._refusal is None:
            try:
                for at in range(0, len(data), BLOCK_BYTES):  # a megabyte at once took twice as long
                    self._file.write(data[at : at + BLOCK_BYTES])
            except (OSError, ValueError) as refusal:  # ValueError: closed, for it was given up
                self._refusal = refusal

    def check(self) -> None:
        """See that all could be poured so far."""
        if self._refusal is not None:
            raise cannot_write(self._path, self._refusal)

    def commit(self) -> None:
        """Let it appear."""
        self.check()
        with self._sentences():
            self._file.close()
            self._draft.commit()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except OSError as refusal:
            raise cannot_write(self._path, refusal) from None


def read_file(name: str) -> bytes:
    """Return the bytes of a file, or of standard input (-). UsageError: it cannot be read."""
    if not name:
        raise UsageError(_("The name of the file is missing."))
    if name == STANDARD_INPUT:
        return b"".join(iter(partial(read_input, BLOCK_BYTES), b""))
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as refusal:  # ValueError: a NUL in it
        sentence = _('"{path}" cannot be read: {reason}.')
        raise UsageError(sentence.format(path=visible(name), reason=_reason(refusal))) from None


def cannot_write(path: Path, refusal: Exception) -> UsageError:
    """Return the sentence that names a file that may not be written, and why."""
    sentence = _('"{path}" cannot be written: {reason}.')
    return UsageError(sentence.format(path=visible(str(path)), reason=_reason(refusal)))


def _reason(refusal: Exception) -> str:
    return visible(getattr(refusal, "strerror", None) or str(refusal))
