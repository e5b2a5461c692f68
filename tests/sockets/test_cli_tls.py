"""TLS on the command line: https, `--tls`, `serve --tls`; what is refused, and why, in words."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest

from tests.certificates import Pair
from tests.command import Finished, objects, run, serving
from tests.peers import INDEX, nginx, openssl_server, socat


@pytest.mark.peers
def test_a_page_over_https_and_it_is_said_whose_certificate_it_is(
    authority: Path, good: Pair, tmp_path: Path
) -> None:
    with nginx(good) as port:
        url = f"https://localhost:{port}/"
        done = run("http", url, "--ca", str(authority))
        assert (done.returncode, done.stdout.decode()) == (0, INDEX)
        assert "✓ TLSv1.3: encrypted, the certificate of localhost was verified" in err(done)
        done = run("http", url, "--insecure", "-o", str(tmp_path / "page.html"))
        assert done.returncode == 0
        assert "! TLSv1.3: encrypted, but the certificate was NOT verified" in err(done)
        assert (tmp_path / "page.html").read_text(encoding="utf-8") == INDEX


def err(done: Finished) -> str:
    return done.stderr.decode()


@pytest.mark.peers
def test_what_is_refused_says_why(authority: Path, good: Pair) -> None:
    ca = ("--ca", str(authority))
    with nginx(good) as port, nginx() as plain, socat("close") as closing:
        unknown = run("http", f"https://localhost:{port}/")
        wrong_name = run("http", f"https://127.0.0.1:{port}/", *ca)
        no_tls = run("http", f"https://localhost:{plain}/", *ca)
        closed = run("connect", f"localhost:{closing}", "--tls", *ca, "--send", "x")
    for done, words in (
        (unknown, "authority that is not trusted"),
        (wrong_name, "for another name"),
        (no_tls, "What came is not TLS"),
        (closed, "closed during the TLS handshake"),
    ):
        assert done.returncode == 1
        assert words in err(done), err(done)


@pytest.mark.peers
def test_lines_go_and_come_encrypted(authority: Path, good: Pair) -> None:
    with openssl_server(good) as port:
        address = f"localhost:{port}"
        done = run("connect", address, "--tls", "--ca", str(authority), "--send", "abc")
    assert (done.returncode, done.stdout) == (0, b"cba\n")


def test_our_server_and_our_client_speak_tls(authority: Path, good: Pair) -> None:
    tls = ("--tls", "--cert", str(good.cert), "--key", str(good.key))
    with serving("acknowledge", *tls) as server:
        ca = ("--ca", str(authority))
        address = f"localhost:{server.port}"
        done = run("connect", address, "--tls", *ca, "--send", "你好")
        assert done.stdout.decode() == "已接收: 你好\n"
        assert "你好" in server.line_with("←")
        done = run("connect", address, "--tls", *ca, "--send", "你好", "--json")
    shown = objects(done.stdout)
    texts = [one["text"] for one in shown if one["event"] == "received"]
    assert "".join(texts) == "已接收: 你好\n"
    wire = [b64decode(one["data"]) for one in shown if one["event"] == "wire_sent"]
    assert wire[0][:1] == b"\x16"  # a TLS record: handshake (RFC 8446, section 5.1)
    assert all("你好".encode() not in data for data in wire)
