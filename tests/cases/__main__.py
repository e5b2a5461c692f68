"""Record the cases into a folder: `python -m tests.cases FOLDER [NAME…]` (Linux)."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from netlib.live_cases.live import LiveCase
from netlib.live_cases.scenarios import SCENARIOS

PAGE_BYTES: Final = 1024
"""A recording is made of pages; where they are large, an empty one takes 96 KB."""


def main(arguments: Sequence[str]) -> None:
    """Record each case that is named, or all, in place of the file that is there."""
    parser = argparse.ArgumentParser(prog="tests.cases", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=[*SCENARIOS], metavar="NAME")
    options = parser.parse_args(arguments)
    for name in options.names:
        path = options.folder / f"{name}.socketboard"
        live = LiveCase(name, path)
        while not live.over_within(1.0):
            pass
        assert live.outcome == "", live.outcome
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            db.execute("VACUUM")
        path.chmod(0o644)


if __name__ == "__main__":
    main(sys.argv[1:])
