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


def duration(seconds: float) -> str:
    """Return a duration as an expression, to a millisecond."""
    whole = round(seconds * 1000)
    return f"{whole // 1000} * time.Second" if whole % 1000 == 0 else f"{whole} * time.Millisecond"


def argument(seconds: float) -> str:
    """Return a duration as gofmt writes it among other arguments."""
    return duration(seconds).replace(" * ", "*")
