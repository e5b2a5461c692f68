"""Certificates for tests, made by openssl: of an authority, of a server, and of who is refused.

`python -m tests.certificates FOLDER` makes them for a system that has no openssl; there
$SOCKETBOARD_CERTIFICATES names the folder.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.peers import program


class Pair(NamedTuple):
    """A certificate and its key, as PEM files."""

    cert: Path
    key: Path


Certificates = dict[str, Pair]
"""By their names in `AUTHORITIES`, `SELF_SIGNED` and `ISSUED`."""


class Issued(NamedTuple):
    """A certificate that an authority signed."""

    alt: str
    """The subjectAltName."""
    authority: str = "authority"
    valid: tuple[str, ...] = ("-days", "365")


AUTHORITIES = ("authority", "another authority")
SELF_SIGNED = {"alone": "DNS:localhost"}
ISSUED = {
    "localhost": Issued("DNS:localhost"),
    "elsewhere": Issued("DNS:elsewhere.test"),
    "old": Issued(
        "DNS:localhost", valid=("-startdate", "20200101000000Z", "-enddate", "20210101000000Z")
    ),
    "other": Issued("DNS:localhost", "another authority"),
}


def in_folder(folder: Path) -> Certificates:
    """Return the certificates that were made in a folder."""
    names = (*AUTHORITIES, *SELF_SIGNED, *ISSUED)
    return {name: Pair(folder / f"{name}.pem", folder / f"{name}.key") for name in names}


def make(folder: Path) -> Certificates:
    """Make all certificates in a folder that is there."""
    pairs = in_folder(folder)
    for name in AUTHORITIES:
        _sign_itself(pairs[name], name, "basicConstraints=critical,CA:TRUE")
    for name, alt in SELF_SIGNED.items():
        extensions = ("basicConstraints=critical,CA:FALSE", f"subjectAltName={alt}")
        _sign_itself(pairs[name], name, *extensions)
    for name, issued in ISSUED.items():
        _issue(folder, name, issued, pairs)
    return pairs


def _sign_itself(pair: Pair, name: str, *extensions: str) -> None:
    added = [part for one in extensions for part in ("-addext", one)]
    _openssl(
        *("req", "-x509", *_NEW_KEY, "-keyout", pair.key, "-out", pair.cert),
        *("-days", "365", "-subj", f"/CN={name}", *added),
    )


def _issue(folder: Path, name: str, issued: Issued, pairs: Certificates) -> None:
    """Sign with `openssl ca` and its database: nothing else can sign with dates of one's own."""
    request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
    _openssl("req", *_NEW_KEY, "-keyout", pairs[name].key, "-out", request, "-subj", f"/CN={name}")
    extensions.write_text(f"subjectAltName={issued.alt}\n", encoding="ascii")
    config, index = folder / "ca.cnf", folder / "index.txt"
    index.touch()
    config.write_text(
        f"[ca]\ndefault_ca=it\n[it]\ndatabase={index}\nnew_certs_dir={folder}\n"
        "rand_serial=yes\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n",
        encoding="utf-8",
    )
    signer = pairs[issued.authority]
    _openssl(
        *("ca", "-batch", "-config", config, "-in", request, "-out", pairs[name].cert, "-notext"),
        *("-cert", signer.cert, "-keyfile", signer.key, "-extfile", extensions),
        *issued.valid,
    )


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _openssl(*arguments: str | Path) -> None:
    command = [program("openssl"), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    make(folder)
