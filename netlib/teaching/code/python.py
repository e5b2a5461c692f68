"""Programs in Python, of its standard library alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from netlib.teaching.code.literals import python_bytes, python_text
from netlib.teaching.code.tasks import Chat, Datagrams, Fetch, Serve, Talk, Task, TimeQuery


def program(task: Task) -> str:
    """Return the program. ValueError: there is none for this."""
    return _PROGRAMS[type(task)](task)


def _lines(*lines: str) -> str:
    """Return a program; an empty line stands where a part is empty but for blanks."""
    return "\n".join(line for line in lines if line is not _NONE) + "\n"


_NONE: Final = "\0"
"""In place of a line that is not there."""


def _imports(*names: str) -> str:
    return "\n".join(f"import {name}" for name in sorted(names)) + "\n"


def _address(host: str, port: int) -> str:
    return f"({python_text(host)}, {port})"


def _seconds(value: float) -> str:
    return "None" if not value else f"{value:g}"


def _talk(task: Talk) -> str:
    says = [f"    sock.sendall({python_bytes(data, task.encoding)})" for data in task.said or ()]
    codec = "" if task.encoding == "utf-8" else python_text(task.encoding)
    if task.said is None:
        says = ["    for line in sys.stdin:", f"        sock.sendall(line.encode({codec}))"]
    show = ["    while data := sock.recv(65536):", "        sys.stdout.buffer.write(data)"]
    if codec:
        show = [
            '    data = b"".join(iter(lambda: sock.recv(65536), b""))',
            f'    print(data.decode({codec}, "replace"), end="")',
        ]
    if not task.half_close:
        show = ["    try:", *_inside(show), "    except TimeoutError:", "        pass"]
    where = _address(*_pair(task))
    return _lines(
        _imports("socket", *(["sys"] if not codec or task.said is None else [])),
        f"with socket.create_connection({where}, timeout={task.timeout:g}) as sock:",
        *says,
        "    sock.shutdown(socket.SHUT_WR)" if task.half_close else _NONE,
        f"    sock.settimeout({_seconds(task.wait)})",
        *show,
    )


def _inside(lines: Iterable[str]) -> list[str]:
    """Return lines inside a block."""
    return [f"    {line}" for line in lines]


def _pair(task: Any) -> tuple[str, int]:
    return task.peer.host, task.peer.port


def _chat(task: Chat) -> str:
    codec = python_text(task.encoding)
    name = python_bytes(f"/name {task.name}\n".encode(task.encoding), task.encoding)
    last = f"time.sleep({task.wait:g})" if task.wait else "shower.join()"
    return _lines(
        _imports("socket", "sys", "threading", *(["time"] if task.wait else [])),
        f"sock = socket.create_connection({_address(*_pair(task))}, timeout={task.timeout:g})",
        "sock.settimeout(None)",
        f"sock.sendall({name})" if task.name else _NONE,
        "",
        "",
        "def show():",
        f'    for line in sock.makefile(encoding={codec}, errors="replace"):',
        '        print(line, end="", flush=True)',
        "",
        "",
        "shower = threading.Thread(target=show, daemon=True)",
        "shower.start()",
        "for line in sys.stdin:",
        f"    sock.sendall(line.encode({codec}))",
        last,
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
    says = [f"sock.send({python_bytes(data, task.encoding)})" for data in task.said or ()]
    if task.said is None:
        says = ["for line in sys.stdin:", f'    sock.send(line.rstrip("\\n").encode({codec}))']
    return _lines(
        _imports("socket", *(["sys"] if task.said is None else [])),
        *_socket_of(task),
        *says,
        f"sock.settimeout({_seconds(task.wait)})",
        "try:",
        "    while True:",
        f'        print(sock.recv(65535).decode({codec or python_text("utf-8")}, "replace"))',
        "except TimeoutError:",
        "    pass",
    )


def _time(task: TimeQuery) -> str:
    ask = [
        "begun = time.perf_counter()",
        f"sock.send({python_bytes('获取时间'.encode())})",
        "try:",
        "    reply = sock.recv(65535).decode()",
        '    print(reply, f"{(time.perf_counter() - begun) * 1000:.1f} ms")',
        "except TimeoutError:",
        '    print("timed out")',
    ]
    if task.queries > 1:
        pause = [f"time.sleep({task.interval:g})"] if task.interval else []
        ask = [f"for _ in range({task.queries}):", *_inside([*ask, *pause])]
    return _lines(
        _imports("socket", "time"), *_socket_of(task), f"sock.settimeout({task.timeout:g})", *ask
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
    return _lines(_imports("http.client", *names), *lines, *show)


def _unchanged(task: Fetch) -> tuple[list[str], list[str]]:
    """Return what sends a request byte for byte."""
    request, names = python_bytes(task.request), ["socket"]
    if task.request_file:
        request, more = _file(task.request_file)
        names += more
    endpoint = task.url.endpoint
    where = _address(endpoint.host, endpoint.port)
    return names, [
        f"sock = socket.create_connection({where}, timeout={task.timeout:g})",
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
    trust = _trust(task)
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
    rest = f"timeout={task.timeout:g}" + (", context=context" if trust else "")
    where = f"{python_text(endpoint.host)}, {endpoint.port}"
    lines = [*trust, f"connection = http.client.{kind}({where}, {rest})"]
    if task.headers:
        pairs = [f"{python_text(name)}: {python_text(value)}," for name, value in task.headers]
        lines += ["headers = {", *_inside(pairs), "}"]
        arguments.append("headers=headers")
    lines += [f"connection.request({', '.join(arguments)})", "reply = connection.getresponse()"]
    return names, lines


def _trust(task: Fetch) -> list[str]:
    """Return what says whom to trust, where it is not whom the system trusts."""
    if task.url.scheme != "https" or (task.verify and not task.ca_file):
        return []
    ca = f"cafile={python_text(task.ca_file)}" if task.ca_file else ""
    lines = [f"context = ssl.create_default_context({ca})"]
    if not task.verify:
        lines += ["context.check_hostname = False", "context.verify_mode = ssl.CERT_NONE"]
    return lines


_STREAM: Final = {
    "acknowledge": (
        "for line in self.rfile:",
        '    if line.endswith(b"\\n"):',
        '        self.wfile.write("已接收: ".encode() + line)',
    ),
    "echo": ("while data := self.request.recv(65536):", "    self.request.sendall(data)"),
    "chat": (
        "clients.append(self)",
        "try:",
        "    for line in self.rfile:",
        "        for other in clients:",
        "            if other is not self:",
        "                other.wfile.write(line)",
        "finally:",
        "    clients.remove(self)",
    ),
}
"""What a server does with each client."""

_PAGE: Final = (
    "def do_GET(self):",
    '    page = b"<h1>It works</h1>\\n"',
    "    self.send_response(200)",
    '    self.send_header("Content-Type", "text/html; charset=utf-8")',
    '    self.send_header("Content-Length", str(len(page)))',
    "    self.end_headers()",
    "    self.wfile.write(page)",
)

_ANSWER: Final = {
    "acknowledge": '"已接收: ".encode() + data',
    "echo": "data",
    "time": 'datetime.datetime.now().astimezone().isoformat(timespec="seconds").encode()',
}
"""What a server answers to each datagram."""


def _serve(task: Serve) -> str:
    if task.udp and task.service in _ANSWER:
        return _serve_udp(task)
    if task.udp or task.service not in {*_STREAM, "web"}:
        raise ValueError(task.service)
    web, six = task.service == "web", ":" in task.host
    library = "http.server" if web else "socketserver"
    handler = "BaseHTTPRequestHandler" if web else "StreamRequestHandler"
    server = "ThreadingHTTPServer" if web else "ThreadingTCPServer"
    does = _PAGE if web else ("def handle(self):", *_inside(_STREAM[task.service]))
    settings = [] if web else ["allow_reuse_address = True", "daemon_threads = True"]
    settings += ["address_family = socket.AF_INET6"] if six else []
    return _lines(
        _imports(library, *(["socket"] if six else [])),
        "clients = []\n" if task.service == "chat" else _NONE,
        "",
        f"class Handler({library}.{handler}):",
        *_inside(does),
        "",
        "",
        f"class Server({library}.{server}):",
        *_inside(settings or ["pass"]),
        "",
        "",
        f"with Server({_address(task.host, task.port)}, Handler) as server:",
        "    server.serve_forever()",
    )


def _serve_udp(task: Serve) -> str:
    kind = "AF_INET6" if ":" in task.host else "AF_INET"
    return _lines(
        _imports("socket", *(["datetime"] if task.service == "time" else [])),
        f"sock = socket.socket(socket.{kind}, socket.SOCK_DGRAM)",
        f"sock.bind({_address(task.host, task.port)})",
        "while True:",
        "    data, peer = sock.recvfrom(65535)",
        f"    sock.sendto({_ANSWER[task.service]}, peer)",
    )


_PROGRAMS: Final[dict[type, Callable[[Any], str]]] = {
    Talk: _talk,
    Chat: _chat,
    Datagrams: _datagrams,
    TimeQuery: _time,
    Fetch: _fetch,
    Serve: _serve,
}
