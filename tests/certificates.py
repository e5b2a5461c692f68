"""Certificates for tests, made by openssl: an authority, and servers good and bad."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.peers import program


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as PEM files."""

    cert: Path
    key: Path


class Authority:
    """A certification authority in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pair = self._self_signed("authority", "/CN=Test authority", "CA:TRUE")
        self.cert = self.pair.cert

    def issue(self, name: str, alt: str, days: tuple[str, str] | None = None) -> Pair:
        """Return a server's certificate for `alt` ("DNS:localhost"), signed by this authority.

        `days`: from when to when it is valid, as YYYYMMDDHHMMSSZ; None: from now for a year.
        """
        key, request, cert = (self.folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
        _openssl("req", *_NEW_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={alt}\n", encoding="ascii")
        signed_by = ("-CA", self.pair.cert, "-CAkey", self.pair.key, "-CAcreateserial")
        if days is None:
            _openssl(
                *("x509", "-req", "-in", request, *signed_by, "-out", cert, "-days", "365"),
                *("-extfile", extensions),
            )
        else:
            self._issue_dated(request, cert, extensions, days)
        return Pair(cert, key)

    def self_signed(self, name: str, alt: str) -> Pair:
        """Return a certificate that nobody but itself vouches for."""
        return self._self_signed(name, f"/CN={name}", "CA:FALSE", f"subjectAltName={alt}")

    def _self_signed(self, name: str, subject: str, basic: str, *more: str) -> Pair:
        pair = Pair(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        added = [
            part
            for line in (f"basicConstraints=critical,{basic}", *more)
            for part in ("-addext", line)
        ]
        _openssl(
            *("req", "-x509", *_NEW_KEY, "-keyout", pair.key, "-out", pair.cert),
            *("-days", "365", "-subj", subject, *added),
        )
        return pair

    def _issue_dated(
        self, request: Path, cert: Path, extensions: Path, days: tuple[str, str]
    ) -> None:
        """Sign with dates of one's own, which only `openssl ca` and its database can do."""
        (self.folder / "index.txt").touch()
        config = self.folder / "ca.cnf"
        config.write_text(
            f"[ca]\ndefault_ca=it\n[it]\ndatabase={self.folder}/index.txt\n"
            f"new_certs_dir={self.folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=any\n"
            "[any]\ncommonName=supplied\n",
            encoding="utf-8",
        )
        _openssl(
            *("ca", "-batch", "-config", config, "-in", request, "-out", cert, "-notext"),
            *("-cert", self.pair.cert, "-keyfile", self.pair.key, "-extfile", extensions),
            *("-startdate", days[0], "-enddate", days[1]),
        )


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _openssl(*arguments: str | Path) -> None:
    command = [program("openssl"), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
