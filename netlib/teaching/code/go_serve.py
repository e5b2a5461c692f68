"""Servers in Go, of its standard library alone, laid out as gofmt does."""

from __future__ import annotations

from typing import Final

from netlib.teaching.code import go_ntp
from netlib.teaching.code.go_parts import CHECK, Parts, duration
from netlib.teaching.code.literals import decimal, go_text
from netlib.teaching.code.python_serve import WORDS
from netlib.teaching.code.tasks import Serve
from netlib.value import NamedTuple

_SMTP: Final = """
func serve(conn net.Conn) {
\tdefer conn.Close()
\tio.WriteString(conn, "220 ready; mail is shown, never sent\\r\\n")
\tlines := bufio.NewScanner(conn)
\tfor lines.Scan() {
\t\tcommand := strings.ToUpper(strings.TrimSpace(lines.Text()))
\t\tverb, _, _ := strings.Cut(command, " ")
\t\tswitch verb {
\t\tcase "QUIT":
\t\t\tio.WriteString(conn, "221 Bye\\r\\n")
\t\t\treturn
\t\tcase "DATA":
\t\t\tio.WriteString(conn, "354 Type the mail; it ends with a line that holds a single dot\\r\\n")
\t\t\tmail := ""
\t\t\tfor lines.Scan() && lines.Text() != "." {
\t\t\t\t// of two dots that begin a line one is shown
\t\t\t\tmail += "250-  | " + strings.TrimPrefix(lines.Text(), ".") + "\\r\\n"
\t\t\t}
\t\t\tio.WriteString(conn, mail+"250 It was accepted and shown; it is never sent\\r\\n")
\t\tcase "HELO", "EHLO", "MAIL", "RCPT", "RSET":
\t\t\tio.WriteString(conn, "250 OK\\r\\n")
\t\tdefault:
\t\t\tio.WriteString(conn, "500 Command not known\\r\\n")
\t\t}
\t}
}
"""

_CHAT: Final = """
var (
\tmutex   sync.Mutex
\tclients = map[net.Conn]bool{}
)

func serve(conn net.Conn) {
\tdefer conn.Close()
\tmutex.Lock()
\tclients[conn] = true
\tmutex.Unlock()
\tlines := bufio.NewReader(conn)
\tfor {
\t\tline, err := lines.ReadString('\\n')
\t\tmutex.Lock()
\t\tif err != nil {
\t\t\tdelete(clients, conn)
\t\t\tmutex.Unlock()
\t\t\treturn
\t\t}
\t\tfor other := range clients {
\t\t\tif other != conn {
\t\t\t\tio.WriteString(other, line)
\t\t\t}
\t\t}
\t\tmutex.Unlock()
\t}
}
"""

_ACKNOWLEDGE: Final = """
func serve(conn net.Conn) {
\tdefer conn.Close()
\tlines := bufio.NewReader(conn)
\tfor {
\t\tline, err := lines.ReadString('\\n')
\t\tif err != nil {
\t\t\treturn
\t\t}
\t\tio.WriteString(conn, "已接收: "+line)
\t}
}
"""

_ECHO: Final = """
func serve(conn net.Conn) {
\tdefer conn.Close()
\tio.Copy(conn, conn)
}
"""

_COUNT: Final = """
func serve(conn net.Conn) {
\tdefer conn.Close()
\tdata, _ := io.ReadAll(conn) // up to the client's FIN
\tfmt.Fprintf(conn, "%d bytes, %d lines\\n", len(data), bytes.Count(data, []byte("\\n")))
}
"""

_UPPERCASE: Final = """
func serve(conn net.Conn) {
\tdefer conn.Close()
\tbuffer := make([]byte, 65535)
\tfor {
\t\tn, err := conn.Read(buffer)
\t\tif err != nil {
\t\t\treturn
\t\t}
\t\tconn.Write(upper(buffer[:n]))
\t}
}
"""

_WORDS: Final = """
func serve(conn net.Conn) {
\tdefer conn.Close()
\tfor n := 1 + rand.Intn(10); n > 0; n-- {
\t\tword := words[rand.Intn(len(words))]
\t\tio.WriteString(conn, string([]byte{byte(len(word) >> 8), byte(len(word))})+word)
\t}
}
"""

_ENDS_TLS: Final = """\
\tconn.(*tls.Conn).CloseWrite()
\tio.Copy(io.Discard, conn) // closed with its close_notify unread, it would be reset
}
"""
"""How a server ends that has said all it had to say."""

_UPPER: Final = """
func upper(data []byte) []byte { // ASCII alone, as no character is spoilt then
\tfor i, b := range data {
\t\tif 'a' <= b && b <= 'z' {
\t\t\tdata[i] = b - 32
\t\t}
\t}
\treturn data
}
"""


class _Part(NamedTuple):
    """Of a service what it needs of the library, and the functions after main."""

    names: tuple[str, ...]
    functions: tuple[str, ...]


