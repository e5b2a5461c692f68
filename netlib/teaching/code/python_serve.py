"""Servers in Python, of its standard library alone."""

from __future__ import annotations

from typing import Final

from netlib.teaching.code import python_ntp
from netlib.teaching.code.literals import decimal, plus, python_text
from netlib.teaching.code.python_parts import address, imports, inside, lines_of
from netlib.teaching.code.tasks import Serve

WORDS: Final = (
    ("accept", "bind", "byte", "café", "client", "datagram", "Ethernet", "handshake", "listen"),
    ("naïve", "packet", "port", "router", "server", "socket", "stream", "Straße", "套接字", "网络"),
)
"""What a word server says, in the lines in which they are written."""

_STREAM: Final = {
    "acknowledge": (
        "for line in self.rfile:",
        '    if line.endswith(b"\\n"):',
        '        self.wfile.write("已接收: ".encode() + line)',
    ),
    "echo": ("while data := self.request.recv(65536):", "    self.request.sendall(data)"),
    "uppercase": (
        "while data := self.request.recv(65536):",
        "    self.request.sendall(data.upper())",
    ),
    "count": (
        "data = self.rfile.read()  # up to the client's FIN",
        'lines = data.count(b"\\n")',
        'self.wfile.write(f"{len(data)} bytes, {lines} lines\\n".encode())',
    ),
    "words": (
        "for word in random.choices(WORDS, k=random.randint(1, 10)):",
        "    data = word.encode()",
        '    self.wfile.write(len(data).to_bytes(2, "big") + data)',
    ),
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
    "smtp": (
        'self.say("220 ready; mail is shown, never sent")',
        "for line in self.rfile:",
        "    command = line.strip().upper()",
        '    if command == b"QUIT":',
        '        self.say("221 Bye")',
        "        return",
        '    if command == b"DATA":',
        '        self.say("354 Type the mail; it ends with a line that holds a single dot")',
        '        more = itertools.takewhile(lambda line: line.strip() != b".", self.rfile)',
        "        for text in [*more]:  # of two dots that begin a line one is shown",
        '            shown = text.removeprefix(b".").decode(errors="replace").rstrip()',
        '            self.say("250-  | " + shown)',
        '        self.say("250 It was accepted and shown; it is never sent")',
        '    elif command.startswith((b"HELO", b"EHLO", b"MAIL FROM:", b"RCPT TO:", b"RSET")):',
        '        self.say("250 OK")',
        "    else:",
        '        self.say("500 Command not known")',
    ),
}
"""What a server does with each client."""

_SAY: Final = (
    "",
    "def say(self, line):",
    '    self.wfile.write(line.encode() + b"\\r\\n")',
)

_FINISH: Final = (
    "",
    "def finish(self):",
    "    super().finish()",
    "    with contextlib.suppress(OSError):  # the client may be gone",
    "        self.request.unwrap()  # close_notify",
)

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
    "uppercase": "data.upper()",
    "pinger": "data.upper()",
}
"""What a server answers to each datagram."""

_USES: Final = {
    "time": ["datetime"],
    "daytime": ["time"],
    "pinger": ["random"],
    "words": ["random"],
    "smtp": ["itertools"],
}
"""What a service needs of the standard library, beside sockets."""


def program(task: Serve) -> str:
    """Return the program. ValueError: there is none for this."""
    return _datagrams(task) if task.udp else _stream(task)


def _told(task: Serve) -> str:
    """Return what says the time, by a clock that is as wrong as it shall be."""
    ahead = task.clock_offset
    if task.service == "time":
        more = f" + datetime.timedelta(seconds={decimal(ahead)})" if ahead else ""
        now = f"(datetime.datetime.now(){more})" if more else "datetime.datetime.now()"
        return f'{now}.astimezone().isoformat(timespec="seconds").encode()'
    now = f"time.gmtime(time.time(){plus(ahead)})" if ahead else "time.gmtime()"
    return f'time.strftime("%A, %B %d, %Y %H:%M:%S-UTC\\r\\n", {now}).encode()'


def _before(task: Serve) -> list[str]:
    """Return what stands before the classes."""
    if task.service == "chat":
        return ["clients = []", ""]
    if task.service == "words":
        lines = [", ".join(map(python_text, line)) + "," for line in WORDS]
        return ["WORDS = [", *inside(lines), "]", f"random.seed({task.seed})", ""]
    return []


def _stream(task: Serve) -> str:
    stream = _STREAM | {"daytime": (f"self.wfile.write({_told(task)})",), "web": _PAGE}
    if task.service not in stream:
        raise ValueError(task.service)
    web, six = task.service == "web", ":" in task.host
    library = "http.server" if web else "socketserver"
    handler = "BaseHTTPRequestHandler" if web else "StreamRequestHandler"
    server = "ThreadingHTTPServer" if web else "ThreadingTCPServer"
    does = _PAGE if web else ("def handle(self):", *inside(stream[task.service]))
    settings = [] if web else ["allow_reuse_address = True", "daemon_threads = True"]
    settings += ["address_family = socket.AF_INET6"] if six else []
    secure = _secure(task)
    uses = [*(["socket"] if six else []), *(["contextlib", "ssl"] if secure else [])]
    return lines_of(
        imports(library, *uses, *_USES.get(task.service, [])),
        *_before(task),
        "",
        f"class Handler({library}.{handler}):",
        *inside(does),
        *(inside(_SAY) if task.service == "smtp" else ()),
        *(inside(_FINISH) if secure else ()),
        "",
        "",
        f"class Server({library}.{server}):",
        *inside(settings or ["pass"]),
        "",
        "",
        f"with Server({address(task.host, task.port)}, Handler) as server:",
        *inside(secure),
        "    server.serve_forever()",
    )


def _secure(task: Serve) -> list[str]:
    """Return what lets a server speak TLS; the handshake waits for who serves the client."""
    if task.tls is None:
        return []
    files = f"{python_text(task.tls.cert_file)}, {python_text(task.tls.key_file)}"
    return [
        "context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)",
        f"context.load_cert_chain({files})",
        "server.socket = context.wrap_socket(",
        "    server.socket, server_side=True, do_handshake_on_connect=False)",
    ]


def _datagrams(task: Serve) -> str:
    kind = "AF_INET6" if ":" in task.host else "AF_INET"
    bound = [
        f"sock = socket.socket(socket.{kind}, socket.SOCK_DGRAM)",
        f"sock.bind({address(task.host, task.port)})",
        "while True:",
        "    data, peer = sock.recvfrom(65535)",
    ]
    if task.service == "ntp":
        before, answer = python_ntp.answer(task.clock_offset)
        return lines_of(imports("socket", "struct", "time"), *before, *bound, *inside(answer))
    answers = _ANSWER | {name: _told(task) for name in ("time", "daytime")}
    if task.service not in answers:
        raise ValueError(task.service)
    send = [f"sock.sendto({answers[task.service]}, peer)"]
    if task.service == "pinger":
        bound.insert(0, f"random.seed({task.seed})")
        send = [f"if random.random() >= {decimal(task.loss)}:", *inside(send)]
    uses = _USES.get(task.service, [])
    return lines_of(imports("socket", *uses), *bound, *inside(send))
