"""Parts of programs in Go: how an error ends one, and durations."""

from __future__ import annotations

from typing import Any, Final

Parts = tuple[Any, ...]
"""Names of packages, the lines of main, and functions after it."""

CHECK: Final = """
func check(err error) {
\tif err != nil {
\t\tfmt.Fprintln(os.Stderr, err)
\t\tos.Exit(1)
\t}
}
"""


_UNITS: Final = {
    "Second": 1,
    "Millisecond": 1_000,
    "Microsecond": 1_000_000,
    "Nanosecond": 1_000_000_000,
}
"""How many there are in a second."""


def duration(seconds: float) -> str:
    """Return a duration as an expression, in the largest unit of which it is a whole number."""
    numbers = ((round(seconds * parts, 6), unit) for unit, parts in _UNITS.items())
    number, unit = next(found for found in numbers if found[0] % 1 == 0 or found[1] == "Nanosecond")
    return f"{round(number)} * time.{unit}"


def argument(seconds: float) -> str:
    """Return a duration as gofmt writes it among other arguments."""
    return duration(seconds).replace(" * ", "*")