_STREAM: Final = {
    "acknowledge": _Part(("bufio", "io"), (_ACKNOWLEDGE,)),
    "echo": _Part(("io",), (_ECHO,)),
    "chat": _Part(("bufio", "io", "sync"), (_CHAT,)),
    "count": _Part(("bytes", "io"), (_COUNT,)),
    "uppercase": _Part((), (_UPPERCASE, _UPPER)),
    "smtp": _Part(("bufio", "io", "strings"), (_SMTP,)),
}
_ANSWER: Final = {
    "acknowledge": ('append([]byte("已接收: "), buffer[:n]...)', _Part((), ())),
    "echo": ("buffer[:n]", _Part((), ())),
    "uppercase": ("upper(buffer[:n])", _Part((), (_UPPER,))),
    "pinger": ("upper(buffer[:n])", _Part(("math/rand",), (_UPPER,))),
}
"""What a server answers to each datagram."""
_DAYTIME: Final = '"Monday, January 02, 2006 15:04:05-UTC\\r\\n"'
_SEEDED: Final = "chance := rand.New(rand.NewSource({})) // Go's: not what Python's would be"


def program(task: Serve) -> Parts:
    """Return names of packages, the lines of main, functions. ValueError: there is none."""
    return _datagrams(task) if task.udp else _stream(task)


def _where(task: Serve) -> str:
    host = f"[{task.host}]" if ":" in task.host else task.host
    return go_text(f"{host}:{task.port}".encode())


def _clock(task: Serve) -> str:
    """Return the function that tells a time as wrong as it shall be."""
    ahead = f".Add({duration(task.clock_offset)})" if task.clock_offset else ""
    return f"\nfunc now() time.Time {{\n\treturn time.Now(){ahead}\n}}\n"


def _stream(task: Serve) -> Parts:
    part, before = _STREAM.get(task.service), list[str]()
    if task.service == "daytime":
        told = f"io.WriteString(conn, now().UTC().Format({_DAYTIME}))"
        does = f"\nfunc serve(conn net.Conn) {{\n\tdefer conn.Close()\n\t{told}\n}}\n"
        part = _Part(("io", "time"), (_ended(does, task), _clock(task)))
    elif task.service == "words":
        listed = "".join(f"\t{', '.join(go_text(w.encode()) for w in line)},\n" for line in WORDS)
        before = [f"rand.Seed({task.seed}) // Go's chance: not what Python's would be"]
        does = _ended(_WORDS, task)
        part = _Part(("io", "math/rand"), (f"\nvar words = []string{{\n{listed}}}\n", does))
    elif task.service == "web":
        return _web(task)
    if part is None:
        raise ValueError(task.service)
    names, listens = _listener(task)
    body = [
        *before,
        *listens,
        "check(err)",
        "for {",
        "\tconn, err := listener.Accept()",
        "\tcheck(err)",
        "\tgo serve(conn)",
        "}",
    ]
    return ["fmt", "net", "os", *names, *part.names], body, *part.functions, CHECK


def _ended(does: str, task: Serve) -> str:
    return does if task.tls is None else does.removesuffix("}\n") + _ENDS_TLS


def _listener(task: Serve) -> tuple[list[str], list[str]]:
    """Return what a listener needs of the library, and the lines that make it."""
    if task.tls is None:
        return [], [f'listener, err := net.Listen("tcp", {_where(task)})']
    files = ", ".join(go_text(name.encode()) for name in task.tls)
    config = "&tls.Config{Certificates: []tls.Certificate{pair}}"
    return ["crypto/tls"], [
        f"pair, err := tls.LoadX509KeyPair({files})",
        "check(err)",
        f'listener, err := tls.Listen("tcp", {_where(task)}, {config})',
    ]


def _web(task: Serve) -> Parts:
    serve = f"http.ListenAndServe({_where(task)}, nil)"
    if task.tls is not None:
        files = ", ".join(go_text(name.encode()) for name in task.tls)
        serve = f"http.ListenAndServeTLS({_where(task)}, {files}, nil)"
    body = [
        'http.HandleFunc("/", func(reply http.ResponseWriter, request *http.Request) {',
        '\treply.Header().Set("Content-Type", "text/html; charset=utf-8")',
        '\tio.WriteString(reply, "<h1>It works</h1>\\n")',
        "})",
        f"check({serve})",
    ]
    return ["fmt", "io", "net/http", "os"], body, CHECK


def _datagrams(task: Serve) -> Parts:
    names, functions = ["fmt", "net", "os"], [CHECK]
    before: list[str] = []
    size = "n"
    if task.service in _ANSWER:
        answer, part = _ANSWER[task.service]
        names, functions = [*names, *part.names], [*part.functions, CHECK]
        does = [f"conn.WriteTo({answer}, peer)"]
        if task.service == "pinger":
            before = [_SEEDED.format(task.seed)]
            does = [f"if chance.Float64() >= {decimal(task.loss)} {{", f"\t{does[0]}", "}"]
    elif task.service in ("time", "daytime"):
        told = "now().Format(time.RFC3339)"
        told = told if task.service == "time" else f"now().UTC().Format({_DAYTIME})"
        does, size = [f"conn.WriteTo([]byte({told}), peer)"], "_"
        names, functions = [*names, "time"], [_clock(task), CHECK]
    elif task.service == "ntp":
        does, names = [*go_ntp.ANSWER], [*names, "encoding/binary", "time"]
        functions = [_clock(task), go_ntp.STAMP, CHECK]
    else:
        raise ValueError(task.service)
    body = [
        *before,
        f'conn, err := net.ListenPacket("udp", {_where(task)})',
        "check(err)",
        "buffer := make([]byte, 65535)",
        "for {",
        f"\t{size}, peer, err := conn.ReadFrom(buffer)",
        "\tcheck(err)",
        *(f"\t{line}" for line in does),
        "}",
    ]
    return names, body, *functions
