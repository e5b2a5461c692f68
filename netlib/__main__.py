"""`python -m netlib`: the command line without the window."""

from __future__ import annotations

import sys

from netlib.cli import main

if __name__ == "__main__":
    sys.exit(main())
