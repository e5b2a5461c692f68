"""Programs for a POSIX shell: nc (OpenBSD's), openssl, curl, ncat and socat do the work."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final

from netlib.teaching.code import shell_serve
from netlib.teaching.code.literals import decimal, shell_printf, shell_word
from netlib.teaching.code.tasks import (
    Chat,
    Datagrams,
    Fetch,
    Serve,
    Talk,
    Task,
    TimeQuery,
    Trust,
)

HEAD: Final = "#!/bin/sh\n"


def program(task: Task) -> str:
    """Return the program. ValueError: there is none for this."""
    return HEAD + _PROGRAMS[type(task)](task) + "\n"


def _whole(seconds: float) -> int:
    """Return seconds as nc wants them: whole, one at least."""
    return max(round(seconds), 1)


def _printf(data: bytes) -> str:
    return f"printf {shell_printf(data)}"


def _nc(task: Talk | Chat | Datagrams | TimeQuery, *options: str) -> str:
    return " ".join(["nc", *options, shell_word(task.peer.host), str(task.peer.port)])


def _converted(command: str, encoding: str, *, typed: bool) -> str:
    """Return a command whose input, if it is typed, and output are in an encoding."""
    if encoding == "utf-8":
        return command
    before = f"iconv -f utf-8 -t {encoding} | " if typed else ""
    return f"{before}{command} | iconv -f {encoding} -t utf-8"


def _talk(task: Talk) -> str:
    if task.tls is not None:
        said = _printf(b"".join(task.said)) if task.said is not None else "cat"
        return _over_tls(task, task.tls, [said], typed=task.said is None)
    options = ["-N"] if task.half_close else []
    if task.wait:
        options.append(f"-w {_whole(task.wait)}")
    command = _converted(_nc(task, *options), task.encoding, typed=task.said is None)
    return command if task.said is None else f"{_printf(b''.join(task.said))} | {command}"


def _over_tls(task: Talk | Chat, trust: Trust, says: list[str], *, typed: bool) -> str:
    """Return a command over TLS. At the end of its input s_client ends, so that has to wait."""
    peer = task.peer
    named = f"-verify_ip {peer.host} -noservername"
    if not _is_ip(peer.host):
        name = shell_word(peer.host)
        named = f"-servername {name} -verify_hostname {name}"
    words = ["openssl s_client -quiet -no_ign_eof", f"-connect {shell_word(str(peer))}", named]
    if trust.verify:
        words.append("-verify_return_error")
    if trust.ca_file:
        words.append(f"-CAfile {shell_word(trust.ca_file)}")
    if not task.wait:
        raise ValueError("--tls --wait 0")
    command = _converted(" ".join(words), task.encoding, typed=False)
    if typed and task.encoding != "utf-8":
        raise ValueError(f"--tls --encoding {task.encoding}")
    return f"{{ {'; '.join([*says, f'sleep {decimal(task.wait)}'])}; }} |\n    {command}"


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _chat(task: Chat) -> str:
    said = [_printf(f"/name {task.name}\n".encode())] if task.name else []
    if task.tls is not None:
        return _over_tls(task, task.tls, [*said, "cat"], typed=True)
    command = _converted(_nc(task, "-N"), task.encoding, typed=True)
    last = [f"sleep {decimal(task.wait)}"] if task.wait else []
    parts = [*said, "cat", *last]
    if len(parts) == 1:
        return command
    return f"{{ {'; '.join(parts)}; }} | {command}"


def _datagrams(task: Datagrams) -> str:
    """Return a program that writes each reply in a line, as far as nc can: one at a time."""
    if b"" in (task.said or ()):
        raise ValueError("--send ''")  # nc sends no datagram without a byte
    if not task.wait:
        return _at_once(task)
    nc = _converted(_nc(task, "-u", f"-w {_whole(task.wait)}"), task.encoding, typed=False)
    if task.said is None:
        said = "printf '%s' \"$line\""
        return f"while IFS= read -r line; do\n    {said} | {nc}; echo\ndone"
    note = ["# each datagram from a port of its own: nc tells replies apart no other way"]
    lines = [f"{_printf(data)} | {nc}; echo" for data in task.said]
    return "\n".join([*(note if len(lines) > 1 else []), *lines])


def _at_once(task: Datagrams) -> str:
    command = _converted(_nc(task, "-u"), task.encoding, typed=False)
    if task.said is None:
        return f"while IFS= read -r line; do printf '%s' \"$line\"; sleep 0.1; done | {command}"
    parts = "; sleep 0.1; ".join(map(_printf, task.said))
    return f"{{ {parts}; }} | {command}"


def _time(task: TimeQuery) -> str:
    question = {"rfc3339": "获取时间".encode(), "daytime": b"\n"}.get(task.protocol)
    if question is None:
        raise ValueError(task.protocol)
    ask = f"{_printf(question)} | {_nc(task, '-u', f'-w {_whole(task.timeout)}')}; echo"
    if task.queries == 1:
        return ask
    numbers = " ".join(map(str, range(1, task.queries + 1)))
    pause = f"; sleep {decimal(task.interval)}" if task.interval else ""
    return f"for _ in {numbers}; do {ask}{pause}; done"


def _fetch(task: Fetch) -> str:
    if task.request or task.request_file:
        endpoint = task.url.endpoint
        nc = f"nc -N -w {_whole(task.timeout)} {shell_word(endpoint.host)} {endpoint.port}"
        if task.request_file == "-":
            return nc
        if task.request_file:
            return f"{nc} <{shell_word(task.request_file)}"
        return f"{_printf(task.request)} | {nc}"
    words = ["curl", "-sS", "-i", f"--connect-timeout {decimal(task.timeout)}"]
    if task.method != ("POST" if task.body or task.body_file else "GET"):
        words.append("-I" if task.method == "HEAD" else f"-X {shell_word(task.method)}")
    words += [f"-H {shell_word(f'{name}: {value}')}" for name, value in task.headers]
    if task.body_file:
        words.append(f"--data-binary {shell_word('@' + task.body_file)}")
    elif task.body:
        return f"{_printf(task.body)} | {_curl(task, [*words, '--data-binary @-'])}"
    return _curl(task, words)


def _curl(task: Fetch, words: list[str]) -> str:
    if task.ca_file:
        words.append(f"--cacert {shell_word(task.ca_file)}")
    if not task.verify:
        words.append("-k")
    if task.output:  # the status line is shown, the body is not
        words[words.index("-i")] = "-D -"
        words.append(f"-o {shell_word(task.output)}")
    return " ".join([*words, "--globoff", shell_word(str(task.url))])


_PROGRAMS: Final[dict[type, Callable[[Any], str]]] = {
    Talk: _talk,
    Chat: _chat,
    Datagrams: _datagrams,
    TimeQuery: _time,
    Fetch: _fetch,
    Serve: shell_serve.program,
}
