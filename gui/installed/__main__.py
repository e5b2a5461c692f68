"""The installed program: the command `socketboard`, and `python -m socketboard`."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Run the program with the `netlib` and `gui` beside this file; return its exit code.

    They come before all others, as they do for `python main.py` in the source folder; and only in
    this process: whoever imports `socketboard` keeps the `netlib` they have.
    """
    sys.path.insert(0, str(Path(__file__).parent))
    from gui.__main__ import main as program

    return program()


if __name__ == "__main__":
    sys.exit(main())
