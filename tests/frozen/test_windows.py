"""The executables for Windows, under wine, in an English and in a Chinese Windows.

`make windows` builds and tests them. Pictures are left in build/windows/pictures.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.certificates import Certificates
from tests.frozen.driver import (
    DIST,
    HOUSE,
    Program,
    answers,
    differing,
    running,
    screen,
)
from tests.frozen.windows import CHINESE, ENGLISH, WINE, Language, Windows, windows
from tests.helpers import free_port, wait_until
from tests.peers import LINES, nginx, program

assert sys.platform != "win32"  # where wine is, and terminals are those of Linux

PICTURES = HOUSE / "build" / "windows" / "pictures"
FOLDER, ONE_FILE = r"Socketboard\Socketboard.exe", "Socketboard.exe"
START_SECONDS, CLOSE_SECONDS = 90.0, 20.0
"""wine is slow, on a busy machine too; how fast the program closes is tested without it."""
COLOURS = 110
"""wine smooths letters with few greys: a drawn window has 148 colours, its frame alone 90."""
CARET = 100
"""Pixels of a blinking caret, which two pictures of one window may differ by."""
MEGABYTE = 1_000_000


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Fail, never skip, when there is nothing to test."""
    missing = [name for name in ("Socketboard.exe", FOLDER) if not _built(name).is_file()]
    assert not missing, f"not in dist: {', '.join(missing)}. Run `make windows`."
    assert WINE.is_file(), "the tests need wine: sh requirements/system.sh windows"
    PICTURES.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="module")
def display(built: None) -> Iterator[str]:
    with screen("1920x1200x24") as name:
        yield name


@pytest.fixture(scope="module", params=[ENGLISH, CHINESE], ids=lambda language: language.name)
def machine(
    request: pytest.FixtureRequest, display: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Windows]:
    language: Language = request.param
    with windows(tmp_path_factory.mktemp(language.name), display, language) as made:
        yield made


@pytest.mark.parametrize("path", [FOLDER, ONE_FILE], ids=["folder", "one file"])
def test_the_window_opens_stands_still_and_leaves_nothing(
    machine: Windows, path: str, tmp_path: Path, measured: list[str]
) -> None:
    begun = time.monotonic()
    with running(machine.window(path), machine.env, CLOSE_SECONDS) as window:
        wait_until(lambda: window.is_drawn(COLOURS), START_SECONDS, "a drawn window")
        seconds = time.monotonic() - begun
        assert machine.language.title in window.title()
        wait_until(lambda: stands_still(window, tmp_path), START_SECONDS, "a window at rest")
        assert window.close() == 0
    wait_until(lambda: not machine.left_behind(), CLOSE_SECONDS, "an empty temporary folder")
    measured.append(f"{machine.language.name}: {path} drawn after {seconds:.1f} s")


