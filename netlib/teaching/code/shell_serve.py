"""Servers for a POSIX shell: socat and ncat accept the clients."""

from __future__ import annotations

from typing import Final

from netlib.teaching.code.literals import shell_word
from netlib.teaching.code.tasks import Serve

_DAYTIME: Final = "printf '%s\\r\\n' \"$(LC_ALL=C date -u '+%A, %B %d, %Y %H:%M:%S-UTC')\""

_STREAM: Final = {
    "acknowledge": (
        "while IFS= read -r line; do",
        "    printf '已接收: %s\\n' \"$line\"",
        "done",
    ),
    "echo": ("cat",),
    "count": ('wc -lc | awk \'{ print $2 " bytes, " $1 " lines" }\'',),
    "uppercase": (
        "while IFS= read -r line; do",
        "    printf '%s\\n' \"$line\" | LC_ALL=C tr a-z A-Z",
        "done",
    ),
    "daytime": (_DAYTIME,),
    "web": (
        "cr=$(printf '\\r')",
        'while IFS= read -r line && [ "${line%"$cr"}" ]; do :; done',
        "printf 'HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=utf-8\\r\\n'",
        "printf 'Content-Length: 18\\r\\nConnection: close\\r\\n\\r\\n<h1>It works</h1>\\n'",
    ),
    "smtp": (
        "cr=$(printf '\\r')",
        "printf '220 ready; mail is shown, never sent\\r\\n'",
        "while IFS= read -r line; do",
        '    case $(printf \'%s\' "${line%"$cr"}" | LC_ALL=C tr a-z A-Z) in',
        "    QUIT)",
        "        printf '221 Bye\\r\\n'",
        "        exit",
        "        ;;",
        "    DATA)",
        "        printf '354 Type the mail; it ends with a line that holds a single dot\\r\\n'",
        "        mail=",
        '        while IFS= read -r text && text=${text%"$cr"} && [ "$text" != . ]; do',
        "            # of two dots that begin a line one is shown",
        "            mail=$mail$(printf '250-  | %s\\r\\n.' \"${text#.}\")",
        "            mail=${mail%.}",
        "        done",
        "        printf '%s250 It was accepted and shown; it is never sent\\r\\n' \"$mail\"",
        "        ;;",
        "    HELO* | EHLO* | 'MAIL FROM:'* | 'RCPT TO:'* | RSET)",
        "        printf '250 OK\\r\\n'",
        "        ;;",
        "    *)",
        "        printf '500 Command not known\\r\\n'",
        "        ;;",
        "    esac",
        "done",
    ),
}
"""What answers a client: its input is what the client says."""

_DATAGRAM: Final = {
    "acknowledge": (
        "answer=$(printf '已接收: '; cat; echo .)  # one printf is one datagram",
        "printf '%s' \"${answer%.}\"",
    ),
    "echo": ("cat",),
    "uppercase": ("LC_ALL=C tr a-z A-Z",),
    "time": ("cat >/dev/null", "date +%Y-%m-%dT%H:%M:%S%:z"),
    "daytime": ("cat >/dev/null", _DAYTIME),
}
"""What answers a datagram, which is its input."""


def program(task: Serve) -> str:
    """Return the program, without its first line. ValueError: there is none for this."""
    if task.clock_offset:
        raise ValueError(f"{task.service} --clock-offset")
    if task.service == "chat" and not task.udp:
        words = ["ncat --listen --broker"]
        if task.tls is not None:
            cert, key = (shell_word(name) for name in task.tls)
            words.append(f"--ssl --ssl-cert {cert} --ssl-key {key}")
        return " ".join([*words, shell_word(task.host or "0.0.0.0"), str(task.port)])
    answers = (_DATAGRAM if task.udp else _STREAM).get(task.service)
    if answers is None:
        raise ValueError(task.service)
    return "\n".join(
        (
            'if [ "$1" = answer ]; then',
            *(f"    {line}" for line in answers),
            f"else  # for each {'datagram' if task.udp else 'client'} this program, once more",
            f'    socat {shell_word(_listening(task))} EXEC:"sh $0 answer"',
            "fi",
        )
    )


def _listening(task: Serve) -> str:
    """Return where socat waits for clients, or for datagrams."""
    six = ":" in task.host
    host = f"[{task.host}]" if six else task.host or "0.0.0.0"
    if task.udp:
        return f"UDP{6 if six else 4}-RECVFROM:{task.port},bind={host},fork"
    if task.tls is None:
        return f"TCP{6 if six else 4}-LISTEN:{task.port},bind={host},fork,reuseaddr"
    files = f"cert={task.tls.cert_file},key={task.tls.key_file},verify=0"
    return f"OPENSSL-LISTEN:{task.port},pf=ip{6 if six else 4},bind={host},fork,reuseaddr,{files}"
