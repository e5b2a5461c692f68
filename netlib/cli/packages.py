"""The packages of others that this program needs, and what is said where one is not there."""

from __future__ import annotations

from typing import Final

from netlib import _

PACKAGES: Final = {
    "h11": "h11",
    "markdown_it": "markdown-it-py",
    "platformdirs": "platformdirs",
    "truststore": "truststore",
}
"""What they are imported as, and what they are installed as."""


def told_missing(error: ModuleNotFoundError) -> str | None:
    """Return what to say of a package that is not installed; None: it is a module of ours."""
    package = PACKAGES.get((error.name or "").partition(".")[0])
    if package is None:
        return None
    text = _(
        "The package {package} is not installed: python -m pip install {package}\n"
        "In the source folder, pip install . installs all that is needed."
    )
    return text.format(package=package)
