"""Socketboard from its source folder; installed, the command is `socketboard`."""

from __future__ import annotations

import sys

from gui.__main__ import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