@pytest.mark.parametrize("percent", [100, 150])
def test_a_server_started_by_keyboard_answers_nc_and_shows_the_line(
    machine: Windows, percent: int, tmp_path: Path
) -> None:
    machine.scale(percent)
    port = free_port()
    line = f"你好 {machine.language.name} {percent}"  # another one still lies in the clipboard
    machine.settings(f'{{"server.port": "{port}", "window.tab": "server"}}')
    with running(machine.window(FOLDER), machine.env, CLOSE_SECONDS) as window:
        wait_until(lambda: stands_still(window, tmp_path), START_SECONDS, "a window at rest")
        window.keys("ctrl+2", "Return")
        assert answers(port, f"{line}\n".encode()) == f"已接收: {line}\n".encode()
        width, height = window.size()
        assert width >= 10 * percent

        def copied() -> bool:
            window.click(width * 7 // 10, height * 3 // 4)
            window.keys("ctrl+a", "ctrl+c")
            return f"已接收: {line}" in window.clipboard()

        wait_until(copied, 20, "the line in the window's traffic")
        window.click(width * 7 // 10, height * 3 // 4)
        wait_until(lambda: stands_still(window, tmp_path), START_SECONDS, "a window at rest")
        window.picture(PICTURES / f"{machine.language.name}-{percent}.png")
        assert window.quit() == 0
    wait_until(lambda: not machine.left_behind(), CLOSE_SECONDS, "an empty temporary folder")


def test_exit_codes_and_utf_8_through_a_pipe(machine: Windows) -> None:
    port = free_port()
    with console(machine, "serve", "acknowledge", "--port", str(port)) as server:
        try:
            assert answers(port, b"x\n") == "已接收: x\n".encode()
            said = finished(machine, "connect", f"127.0.0.1:{port}", "--send", "你好 ✓")
        finally:
            server.kill()
    assert (said.returncode, "已接收: 你好 ✓".encode() in said.stdout) == (0, True)
    assert finished(machine, "connect", f"127.0.0.1:{free_port()}").returncode == 1
    assert finished(machine, "--nonsense").returncode == 2
    assert finished(machine, "ladder", "case:zero-window").returncode == 0
    assert machine.left_behind() == []


def test_control_c_on_a_console_ends_a_server_with_0(machine: Windows) -> None:
    port = free_port()
    ours, theirs = os.openpty()  # type: ignore[attr-defined,unused-ignore]
    command = machine.console("serve", "acknowledge", "--port", str(port))
    of_a_session = [program("setsid"), "--ctty", *command]
    env = {**machine.env, "TERM": "xterm"}
    with subprocess.Popen(
        of_a_session, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    ) as server:
        os.close(theirs)
        reader = threading.Thread(target=_drain, args=(ours,))
        reader.start()
        try:
            answers(port, b"x\n")
            os.write(ours, b"\x03")
            assert server.wait(CLOSE_SECONDS) == 0
        finally:
            server.kill()
    reader.join()
    os.close(ours)


def test_https_is_verified_against_an_authority(
    machine: Windows, certificates: Certificates
) -> None:
    authority = certificates["authority"].cert
    with nginx(certificates["localhost"]) as port:
        address = f"https://localhost:{port}/lines.txt"
        page = finished(machine, "http", address, "--ca", f"Z:{authority}")
        assert (page.returncode, page.stdout.decode().replace("\r\n", "\n")) == (0, LINES)
    # Signed by itself: where only the root is missing, wine takes half a chain for a whole one.
    with nginx(certificates["alone"]) as port:
        assert finished(machine, "http", f"https://localhost:{port}/").returncode == 1


def test_the_archive_holds_both_programs() -> None:
    (archive,) = DIST.glob("Socketboard-*-windows-*.zip")
    with ZipFile(archive) as packed:
        names = set(packed.namelist())
    assert {"Socketboard/Socketboard.exe", "Socketboard/socketboard-cli.exe"} <= names
    assert not [name for name in names if "_hashlib" in name]


def test_sizes_are_small(measured: list[str]) -> None:
    one = _built(ONE_FILE).stat().st_size / MEGABYTE
    files = [path for path in (DIST / "Socketboard").rglob("*") if path.is_file()]
    folder = sum(path.stat().st_size for path in files) / MEGABYTE
    measured.append(f"one file {one:.1f} MB, folder {folder:.1f} MB")
    assert (one < 15, folder < 35) == (True, True)


def test_sizes_are_scaled_by_the_program_and_not_by_windows() -> None:
    for name in (ONE_FILE, FOLDER, r"Socketboard\socketboard-cli.exe"):
        content = _built(name).read_bytes()
        assert b">true</dpiAware>" in content
        assert b"dpiAwareness" not in content


def test_who_builds_it_again_gets_the_same_bytes(tmp_path: Path) -> None:
    names = ("Socketboard.exe", "Socketboard/**/*", "Socketboard-*-windows-*.zip")
    assert differing("windows-package", tmp_path, names) == []


def console(machine: Windows, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the command line with pipes."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        machine.console(*arguments), env=machine.env, stdin=pipe, stdout=pipe, stderr=pipe
    )


def finished(machine: Windows, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line to its end."""
    command = machine.console(*arguments)
    return subprocess.run(
        command, env=machine.env, input=b"", capture_output=True, timeout=60, check=False
    )


def stands_still(window: Program, folder: Path) -> bool:
    """Take two pictures a second apart, and compare: nothing is drawn twice or missing."""
    first = window.picture(folder / "first.png")
    threading.Event().wait(1.0)
    second = window.picture(folder / "second.png")
    command = [program("compare"), "-metric", "AE", str(first), str(second), "null:"]
    counted = subprocess.run(command, capture_output=True, timeout=20, check=False)
    return window.is_drawn(COLOURS) and float(counted.stderr.split()[0]) <= CARET


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 1 << 16):
            pass
    except OSError:  # EIO: nobody has the other side open any more
        pass


def _built(path: str) -> Path:
    return DIST / path.replace("\\", "/")
