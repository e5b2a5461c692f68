"""Real programs as the other end: nginx, ncat, socat, and nc. Nobody here wrote them.

Each starter yields the port and ends the program with everything it forked. Programs and the
processes they fork are one process group, in a folder of their own that a test may read logs from.
`scripted` runs further peers from a folder of scripts (`$SOCKETBOARD_PEERS`), where there is one.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.helpers import free_port, wait_until

if TYPE_CHECKING:
    from tests.certificates import Pair

LOOPBACK = "127.0.0.1"
SCRIPTS = Path(
    os.environ.get("SOCKETBOARD_PEERS")
    or Path(__file__).resolve().parent.parent.parent / "shared" / "peers"
)
_END_SECONDS = 5.0
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))
"""nginx lives in a folder that ordinary users do not look through."""

NcatMode = Literal["chat", "broker", "echo"]
SocatMode = Literal["echo", "udp", "close", "banner", "deaf", "flood", "sort"]

_NGINX = """\
daemon off; master_process off; worker_processes 1; pid nginx.pid; error_log error.log info;
events { worker_connections 256; }
http {
  types { text/html html; text/plain txt; application/octet-stream bin; }
  access_log access.log; charset utf-8;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {
    listen 127.0.0.1:%(port)d; server_name localhost; root www;
    location = /gbk.html { charset gbk; }
    location /gz/ { alias www/; gzip on; gzip_min_length 1; gzip_types text/plain; }
    location = /moved { return 301 /index.html; }
    location = /nothing { return 204; }
    location = /drop { return 444; }
    location /slow/ { alias www/; limit_rate 20k; }
    location /once/ { alias www/; keepalive_timeout 0; }
  }
%(more)s}
"""
_NGINX_TLS = """\
  server {
    listen 127.0.0.1:%(port)d ssl; server_name localhost; root www;
    ssl_certificate %(cert)s; ssl_certificate_key %(key)s; ssl_protocols TLSv1.2 TLSv1.3;
  }
