"""Programs for a POSIX shell: nc (OpenBSD's), curl, ncat and socat do the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from netlib.teaching.code.literals import shell_printf, shell_word
from netlib.teaching.code.tasks import Chat, Datagrams, Fetch, Serve, Talk, Task, TimeQuery

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
    options = ["-N"] if task.half_close else []
    if task.wait:
        options.append(f"-w {_whole(task.wait)}")
    command = _converted(_nc(task, *options), task.encoding, typed=task.said is None)
    return command if task.said is None else f"{_printf(b''.join(task.said))} | {command}"


def _chat(task: Chat) -> str:
    command = _converted(_nc(task, "-N"), task.encoding, typed=True)
    said = [_printf(f"/name {task.name}\n".encode())] if task.name else []
    last = [f"sleep {task.wait:g}"] if task.wait else []
    parts = [*said, "cat", *last]
    if len(parts) == 1:
        return command
    return f"{{ {'; '.join(parts)}; }} | {command}"


def _datagrams(task: Datagrams) -> str:
    command = _nc(task, "-u", *([f"-w {_whole(task.wait)}"] if task.wait else []))
    command = _converted(command, task.encoding, typed=False)
    if task.said is None:
        return f"while IFS= read -r line; do printf '%s' \"$line\"; sleep 0.1; done | {command}"
    if len(task.said) == 1:
        return f"{_printf(task.said[0])} | {command}; echo"
    parts = "; sleep 0.1; ".join(map(_printf, task.said))
    return f"{{ {parts}; }} | {command}; echo"


def _time(task: TimeQuery) -> str:
    ask = f"{_printf('获取时间'.encode())} | {_nc(task, '-u', f'-w {_whole(task.timeout)}')}; echo"
    if task.queries == 1:
        return ask
    numbers = " ".join(map(str, range(1, task.queries + 1)))
    pause = f"; sleep {task.interval:g}" if task.interval else ""
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
    words = ["curl", "-sS", "-i", f"--connect-timeout {task.timeout:g}"]
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


_STREAM: Final = {
    "acknowledge": "while IFS= read -r line; do printf '已接收: %s\\n' \"$line\"; done",
    "echo": "cat",
}
"""What answers a client: its input is what the client says."""

_DATAGRAM: Final = {
    "echo": "EXEC:cat",
    "time": "SYSTEM:'cat >/dev/null; date +%Y-%m-%dT%H\\:%M\\:%S%\\:z'",
}
"""What answers a datagram, as an address of socat's."""


def _serve(task: Serve) -> str:
    host = task.host or "0.0.0.0"
    if task.service == "chat" and not task.udp:
        return f"ncat --listen --broker {shell_word(host)} {task.port}"
    if task.udp and task.service in _DATAGRAM:
        kind, address = ("UDP6", f"[{host}]") if ":" in host else ("UDP4", host)
        listen = f"{kind}-RECVFROM:{task.port},bind={address},fork"
        return f"socat {shell_word(listen)} {_DATAGRAM[task.service]}"
    if task.udp or task.service not in _STREAM:
        raise ValueError(task.service)
    kind, address = ("TCP6", f"[{host}]") if ":" in host else ("TCP4", host)
    listen = shell_word(f"{kind}-LISTEN:{task.port},bind={address},fork,reuseaddr")
    return "\n".join(
        (
            'if [ "$1" = client ]; then',
            f"    {_STREAM[task.service]}",
            "else  # for each client this program, once more",
            f'    socat {listen} EXEC:"sh $0 client"',
            "fi",
        )
    )


_PROGRAMS: Final[dict[type, Callable[[Any], str]]] = {
    Talk: _talk,
    Chat: _chat,
    Datagrams: _datagrams,
    TimeQuery: _time,
    Fetch: _fetch,
    Serve: _serve,
}
