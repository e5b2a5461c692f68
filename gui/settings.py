"""What the window remembers from one day to the next: one JSON file, written atomically."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from netlib import Logger

log = Logger(__name__)

FILE_BYTES = 1 << 20
CHARACTERS = 1000
ITEMS = 100
NUMBER = 1_000_000.0
"""What is longer or larger was not set by this program, and counts as missing."""

_SURROGATE = "[\ud800-\udfff]"

T = TypeVar("T")
Value = str | int | float | bool | list[str] | dict[str, Any] | None


def default_path() -> Path:
    """Return where this system keeps the settings of a program."""
    import platformdirs

    return Path(platformdirs.user_config_dir("Socketboard", appauthor=False)) / "settings.json"


class Settings:
    """A dictionary of simple values in a plain file. One that cannot be read counts as empty.

    What is read is what Tk can show: texts without halves of surrogate pairs, numbers it can count.
    Other windows, also of other versions, may write the same file: what is saved is only what was
    set to something else here.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._values = _read(path) or {}
        self._tried, self._written = "", True
        """What was written last, or could not be."""
        self._saved = dict(self._values)
        """What the file held when it was last read, or written."""

    def get(self, key: str, default: T) -> T:
        """Return a value of the default's type; a value of another type counts as missing."""
        value = self._values.get(key, default)
        if type(value) is type(default) and _is_usable(value):  # not isinstance: True is no 1
            return value
        return default

    def one_of(self, key: str, allowed: Collection[T], default: T) -> T:
        """Return a value that is one of those allowed, else the default."""
        value = self.get(key, default)
        return value if value in allowed else default

    def texts(self, key: str, default: list[str]) -> list[str]:
        """Return a list of texts; what else the list holds counts as missing."""
        values: list[object] = [*self.get(key, default)[:ITEMS]]
        kept = [one for one in values if isinstance(one, str) and _is_usable(one)]
        return kept or default

    def set(self, key: str, value: Value) -> None:
        """Remember a value until `save`."""
        self._values[key] = value

    def save(self) -> bool:
        """Write what has changed, the file whole or not at all; False: it cannot be."""
        text = json.dumps(self._values, indent=1)
        if text != self._tried:
            self._tried, self._written = text, self._write(self._changed())
            if self._written:
                self._saved = json.loads(text)  # a copy to the bottom
        return self._written

    def _changed(self) -> dict[str, Value]:
        return {
            key: value
            for key, value in self._values.items()
            if key not in self._saved or self._saved[key] != value
        }

    def _write(self, changed: dict[str, Value]) -> bool:
        from netlib import AtomicFile, put_aside

        draft = None
        try:
            if self.path.exists() and not self.path.is_file():  # a pipe would be waited for
                log.warning("settings not saved: %s is no plain file", self.path)
                return False
            self.path.parent.mkdir(parents=True, exist_ok=True)
            read = _read(self.path)
            if read is None and self.path.exists():
                put_aside(self.path)
            draft = AtomicFile(self.path, private=True)
            with draft.open() as file:
                base = self._values if read is None else read
                file.write(json.dumps(base | changed, indent=1).encode("ascii"))
            draft.commit()
        except OSError as refusal:
            log.warning("settings not saved: %s", refusal)
            return False
        finally:
            with suppress(OSError):
                if draft is not None:
                    draft.discard()
        return True


def _read(path: Path) -> dict[str, Value] | None:
    """Return the values in a file; None: it has none that can be read."""
    try:
        read = json.loads(_contents(path))
    except (OSError, ValueError, RecursionError):  # the last: brackets without end
        return None
    return read if isinstance(read, dict) else None


def _contents(path: Path) -> bytes:
    """Return what a plain file of a likely size holds. Raises OSError or ValueError."""
    if not path.is_file():  # looked at first: a pipe that nobody writes to is waited for
        raise ValueError(path)
    with path.open("rb") as file:
        contents = file.read(FILE_BYTES + 1)
    if len(contents) > FILE_BYTES:
        raise ValueError(path)
    return contents


def _is_usable(value: object) -> bool:
    """Tell whether the window can show a text, or count to a number; all else is looked into."""
    if isinstance(value, str):
        return len(value) <= CHARACTERS and not re.search(_SURROGATE, value)
    return not isinstance(value, int | float) or -NUMBER <= value <= NUMBER