"""
INDEX = "<!DOCTYPE html><meta charset=utf-8><title>首页</title><p>你好，世界。</p>\n"
GBK_PAGE = "<!DOCTYPE html><title>汉字编码</title><p>中文网页，国标编码。</p>\n"
LINES = "".join(f"第{number}行：套接字\n" for number in range(200))
BIG = bytes(range(256)) * 4096
"""1 MiB that shows a byte out of place."""


@contextmanager
def nginx(tls: Pair | None = None) -> Iterator[int]:
    """Run nginx; yield its port, with `tls` that of the same pages over TLS.

    / and /index.html (INDEX, UTF-8) · /gbk.html (GBK_PAGE, named in the header) · /empty.txt
    · /lines.txt (LINES) · /gz/lines.txt (gzip and chunked, if accepted) · /big.bin (BIG)
    · /moved (301) · /nothing (204) · /drop (closes without a reply) · /slow/… (20 kB/s)
    · /once/… (no keep-alive)
    """
    port, tls_port = free_port(), free_port()
    more = ""
    if tls is not None:
        more = _NGINX_TLS % {"port": tls_port, "cert": tls.cert, "key": tls.key}
    with _folder() as folder:
        pages = folder / "www"
        pages.mkdir()
        (pages / "index.html").write_text(INDEX, encoding="utf-8")
        (pages / "gbk.html").write_text(GBK_PAGE, encoding="gbk")
        (pages / "lines.txt").write_text(LINES, encoding="utf-8")
        (pages / "big.bin").write_bytes(BIG)
        (pages / "empty.txt").touch()
        (folder / "nginx.conf").write_text(_NGINX % {"port": port, "more": more}, encoding="utf-8")
        command = ["-p", str(folder), "-e", "error.log", "-c", "nginx.conf"]
        with peer([program("nginx"), *command], folder):
            _wait_for_port(port)
            yield port if tls is None else tls_port


@contextmanager
def openssl_server(tls: Pair, *options: str) -> Iterator[int]:
    """Run `openssl s_server`, which sends every line back reversed; yield its port."""
    port = free_port()
    pair = ("-cert", str(tls.cert), "-key", str(tls.key))
    command = [program("openssl"), "s_server", "-accept", f"{LOOPBACK}:{port}", *pair, "-rev"]
    with _folder() as folder, peer([*command, *options], folder):
        _wait_for_port(port)
        yield port


@contextmanager
def ncat(mode: NcatMode) -> Iterator[int]:
    """Run ncat; yield its port.

    chat: each line goes to the others, marked with the sender's number, non-ASCII bytes escaped.
    broker: bytes go to the others unchanged. echo: bytes come back.
    """
    port = free_port()
    options = {"chat": ["--chat"], "broker": ["--broker"], "echo": ["-k", "-e", program("cat")]}
    command = [program("ncat"), "-l", *options[mode], LOOPBACK, str(port)]
    with _folder() as folder, peer(command, folder):
        _wait_for_port(port)
        yield port


@contextmanager
def socat(mode: SocatMode) -> Iterator[int]:
    """Run socat; yield its port.

    echo: bytes come back. udp: datagrams come back. close: FIN at once. banner: greets with
    "220 ready", then echoes. deaf: never reads, never speaks. flood: endless lines, never reads.
    sort: says nothing before our FIN, then all our lines in order.
    """
    kind = socket.SOCK_DGRAM if mode == "udp" else socket.SOCK_STREAM
    port = free_port(kind)
    tcp = f"TCP4-LISTEN:{port},bind={LOOPBACK},reuseaddr,fork"
    udp = f"UDP4-RECVFROM:{port},bind={LOOPBACK},fork"
    addresses = {
        "echo": [tcp, "EXEC:cat"],
        "udp": [udp, "EXEC:cat"],
        "close": [tcp, "EXEC:true"],
        "banner": [tcp, "EXEC:sh banner"],
        "deaf": ["-U", tcp, "EXEC:sleep 600"],
        "flood": ["-U", tcp, "EXEC:yes flood"],
        "sort": [tcp, "EXEC:sort"],
    }
    with _folder() as folder:
        (folder / "banner").write_text("echo '220 ready'; exec cat", encoding="ascii")
        with peer([program("socat"), *addresses[mode]], folder):
            _wait_for_port(port, "udp" if mode == "udp" else "tcp")
            yield port


@contextmanager
def chronyd() -> Iterator[int]:
    """Run chronyd as an NTP server of stratum 10 that sets no clock; yield its port."""
    port = free_port(socket.SOCK_DGRAM)
    with _folder() as folder:
        settings = (
            *(f"port {port}", f"bindaddress {LOOPBACK}", f"allow {LOOPBACK}", "local stratum 10"),
            *("cmdport 0", f"pidfile {folder / 'pid'}"),
        )
        (folder / "conf").write_text("\n".join(settings), encoding="ascii")
        as_we_are = ["-U", "-u", getpass.getuser()]
        with peer([program("chronyd"), "-x", "-d", *as_we_are, "-f", "conf"], folder):
            _wait_for_port(port, "udp")
            yield port


def chrony_offset(port: int) -> float:
    """Return how many seconds a server is ahead, as chronyd measures it; it sets no clock."""
    with _folder() as folder:
        settings = f"server {LOOPBACK} port {port} iburst", f"pidfile {folder / 'pid'}", "cmdport 0"
        call = [program("chronyd"), "-Q", "-t", "20", "-U", "-u", getpass.getuser(), *settings]
        done = subprocess.run(
            call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, timeout=30
        )
    found = re.search(rb"System clock wrong by (-?[\d.]+) seconds", done.stdout)
    assert found, done.stdout
    return float(found[1])


@contextmanager
def scripted(script: str, *arguments: str) -> Iterator[int]:
    """Run `script` of the folder SCRIPTS with a free TCP port and `arguments`; yield the port."""
    port = free_port()
    with _folder() as folder, peer([str(SCRIPTS / script), str(port), *arguments], folder):
        _wait_for_port(port)
        yield port


@contextmanager
def peer(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` in `folder` as its own process group, ended with all it forked."""
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end_group(process)


def program(name: str) -> str:
    """Return the path of a program the tests need; fail with what to do where it is missing."""
    path = shutil.which(name, path=_PATH)
    assert path, f"the tests need {name}: sh requirements/system.sh test"
    return path


def nc() -> str:
    """Return the path of OpenBSD's nc, not of another program of that name."""
    return program("nc.openbsd" if shutil.which("nc.openbsd", path=_PATH) else "nc")


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="peer-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":  # these programs come from Linux: pytest -m "not peers"
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_END_SECONDS)
    with suppress(ProcessLookupError):  # children may outlive the first
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(_END_SECONDS)


def _wait_for_port(port: int, table: Literal["tcp", "udp"] = "tcp") -> None:
    """Wait until the port is bound (UDP) or listening (TCP).

    The kernel's table is read because a connection would be noticed: a broker announces it, `deaf`
    forks for it. State 0A is a TCP listener, 07 a UDP socket without a peer.
    """
    wanted, path = f":{port:04X}", Path("/proc/net", table)

    def is_there() -> bool:
        rows = (row.split() for row in path.read_text(encoding="ascii").splitlines())
        return any(row[1].endswith(wanted) and row[3] in {"0A", "07"} for row in rows)

    wait_until(is_there, what=f"a program on {table} port {port}")
