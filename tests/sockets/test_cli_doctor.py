"""`doctor`: five lines, each with its time, and an exit code."""

from __future__ import annotations

import re

import pytest

from tests.command import accepting, objects, run, serving, started
from tests.helpers import free_port

LINE = r"[✓✗] (name|address|route|connect|reply) +[\d.]+ ms  \S.*"


def test_of_a_server_that_answers_all_five_lines_are_green() -> None:
    with serving("acknowledge", "--quiet") as server:
        result = run("doctor", server.where)
    lines = result.stdout.decode().splitlines()
    assert [line[0] for line in lines] == [*"✓✓✓✓✓"]
    assert all(re.fullmatch(LINE, line) for line in lines), lines
    assert "it says nothing first" in lines[4]
    assert (result.returncode, result.stderr) == (0, b"")


def test_of_a_server_that_is_not_there_the_line_is_red_and_says_what_to_try() -> None:
    port = free_port()
    result = run("doctor", f":{port}")
    *lines, advice, reply = result.stdout.decode().splitlines()
    assert [line[0] for line in lines] == [*"✓✓✓✗"]
    assert f"Nothing listens on port {port} of this computer" in lines[3]
    assert (advice[:7], reply) == ("  Try: ", "– reply")
    assert (result.returncode, result.stderr) == (1, b"")


def test_it_speaks_chinese() -> None:
    lines = run("doctor", f"[::1]:{free_port()}", lang="zh").stdout.decode().splitlines()
    assert [line.split()[1] for line in (*lines[:4], lines[5])] == [
        *("域名", "地址", "路由", "连接", "应答")
    ]
    assert "没有程序在端口" in lines[3]


@pytest.mark.parametrize(("listens", "code"), [(True, 0), (False, 1)])
def test_for_programs_each_step_is_an_object(listens: bool, code: int) -> None:
    with accepting() as (server, where):
        if not listens:
            server.close()
        result = run("doctor", where, "--json")
    found = objects(result.stdout)
    assert [one["step"] for one in found] == ["name", "address", "route", "connect", "reply"]
    states = ["ok", "ok"] if listens else ["failed", "not reached"]
    assert [one["state"] for one in found] == ["ok", "ok", "ok", *states]
    assert found[4]["ms"] is None or found[4]["ms"] >= 1000
    assert found[3]["cause"] == ("connected" if listens else "nothing listens")
    assert bool(found[3]["advice"]) is not listens
    assert result.returncode == code


def test_what_a_server_says_first_cannot_harm_a_terminal() -> None:
    with accepting() as (server, where), started("doctor", where) as doctor:
        peer, _ = server.accept()
        with peer:
            peer.sendall(b"\x1b[2J\x07\xff\n")
            shown, _errors = doctor.communicate(timeout=20)
    assert rb"\x1b[2J\x07\xff\n" in shown
    assert not {0x1B, 0x07} & set(shown)


@pytest.mark.parametrize("wrong", [[], ["nonsense"], [":1", "--timeout", "0"], ["127.0.0.1:0"]])
def test_wrong_usage_is_exit_code_2(wrong: list[str]) -> None:
    assert run("doctor", *wrong).returncode == 2
