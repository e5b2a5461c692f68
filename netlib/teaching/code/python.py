"""Programs in Python, of its standard library alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from netlib.teaching.code import python_ntp, python_serve
from netlib.teaching.code.literals import decimal, python_bytes, python_text
from netlib.teaching.code.python_parts import NONE, address, imports, inside, lines_of
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


def program(task: Task) -> str:
    """Return the program. ValueError: there is none for this."""
    return _PROGRAMS[type(task)](task)


def _seconds(value: float) -> str:
    return "None" if not value else f"{decimal(value)}"


def _talk(task: Talk) -> str:
    codec = "" if task.encoding == "utf-8" else python_text(task.encoding)
    says = [f"sock.sendall({python_bytes(data, task.encoding)})" for data in task.said or ()]
    if task.said is None:
        says = ["for line in sys.stdin:", f"    sock.sendall(line.encode({codec}))"]
    show = ["while data := sock.recv(65536):", "    sys.stdout.buffer.write(data)"]
    if codec:
        show = [
            f'decoder = codecs.getincrementaldecoder({codec})("backslashreplace")',
            "while data := sock.recv(65536):",
            '    print(decoder.decode(data), end="")',
        ]
    end = ["sock.shutdown(socket.SHUT_WR)"] if task.half_close else []
    if task.tls is not None and task.half_close:
        end = ["# ssl closes no single direction: this ends when nothing comes any more"]
    if not task.half_close or task.tls is not None:
        show = ["try:", *inside(show), "except TimeoutError:", "    pass"]
    names = ["socket", *["ssl"] * (task.tls is not None), *["codecs"] * bool(codec)]
    return lines_of(
        imports(*names, *["sys"] * (not codec or task.said is None)),
        *_connected(task),
        *inside([*says, *end, f"sock.settimeout({_seconds(task.wait)})", *show]),
    )


def _connected(task: Talk) -> list[str]:
    """Return what begins a block with a connection, whose name is sock."""
    connects = f"socket.create_connection({address(*_pair(task))}, timeout={decimal(task.timeout)})"
    if task.tls is None:
        return [f"with {connects} as sock:"]
    secures = f"context.wrap_socket(plain, server_hostname={python_text(task.peer.host)})"
    return [
        *_trust(task.tls),
        "with (",
        f"    {connects} as plain,",
        f"    {secures} as sock,",
        "):",
    ]


def _trust(trust: Trust) -> list[str]:
    """Return what says whom to trust."""
    ca = f"cafile={python_text(trust.ca_file)}" if trust.ca_file else ""
    found = [f"context = ssl.create_default_context({ca})"]
    if not trust.verify:
        found += ["context.check_hostname = False", "context.verify_mode = ssl.CERT_NONE"]
    return found


def _pair(task: Any) -> tuple[str, int]:
    return task.peer.host, task.peer.port


def _chat(task: Chat) -> str:
    if task.tls is not None:
        return _chat_over_tls(task, task.tls)
    codec = python_text(task.encoding)
    name = python_bytes(f"/name {task.name}\n".encode(task.encoding), task.encoding)
    last = f"time.sleep({decimal(task.wait)})" if task.wait else "shower.join()"
    where = address(*_pair(task))
    return lines_of(
        imports("socket", "sys", "threading", *(["time"] if task.wait else [])),
        f"sock = socket.create_connection({where}, timeout={decimal(task.timeout)})",
        "sock.settimeout(None)",
        f"sock.sendall({name})" if task.name else NONE,
        "",
        "",
        "def show():",
        f'    for line in sock.makefile(encoding={codec}, errors="backslashreplace"):',
        '        print(line, end="", flush=True)',
        "",
        "",
        "shower = threading.Thread(target=show, daemon=True)",
        "shower.start()",
        "for line in sys.stdin:",
        f"    sock.sendall(line.encode({codec}))",
        last,
    )


def _chat_over_tls(task: Chat, trust: Trust) -> str:
    """Return the program with asyncio: two threads must not use one TLS connection at once."""
    codec = python_text(task.encoding)
    name = python_bytes(f"/name {task.name}\n".encode(task.encoding), task.encoding)
    host, port = _pair(task)
    return lines_of(
        imports("asyncio", "ssl", "sys"),
        "",
        "async def show(reader):",
        "    while line := await reader.readline():",
        f'        print(line.decode({codec}, "backslashreplace"), end="", flush=True)',
        "",
        "",
        "async def main():",
        *inside(_trust(trust)),
        f"    connecting = asyncio.open_connection({python_text(host)}, {port}, ssl=context)",
        f"    reader, writer = await asyncio.wait_for(connecting, {decimal(task.timeout)})",
        "    shower = asyncio.create_task(show(reader))",
        f"    writer.write({name})" if task.name else NONE,
        "    while line := await asyncio.to_thread(sys.stdin.readline):",
        f"        writer.write(line.encode({codec}))",
        f"    await asyncio.wait([shower], timeout={_seconds(task.wait)})",
        "",
        "",
        "asyncio.run(main())",
    )


def _socket_of(task: Datagrams | TimeQuery) -> list[str]:
    """Return how a UDP socket gets its peer, IPv4 or IPv6."""
    host, port = _pair(task)
    return [
        f"family, kind, _, _, peer = socket.getaddrinfo({python_text(host)}, {port},",
        "                                               type=socket.SOCK_DGRAM)[0]",
        "sock = socket.socket(family, kind)",
        "sock.connect(peer)",
    ]


def _datagrams(task: Datagrams) -> str:
    codec = "" if task.encoding == "utf-8" else python_text(task.encoding)
    decodes = f'{codec or python_text("utf-8")}, "backslashreplace"'
    says = [f"sock.send({python_bytes(data, task.encoding)})" for data in task.said or ()]
    if task.said is None:
        says = ["for line in sys.stdin:", f'    sock.send(line.rstrip("\\n").encode({codec}))']
    return lines_of(
        imports("socket", *(["sys"] if task.said is None else [])),
        *_socket_of(task),
        *says,
        f"sock.settimeout({_seconds(task.wait)})",
        "try:",
        "    while True:",
        f"        print(sock.recv(65535).decode({decodes}))",
        "except TimeoutError:",
        "    pass",
    )


def _time(task: TimeQuery) -> str:
    if task.protocol == "ntp":
        names, ask = ["struct"], list(python_ntp.QUERY)
        return _asked(task, names, ask)
    question = {"rfc3339": "获取时间".encode(), "daytime": b"\n"}[task.protocol]
    ask = [
        "begun = time.perf_counter()",
        f"sock.send({python_bytes(question)})",
        "try:",
        "    reply = sock.recv(65535).decode()",
        '    print(reply, f"{(time.perf_counter() - begun) * 1000:.1f} ms")',
        "except TimeoutError:",
        '    print("timed out")',
    ]
    return _asked(task, [], ask)


def _asked(task: TimeQuery, names: list[str], ask: list[str]) -> str:
    """Return a program that asks as often as it shall."""
    if task.queries > 1:
        pause = [f"time.sleep({decimal(task.interval)})"] if task.interval else []
        ask = [f"for _ in range({task.queries}):", *inside([*ask, *pause])]
    return lines_of(
        imports("socket", "time", *names),
        *_socket_of(task),
        f"sock.settimeout({decimal(task.timeout)})",
        *ask,
    )


def _fetch(task: Fetch) -> str:
    show = [
        'print(f"HTTP/{reply.version / 10} {reply.status} {reply.reason}")',
        'print(reply.read().decode(errors="replace"), end="")',
    ]
    if task.output:
        file = f'with open({python_text(task.output)}, "wb") as file:'
        show[1:] = [file, "    file.write(reply.read())"]
    raw = task.request or task.request_file
    names, lines = _unchanged(task) if raw else _request(task)
    return lines_of(imports("http.client", *names), *lines, *show)


def _unchanged(task: Fetch) -> tuple[list[str], list[str]]:
    """Return what sends a request byte for byte."""
    request, names = python_bytes(task.request), ["socket"]
    if task.request_file:
        request, more = _file(task.request_file)
        names += more
    endpoint = task.url.endpoint
    where = address(endpoint.host, endpoint.port)
    return names, [
        f"sock = socket.create_connection({where}, timeout={decimal(task.timeout)})",
        f"sock.sendall({request})",
        "reply = http.client.HTTPResponse(sock)",
        "reply.begin()",
    ]


def _file(name: str) -> tuple[str, list[str]]:
    """Return what reads a file, or standard input, and what has to be imported for it."""
    if name == "-":
        return "sys.stdin.buffer.read()", ["sys"]
    return f'open({python_text(name)}, "rb").read()', []


def _request(task: Fetch) -> tuple[list[str], list[str]]:
    """Return what sends a request as http.client makes it."""
    trust = []
    if task.url.scheme == "https" and (task.ca_file or not task.verify):  # else as the system does
        trust = _trust(Trust(task.ca_file, task.verify))
    names = ["ssl"] if trust else []
    arguments = [python_text(task.method), python_text(task.url.target)]
    if task.body_file:
        read, more = _file(task.body_file)
        names += more
        arguments.append(f"body={read}")
    elif task.body:
        arguments.append(f"body={python_bytes(task.body)}")
    endpoint = task.url.endpoint
    kind = "HTTPSConnection" if task.url.scheme == "https" else "HTTPConnection"
    rest = f"timeout={decimal(task.timeout)}" + (", context=context" if trust else "")
    where = f"{python_text(endpoint.host)}, {endpoint.port}"
    lines = [*trust, f"connection = http.client.{kind}({where}, {rest})"]
    if task.headers:
        pairs = [f"{python_text(name)}: {python_text(value)}," for name, value in task.headers]
        lines += ["headers = {", *inside(pairs), "}"]
        arguments.append("headers=headers")
    lines += [f"connection.request({', '.join(arguments)})", "reply = connection.getresponse()"]
    return names, lines


_PROGRAMS: Final[dict[type, Callable[[Any], str]]] = {
    Talk: _talk,
    Chat: _chat,
    Datagrams: _datagrams,
    TimeQuery: _time,
    Fetch: _fetch,
    Serve: python_serve.program,
}
