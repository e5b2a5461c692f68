"""Programs in Go, of its standard library alone, laid out as gofmt does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from netlib.teaching.code.literals import go_text
from netlib.teaching.code.tasks import Chat, Datagrams, Fetch, Serve, Talk, Task, TimeQuery

_SECOND: Final = "time.Second"


def program(task: Task) -> str:
    """Return the program. ValueError: there is none for this."""
    imports, body, *more = _PROGRAMS[type(task)](task)
    names = "".join(f'\t"{name}"\n' for name in sorted({*imports}))
    lines = "".join(f"\t{line}\n" if line else "\n" for line in body)
    return f"package main\n\nimport (\n{names})\n\nfunc main() {{\n{lines}}}\n" + "".join(more)


_Parts = tuple[Any, ...]
"""Names of packages, the lines of main, and functions after it."""

_CHECK: Final = """
func check(err error) {
\tif err != nil {
\t\tfmt.Fprintln(os.Stderr, err)
\t\tos.Exit(1)
\t}
}
"""


def _duration(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 1000} * time.Second" if whole % 1000 == 0 else f"{whole} * time.Millisecond"


def _argument(seconds: float) -> str:
    """Return a duration as gofmt writes it among other arguments."""
    return _duration(seconds).replace(" * ", "*")


def _deadline(seconds: float) -> list[str]:
    """Return what ends reading after so many seconds; nothing where it is never."""
    return [f"conn.SetReadDeadline(time.Now().Add({_duration(seconds)}))"] if seconds else []


def _dial(network: str, task: Talk | Chat | Datagrams | TimeQuery, timeout: float) -> list[str]:
    where = go_text(str(task.peer).encode())
    call = f"net.Dial({go_text(network.encode())}, {where})"
    if timeout:
        call = f"net.DialTimeout({go_text(network.encode())}, {where}, {_argument(timeout)})"
    return [f"conn, err := {call}", "check(err)", "defer conn.Close()"]


def _talk(task: Talk) -> _Parts:
    _only_utf8(task.encoding, typed=task.said is None)
    says = [f"io.WriteString(conn, {go_text(data)})" for data in task.said or ()]
    if task.said is None:
        says = ["io.Copy(conn, os.Stdin)"]
    body = [
        *_dial("tcp", task, task.timeout),
        *says,
        *(["conn.(*net.TCPConn).CloseWrite()"] if task.half_close else []),
        *_deadline(task.wait),
        "io.Copy(os.Stdout, conn)",
    ]
    return ["fmt", "io", "net", "os", "time"], body, _CHECK


def _chat(task: Chat) -> _Parts:
    _only_utf8(task.encoding, typed=True)
    name = go_text(f"/name {task.name}\n".encode())
    last = ["<-shown"]
    if task.wait:
        last = ["select {", "case <-shown:", f"case <-time.After({_duration(task.wait)}):", "}"]
    body = [
        *_dial("tcp", task, task.timeout),
        *([f"io.WriteString(conn, {name})"] if task.name else []),
        "shown := make(chan bool)",
        "go func() {",
        "\tio.Copy(os.Stdout, conn)",
        "\tclose(shown)",
        "}()",
        "io.Copy(conn, os.Stdin)",
        *last,
    ]
    return ["fmt", "io", "net", "os", "time"], body, _CHECK


def _datagrams(task: Datagrams) -> _Parts:
    _only_utf8(task.encoding, typed=task.said is None)
    imports = ["fmt", "io", "net", "os"] + (["time"] if task.wait else [])
    says = [f"io.WriteString(conn, {go_text(data)})" for data in task.said or ()]
    if task.said is None:
        imports += ["bufio"]
        says = [
            "lines := bufio.NewScanner(os.Stdin)",
            "for lines.Scan() {",
            "\tio.WriteString(conn, lines.Text())",
            "}",
        ]
    body = [
        *_dial("udp", task, 0),
        *says,
        "buffer := make([]byte, 65535)",
        "for {",
        *(f"\t{line}" for line in _deadline(task.wait)),
        "\tn, err := conn.Read(buffer)",
        "\tif err != nil {",
        "\t\tbreak",
        "\t}",
        "\tfmt.Println(string(buffer[:n]))",
        "}",
    ]
    return imports, body, _CHECK


def _time(task: TimeQuery) -> _Parts:
    ask = [
        "begun := time.Now()",
        f"io.WriteString(conn, {go_text('获取时间'.encode())})",
        *_deadline(task.timeout),
        "n, err := conn.Read(buffer)",
        "if err != nil {",
        "\tfmt.Println(err)",
        "} else {",
        "\tfmt.Println(string(buffer[:n]), time.Since(begun))",
        "}",
    ]
    if task.queries > 1:
        pause = [f"time.Sleep({_duration(task.interval)})"] if task.interval else []
        loop = f"for i := 0; i < {task.queries}; i++ {{"
        ask = [loop, *(f"\t{line}" for line in (*ask, *pause)), "}"]
    body = [*_dial("udp", task, 0), "buffer := make([]byte, 65535)", *ask]
    return ["fmt", "io", "net", "os", "time"], body, _CHECK


def _fetch(task: Fetch) -> _Parts:
    imports = {"fmt", "io", "net/http", "os", "time"}
    save = ["io.Copy(os.Stdout, reply.Body)"]
    if task.output:
        save = [
            f"file, err := os.Create({go_text(task.output.encode())})",
            "check(err)",
            "io.Copy(file, reply.Body)",
            "check(file.Close())",
        ]
    if task.request or task.request_file:
        begin, imports = _raw(task, imports)
    else:
        begin, imports = _request(task, imports)
    body = [*begin, "defer reply.Body.Close()", "fmt.Println(reply.Proto, reply.Status)", *save]
    return imports, body, _CHECK


def _raw(task: Fetch, imports: set[str]) -> tuple[list[str], set[str]]:
    where = go_text(str(task.url.endpoint).encode())
    lines = [
        f'conn, err := net.DialTimeout("tcp", {where}, {_argument(task.timeout)})',
        "check(err)",
    ]
    if task.request_file == "-":
        lines += ["io.Copy(conn, os.Stdin)"]
    elif task.request_file:
        lines += [
            f"request, err := os.ReadFile({go_text(task.request_file.encode())})",
            "check(err)",
            "conn.Write(request)",
        ]
    else:
        lines += [f"io.WriteString(conn, {go_text(task.request)})"]
    lines += ["reply, err := http.ReadResponse(bufio.NewReader(conn), nil)", "check(err)"]
    return lines, imports | {"bufio", "net"}


def _request(task: Fetch, imports: set[str]) -> tuple[list[str], set[str]]:
    body, before = "nil", []
    if task.body:
        imports |= {"strings"}
        body = f"strings.NewReader({go_text(task.body)})"
    if task.body_file == "-":
        body = "os.Stdin"
    elif task.body_file:
        before = [f"body, err := os.Open({go_text(task.body_file.encode())})", "check(err)"]
        body = "body"
    client = [f"client := http.Client{{Timeout: {_duration(task.timeout)}}}"]
    if task.url.scheme == "https" and (task.ca_file or not task.verify):
        imports |= {"crypto/tls"}
        trust = "InsecureSkipVerify: true"
        if task.verify:
            imports |= {"crypto/x509"}
            before += [
                f"ca, err := os.ReadFile({go_text(task.ca_file.encode())})",
                "check(err)",
                "trusted := x509.NewCertPool()",
                "trusted.AppendCertsFromPEM(ca)",
            ]
            trust = "RootCAs: trusted"
        client += [f"client.Transport = &http.Transport{{TLSClientConfig: &tls.Config{{{trust}}}}}"]
    where = go_text(str(task.url).encode())
    lines = [
        *before,
        f"request, err := http.NewRequest({go_text(task.method.encode())}, {where}, {body})",
        "check(err)",
    ]
    for name, value in task.headers:
        pair = f"{go_text(name.encode())}, {go_text(value.encode())}"
        lines += [f"request.Header.Set({pair})"]
        if name.lower() == "host":  # Go has it beside the other fields
            lines[-1] = f"request.Host = {go_text(value.encode())}"
    return [*lines, *client, "reply, err := client.Do(request)", "check(err)"], imports


_STREAM: Final = {
    "acknowledge": """
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
""",
    "echo": """
