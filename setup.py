"""How this tree becomes one package, `socketboard`; all else stands in pyproject.toml.

`socketboard` is the folder gui/installed, and netlib and gui lie inside it: `netlib` alone is a
name that others have, too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from setuptools import find_packages, setup
from setuptools.command.bdist_wheel import bdist_wheel


class Wheel(bdist_wheel):
    """A wheel with the same permissions in it, whoever builds it."""

    def write_wheelfile(self, *arguments: Any, **options: Any) -> None:
        """Write the last file; what is packed next has lost what checkout and umask gave it."""
        super().write_wheelfile(*arguments, **options)
        for path in Path(self.bdist_dir).rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)


inside = find_packages(include=["netlib*", "gui*"], exclude=["gui.installed"])
setup(
    packages=["socketboard", *(f"socketboard.{package}" for package in inside)],
    package_dir={
        "socketboard": "gui/installed",
        "socketboard.netlib": "netlib",
        "socketboard.gui": "gui",
    },
    cmdclass={"bdist_wheel": Wheel},
)
