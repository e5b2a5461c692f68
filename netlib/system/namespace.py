"""A network of its own for a command, in which it may do what would cut the computer off (Linux).

network_namespaces(7), made by unshare(1): as root, or in a user namespace where that is permitted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from netlib.i18n import _
from netlib.text import visible_text

PROGRAMS: Final = ("unshare", "ip", "nft")
"""What has to be installed: util-linux, iproute2, nftables."""
MORE_FOLDERS: Final = ("/usr/sbin", "/sbin")
"""Where they may be, which some systems leave out of the PATH of ordinary users."""

_WAYS: Final = ((), ("--map-root-user",))
_FLAGS: Final = ("--net", "--pid", "--fork", "--kill-child")
"""With a process namespace whose first process ends with us: the kernel then ends all others."""
_SECONDS: Final = 10.0
_MOST_WORDS: Final = 200


class NoNamespaceError(Exception):
    """There can be no network of our own here; str() says why, translated."""


def environment() -> dict[str, str]:
    """Return the environment in which all of PROGRAMS are found."""
    path = os.pathsep.join([*os.get_exec_path(), *MORE_FOLDERS])
    return {**os.environ, "PATH": path}


def namespace_command() -> list[str]:
    """Return what to put before a command, so that it has a network of its own as its root.

    That network has an interface of loopback, which is down. What the command has begun ends with
    the process of what is returned here. It is tried, which takes some 20 ms and leaves nothing.
    Raises NoNamespaceError.
    """
    if sys.platform != "linux":
        raise NoNamespaceError(_("this system is not Linux"))
    path = environment()["PATH"]
    for name in PROGRAMS:
        if shutil.which(name, path=path) is None:
            raise NoNamespaceError(_("{name} is missing").format(name=name))
    said = ""
    for way in _WAYS:
        command = ["unshare", *way, *_FLAGS]
        said = _refusal([*command, "nft", "list", "ruleset"])
        if not said:
            return command
    raise NoNamespaceError(_("no network namespace is permitted: {said}").format(said=said))


def _refusal(command: list[str]) -> str:
    """Return what a command says where it fails; empty: it does not."""
    try:
        run = subprocess.run(  # noqa: S603 - words of ours
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env=environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as failed:
        return str(failed)
    if not run.returncode:
        return ""
    said = visible_text(run.stderr.decode(errors="replace").strip(), _MOST_WORDS)
    return said or _("exit code {code}").format(code=run.returncode)


def is_new_network() -> bool:
    """Tell whether this network has no address yet: it is no computer's, and may be changed."""
    routes = Path("/proc/net/fib_trie")
    return routes.exists() and "LOCAL" not in routes.read_text(encoding="ascii")


def this_program() -> tuple[list[str], dict[str, str]]:
    """Return how the command line of this program is run once more, and its environment."""
    if getattr(sys, "frozen", False):
        return [sys.executable], environment()
    house = Path(__file__).resolve().parents[2]
    others = [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []
    path = os.pathsep.join([str(house), *others])
    return [sys.executable, "-P", "-m", "netlib"], environment() | {"PYTHONPATH": path}