func serve(conn net.Conn) {
\tdefer conn.Close()
\tio.Copy(conn, conn)
}
""",
    "chat": """
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
""",
}

_ANSWER: Final = {
    "acknowledge": 'append([]byte("已接收: "), buffer[:n]...)',
    "echo": "buffer[:n]",
    "time": "[]byte(time.Now().Format(time.RFC3339))",
}


def _serve(task: Serve) -> _Parts:
    host = f"[{task.host}]" if ":" in task.host else task.host
    where = go_text(f"{host}:{task.port}".encode())
    if task.udp and task.service in _ANSWER:
        body = [
            f'conn, err := net.ListenPacket("udp", {where})',
            "check(err)",
            "buffer := make([]byte, 65535)",
            "for {",
            f"\t{'n' if task.service != 'time' else '_'}, peer, err := conn.ReadFrom(buffer)",
            "\tcheck(err)",
            f"\tconn.WriteTo({_ANSWER[task.service]}, peer)",
            "}",
        ]
        return ["fmt", "net", "os", *(["time"] if task.service == "time" else [])], body, _CHECK
    if task.udp or task.service not in {*_STREAM, "web"}:
        raise ValueError(task.service)
    if task.service == "web":
        body = [
            'http.HandleFunc("/", func(reply http.ResponseWriter, request *http.Request) {',
            '\treply.Header().Set("Content-Type", "text/html; charset=utf-8")',
            '\tio.WriteString(reply, "<h1>It works</h1>\\n")',
            "})",
            f"check(http.ListenAndServe({where}, nil))",
        ]
        return ["fmt", "io", "net/http", "os"], body, _CHECK
    body = [
        f'listener, err := net.Listen("tcp", {where})',
        "check(err)",
        "for {",
        "\tconn, err := listener.Accept()",
        "\tcheck(err)",
        "\tgo serve(conn)",
        "}",
    ]
    more = {"acknowledge": ["bufio"], "echo": [], "chat": ["bufio", "sync"]}[task.service]
    return ["fmt", "io", "net", "os", *more], body, _STREAM[task.service], _CHECK


def _only_utf8(encoding: str, *, typed: bool) -> None:
    """ValueError: what is typed is not UTF-8, and Go's standard library knows nothing else."""
    if typed and encoding != "utf-8":
        raise ValueError(encoding)


_PROGRAMS: Final[dict[type, Callable[[Any], _Parts]]] = {
    Talk: _talk,
    Chat: _chat,
    Datagrams: _datagrams,
    TimeQuery: _time,
    Fetch: _fetch,
    Serve: _serve,
}
