"""The version, by itself: what says it to a web server must not load anything else."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.2.0"
