"""The built executables, seen from outside: by window, keyboard, clipboard and socket.

`make package` first. Nothing is imported from the product: what is tested is what people download.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.certificates import Pair
from tests.frozen.driver import DIST, START_SECONDS, answers, differing, running, say_to, screen
from tests.helpers import free_port, wait_until
from tests.peers import LINES, nc, nginx

SUFFIX = ".exe" if sys.platform == "win32" else ""
WINDOW = DIST / "Socketboard" / f"Socketboard{SUFFIX}"
CONSOLE = DIST / "Socketboard" / f"socketboard-cli{SUFFIX}"
ONE_FILE = DIST / ("Socketboard.exe" if SUFFIX else "Socketboard-onefile")
TRAFFIC = (900, 580)
"""A place within the Server tab's traffic, in a window of the first size."""
NO_CHINESE_FONTS = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir><cachedir>%s</cachedir>
  <selectfont><rejectfont>
    <pattern><patelt name="lang"><string>zh-cn</string></patelt></pattern>
    <pattern><patelt name="lang"><string>zh-tw</string></patelt></pattern>
    <pattern><patelt name="lang"><string>ja</string></patelt></pattern>
    <glob>*CJK*</glob><glob>*wqy*</glob><glob>*arphic*</glob><glob>*Unifont*</glob>
    <glob>*unifont*</glob><glob>*Droid*</glob>
  </rejectfont></selectfont>
</fontconfig>
"""


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Fail, never skip, when there is nothing to test."""
    missing = [path.name for path in (WINDOW, CONSOLE, ONE_FILE) if not path.is_file()]
    assert not missing, f"not in dist: {', '.join(missing)}. Run `make package` first."


@pytest.fixture(scope="module")
def display(built: None) -> Iterator[str]:
    with screen("1280x800x24") as name:
        yield name


def environment(home: Path, display: str = "", language: str = "en") -> dict[str, str]:
    """Return the environment of somebody who has never started the program before."""
    return {
        "PATH": os.environ["PATH"],
        "DISPLAY": display,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "TMPDIR": str(home),
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": language,
    }


