"""The installed program: the command `socketboard`, and `python -m socketboard`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    """Run the program with the `netlib` and `gui` inside `socketboard`; return its exit code.

    Their folder comes before all others, as it does for `python main.py` in the source folder; and
    only in this process: whoever imports `socketboard` keeps the `netlib` they have.
    """
    inside = import_module("socketboard.gui")  # asked, as an editable install has it elsewhere
    sys.path.insert(0, str(Path(inside.__path__[0]).parent))
    from gui.__main__ import main as program

    return program()


if __name__ == "__main__":
    sys.exit(main())
