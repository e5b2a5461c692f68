"""Rules for every test: leave no thread, no socket and no logged error behind."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.certificates import Certificates, Pair, in_folder, make
from tests.helpers import free_port, wait_until

__all__ = ["free_port", "wait_until"]

_THREAD_SECONDS = 20.0 if sys.platform == "win32" else 5.0
"""How long a thread may take to end after its test; an abandoned look-up needs a while."""
_FOLDERS = {
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "APPDATA": "roaming",
    "LOCALAPPDATA": "local",
}
_MARKED_FOLDERS = {"property", "sockets", "gui", "frozen", "installed"}

# No deadline: a busy machine is not a bug. EXAMPLES=20000 searches longer.
hypothesis.settings.register_profile(
    "house", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "100"))
)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test with the name of its folder, so that `-m "not gui"` needs no bookkeeping."""
    for item in items:
        if item.path.parent.name in _MARKED_FOLDERS:
            item.add_marker(item.path.parent.name)


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep settings and recordings of the person who runs the tests out of the tests."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for variable, folder in _FOLDERS.items():
            patch.setenv(variable, str(home / folder))
        yield


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Return all certificates, those made elsewhere where a folder of them is named."""
    ready = os.environ.get("SOCKETBOARD_CERTIFICATES")
    return in_folder(Path(ready)) if ready else make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def authority(certificates: Certificates) -> Path:
    """Return the certificate of the authority that tests trust."""
    return certificates["authority"].cert


@pytest.fixture(scope="session")
def good(certificates: Certificates) -> Pair:
    """Return the certificate that this authority gave to localhost."""
    return certificates["localhost"]


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread running or a socket open."""
    threads, sockets = set(threading.enumerate()), _open_sockets()
    yield
    wait_until(
        lambda: not (set(threading.enumerate()) - threads),
        _THREAD_SECONDS,
        "the end of every thread the test started: "
        + str([t.name for t in set(threading.enumerate()) - threads]),
    )
    if _open_sockets() - sockets:
        gc.collect()  # sockets in reference cycles: their ResourceWarning fails the test
        left = _open_sockets() - sockets
        assert not left, f"sockets left open: {sorted(left)}"


@pytest.fixture(autouse=True)
def logged_errors() -> Iterator[list[logging.LogRecord]]:
    """Fail a test that logs an error; one that expects errors looks at this list and clears it."""
    keeper = _Keeper(logging.ERROR)
    keeper.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logging.getLogger().addHandler(keeper)
    yield keeper.records
    logging.getLogger().removeHandler(keeper)
    assert not keeper.records, "logged: " + "; ".join(map(keeper.format, keeper.records))


class _Keeper(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _open_sockets() -> set[str]:
    """Every open socket of this process as `fd socket:[inode]`; Linux only, elsewhere empty."""
    if sys.platform != "linux":
        return set()
    found = set()
    for entry in os.listdir("/proc/self/fd"):  # noqa: PTH208 - a Path object each would cost more
        try:
            target = str(Path("/proc/self/fd", entry).readlink())
        except FileNotFoundError:  # the descriptor of this very listing
            continue
        if target.startswith("socket:"):
            found.add(f"{entry} {target}")
    return found
