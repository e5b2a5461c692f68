"""Programs in Go, of its standard library alone, laid out as gofmt does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from netlib.teaching.code import go_ntp, go_serve
from netlib.teaching.code.go_parts import CHECK, Parts, argument, duration
from netlib.teaching.code.literals import go_text
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
    imports, body, *more = _PROGRAMS[type(task)](task)
    names = "".join(f'\t"{name}"\n' for name in sorted({*imports}))
    lines = "".join(f"\t{line}\n" if line else "\n" for line in body)
    return f"package main\n\nimport (\n{names})\n\nfunc main() {{\n{lines}}}\n" + "".join(more)


def _deadline(seconds: float) -> list[str]:
    """Return what ends reading after so many seconds; nothing where it is never."""
    return [f"conn.SetReadDeadline(time.Now().Add({duration(seconds)}))"] if seconds else []


def _dial(network: str, task: Talk | Chat | Datagrams | TimeQuery, timeout: float) -> list[str]:
    where = go_text(str(task.peer).encode())
    call = f"net.Dial({go_text(network.encode())}, {where})"
    if timeout:
        call = f"net.DialTimeout({go_text(network.encode())}, {where}, {argument(timeout)})"
    return [f"conn, err := {call}", "check(err)", "defer conn.Close()"]


def _connected(task: Talk | Chat) -> tuple[list[str], list[str]]:
    """Return what a connection needs of the library, and the lines that make it."""
    if task.tls is None:
        return ["net", "time"], _dial("tcp", task, task.timeout)
    names, before, config = _trust(task.tls)
    dialer = f"&net.Dialer{{Timeout: {duration(task.timeout)}}}"
    where = go_text(str(task.peer).encode())
    return ["net", "time", "crypto/tls", *names], [
        *before,
        f"dialer := {dialer}",
        f'conn, err := tls.DialWithDialer(dialer, "tcp", {where}, {config})',
        "check(err)",
        "defer conn.Close()",
    ]


def _trust(trust: Trust) -> tuple[list[str], list[str], str]:
    """Return what trust needs of the library, the lines before, and the configuration of TLS."""
    if not trust.verify:
        return [], [], "&tls.Config{InsecureSkipVerify: true}"
    if not trust.ca_file:
        return [], [], "&tls.Config{}"
    lines = [
        f"ca, err := os.ReadFile({go_text(trust.ca_file.encode())})",
        "check(err)",
        "trusted := x509.NewCertPool()",
        "trusted.AppendCertsFromPEM(ca)",
    ]
    return ["crypto/x509"], lines, "&tls.Config{RootCAs: trusted}"


def _talk(task: Talk) -> Parts:
    _only_utf8(task.encoding, typed=task.said is None)
    says = [f"io.WriteString(conn, {go_text(data)})" for data in task.said or ()]
    if task.said is None:
        says = ["io.Copy(conn, os.Stdin)"]
    names, connects = _connected(task)
    half = "conn.CloseWrite()" if task.tls is not None else "conn.(*net.TCPConn).CloseWrite()"
    body = [
        *connects,
        *says,
        *([half] if task.half_close else []),
        *_deadline(task.wait),
        "io.Copy(os.Stdout, conn)",
    ]
    return ["fmt", "io", "os", *names], body, CHECK


def _chat(task: Chat) -> Parts:
    _only_utf8(task.encoding, typed=True)
    name = go_text(f"/name {task.name}\n".encode())
    last = ["<-shown"]
    if task.wait:
        last = ["select {", "case <-shown:", f"case <-time.After({duration(task.wait)}):", "}"]
    names, connects = _connected(task)
    body = [
        *connects,
        *([f"io.WriteString(conn, {name})"] if task.name else []),
        "shown := make(chan bool)",
        "go func() {",
        "\tio.Copy(os.Stdout, conn)",
        "\tclose(shown)",
        "}()",
        "io.Copy(conn, os.Stdin)",
        *last,
    ]
    return ["fmt", "io", "os", *names], body, CHECK


def _datagrams(task: Datagrams) -> Parts:
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
    return imports, body, CHECK


def _time(task: TimeQuery) -> Parts:
    names, ask = ["fmt", "net", "os", "time"], _ask(task)
    if task.protocol == "ntp":
        names, ask = [*names, "encoding/binary"], go_ntp.query(_deadline(task.timeout))
    else:
        names = [*names, "io"]
    if task.queries > 1:
        pause = [f"time.Sleep({duration(task.interval)})"] if task.interval else []
        loop = f"for i := 0; i < {task.queries}; i++ {{"
        ask = [loop, *(f"\t{line}" for line in (*ask, *pause)), "}"]
    body = [*_dial("udp", task, 0), "buffer := make([]byte, 65535)", *ask]
    return names, body, CHECK, *([go_ntp.STAMP] if task.protocol == "ntp" else [])


def _ask(task: TimeQuery) -> list[str]:
    """Return what asks once for a time in text."""
    question = {"rfc3339": "获取时间".encode(), "daytime": b"\n"}.get(task.protocol, b"")
    return [
        "begun := time.Now()",
        f"io.WriteString(conn, {go_text(question)})",
        *_deadline(task.timeout),
        "n, err := conn.Read(buffer)",
        "if err != nil {",
        "\tfmt.Println(err)",
        "} else {",
        "\tfmt.Println(string(buffer[:n]), time.Since(begun))",
        "}",
    ]


def _fetch(task: Fetch) -> Parts:
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
    return imports, body, CHECK


def _raw(task: Fetch, imports: set[str]) -> tuple[list[str], set[str]]:
    where = go_text(str(task.url.endpoint).encode())
    lines = [
        f'conn, err := net.DialTimeout("tcp", {where}, {argument(task.timeout)})',
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
    client = [f"client := http.Client{{Timeout: {duration(task.timeout)}}}"]
    if task.url.scheme == "https" and (task.ca_file or not task.verify):
        names, lines, config = _trust(Trust(task.ca_file, task.verify))
        imports |= {"crypto/tls", *names}
        before += lines
        client += [f"client.Transport = &http.Transport{{TLSClientConfig: {config}}}"]
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


def _only_utf8(encoding: str, *, typed: bool) -> None:
    """ValueError: what is typed is not UTF-8, and Go's standard library knows nothing else."""
    if typed and encoding != "utf-8":
        raise ValueError(encoding)


_PROGRAMS: Final[dict[type, Callable[[Any], Parts]]] = {
    Talk: _talk,
    Chat: _chat,
    Datagrams: _datagrams,
    TimeQuery: _time,
    Fetch: _fetch,
    Serve: go_serve.program,
}