def console(arguments: Sequence[str], home: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the console twin to its end."""
    return subprocess.run(
        [CONSOLE, *arguments],
        env=environment(home),
        cwd=home,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("executable", [WINDOW, ONE_FILE], ids=["folder", "one file"])
def test_the_window_opens_is_drawn_and_closes_cleanly(
    display: str, tmp_path: Path, executable: Path
) -> None:
    with running([executable], environment(tmp_path, display)) as window:
        assert "Socketboard" in window.title()
        wait_until(window.is_drawn, START_SECONDS, "a drawn window")
        assert window.close() == 0
    assert list(tmp_path.rglob("recording.sqlite")) == []


def test_a_server_started_by_keyboard_answers_nc_and_shows_the_line(
    display: str, tmp_path: Path
) -> None:
    port = free_port()
    _settings(tmp_path, f'{{"server.port": "{port}", "window.tab": "server"}}')
    with running([WINDOW], environment(tmp_path, display)) as window:
        wait_until(window.is_drawn, START_SECONDS)
        window.keys("ctrl+2", "Return")
        assert answers(port, "你好\n".encode()) == "已接收: 你好\n".encode()

        def copied() -> bool:
            window.click(*TRAFFIC)
            window.keys("ctrl+a", "ctrl+c")
            return "已接收: 你好" in window.clipboard()

        wait_until(copied, 20, "the line in the window's traffic")
        assert window.quit() == 0


def test_closing_with_a_client_connected_takes_no_longer(display: str, tmp_path: Path) -> None:
    port = free_port()
    _settings(tmp_path, f'{{"server.port": "{port}", "window.tab": "server"}}')
    with running([WINDOW], environment(tmp_path, display)) as window:
        wait_until(window.is_drawn, START_SECONDS)
        window.keys("ctrl+2", "Return")
        answers(port, b"x\n")
        pipe = subprocess.PIPE
        with subprocess.Popen([nc(), "127.0.0.1", str(port)], stdin=pipe, stdout=pipe) as client:
            assert client.stdin is not None
            assert client.stdout is not None
            client.stdin.write(b"still here\n")
            client.stdin.flush()
            assert client.stdout.readline() == "已接收: still here\n".encode()
            assert window.quit() == 0
            client.kill()


def test_settings_survive_from_one_run_to_the_next(display: str, tmp_path: Path) -> None:
    env = environment(tmp_path, display)
    with running([WINDOW], env) as window:
        wait_until(window.is_drawn, START_SECONDS)
        window.keys("ctrl+3", "ctrl+d")
        assert window.close() == 0
    kept = (tmp_path / "Socketboard" / "settings.json").read_text("utf-8")
    assert '"window.tab": "chat"' in kept
    with running([WINDOW], env) as window:
        wait_until(window.is_drawn, START_SECONDS)
        assert window.close() == 0
    assert (tmp_path / "Socketboard" / "settings.json").read_text("utf-8") == kept


def test_chinese_where_the_system_speaks_it(display: str, tmp_path: Path) -> None:
    with running([WINDOW], environment(tmp_path, display, "zh_CN")) as window:
        assert "插座板" in window.title()
        assert window.close() == 0


def test_without_chinese_fonts_or_locale_it_is_english(display: str, tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(NO_CHINESE_FONTS % (tmp_path / "cache"), encoding="utf-8")
    env = environment(tmp_path, display, "zh_CN")
    env |= {"LC_ALL": "C", "FONTCONFIG_FILE": str(fonts)}
    with running([WINDOW], env) as window:
        wait_until(window.is_drawn, START_SECONDS)
        assert window.title() == "Socketboard"
        assert window.close() == 0


def test_without_a_display_the_reason_and_the_way_out_are_told(tmp_path: Path) -> None:
    env = environment(tmp_path)
    result = subprocess.run(
        [WINDOW], env=env, cwd=tmp_path, capture_output=True, timeout=30, check=False
    )
    assert result.returncode == 2
    assert b"--help" in result.stderr


def test_the_console_twin_tells_its_version_and_plays_the_tutorial(tmp_path: Path) -> None:
    version = console(["--version"], tmp_path)
    assert version.returncode == 0
    assert version.stdout.split()[-1].count(b".") == 2
    demo = console(["demo"], tmp_path)
    assert demo.returncode == 0, demo.stderr.decode()
    assert "已接收".encode() in demo.stdout


def test_the_recorded_cases_are_in_it(tmp_path: Path) -> None:
    shown = console(["ladder", "case:zero-window"], tmp_path)
    assert shown.returncode == 0, shown.stderr.decode()
    assert b"window 0" in shown.stdout


def test_the_lessons_and_experiments_are_in_it(tmp_path: Path) -> None:
    played = console(["lesson", "handshake", "--auto"], tmp_path)
    assert played.returncode == 0, played.stderr.decode()
    assert re.search(rb"Proven: (\d+) of \1 steps", played.stdout)
    played = console(["experiment", "one-send-one-receive", "--auto"], tmp_path)
    assert played.returncode == 0, played.stderr.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_a_case_happens_anew_in_a_network_of_its_own(tmp_path: Path) -> None:
    """Be root, or where user namespaces are permitted: it starts itself there."""
    made = console(["recording", "--record-case", "retransmission", "-o", "here"], tmp_path)
    assert made.returncode == 0, made.stderr.decode()
    shown = console(["ladder", "here"], tmp_path).stdout
    assert b"again  captured" in shown
    played = console(["lesson", "seven", "--auto", "--live"], tmp_path)
    assert played.returncode == 0, played.stderr.decode()
    assert played.stdout.count(b"Recorded here just now") == 5
    assert b"Proven: 7 of 7 steps." in played.stdout


def test_the_console_twin_serves_byte_for_byte(tmp_path: Path) -> None:
    port = free_port()
    command = [str(CONSOLE), "serve", "acknowledge", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(tmp_path), cwd=tmp_path)
    try:
        said = b"\xff\x00gbk \xba\xba\r\n"
        assert answers(port, said) == "已接收: ".encode() + said
        assert say_to(port, b"a\n\nb\n") == "已接收: a\n已接收: \n已接收: b\n".encode()
        assert say_to(port, b"half a line") == b""
    finally:
        server.terminate()
        server.wait(10)


def test_the_archive_holds_both_programs() -> None:
    (archive,) = DIST.glob("Socketboard-*-linux-*.zip")
    with ZipFile(archive) as packed:
        names = packed.namelist()
    assert {f"Socketboard/{path.name}" for path in (WINDOW, CONSOLE)} <= set(names)


def test_who_builds_it_again_gets_the_same_bytes(tmp_path: Path) -> None:
    names = ("Socketboard-onefile", "Socketboard/**/*", "Socketboard-*-linux-*.zip")
    assert differing("package", tmp_path, names) == []


def test_https_is_verified_against_an_authority_by_the_built_program(
    tmp_path: Path, authority: Path, good: Pair
) -> None:
    with nginx(good) as port:
        address = f"https://localhost:{port}/lines.txt"
        page = console(["http", address, "--ca", str(authority)], tmp_path)
        assert (page.returncode, page.stdout.decode()) == (0, LINES)
        refused = console(["http", address, "--lang", "en"], tmp_path)
        assert refused.returncode == 1
        assert b"authority that is not trusted" in refused.stderr


def _settings(home: Path, text: str) -> None:
    folder = home / "Socketboard"
    folder.mkdir()
    (folder / "settings.json").write_text(text, encoding="utf-8")
