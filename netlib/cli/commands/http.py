"""`http`: a request, and its reply to its real end."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from netlib.address import Url, parse_url
from netlib.cli import values
from netlib.cli.arguments import add_value, naming
from netlib.cli.console import BLOCK_BYTES, Console, UsageError, read_input
from netlib.cli.fetch import Fetch, FetchOptions
from netlib.cli.files import Output
from netlib.cli.reports import json_report
from netlib.cli.values import argument_type
from netlib.i18n import N_, _
from netlib.protocols.http import build_request
from netlib.text import encode, visible, visible_text

ORDER: Final = 20
SUMMARY: Final = N_(
    "Send an HTTP request; body to standard output, status and headers to standard error."
)
MORE: Final = N_("A plain GET is the tutorial's, byte for byte. The reply is read to its real end.")
TIMEOUT: Final = 10.0
TIMEOUT_HELP: Final = N_("seconds to connect, and then to wait for each next byte (default 10)")
INTERRUPTED: Final = 1


def add_options(parser: ArgumentParser) -> None:
    """What to ask for, and where the body goes."""
    add_value(parser, "url", "URL", _url, _("http://host[:port]/path"))
    add_value(parser, "-X", "METHOD", str, _("GET (default), POST with -d, …"), dest="method")
    explained = _("one more header, or another value for one of ours; may be repeated")
    more = {"dest": "headers", "action": "append", "default": []}
    add_value(parser, "-H", "'K: V'", _header, explained, **more)
    add_value(parser, "-d", "DATA", str, _("the body of the request"), dest="data")
    explained = _("send this file's bytes as they stand instead; - is standard input")
    add_value(parser, "--raw", "FILE", values.file_name, explained)
    explained = _("write the body to this file")
    add_value(parser, "-o", "FILE", values.file_name, explained, dest="output")


def run(options: Namespace, console: Console) -> int:
    """Fetch; the file of -o appears only when the whole body is in it."""
    wanted = FetchOptions(
        endpoint=options.url.endpoint,
        request=_request(options),
        timeout=options.timeout,
        report=json_report(options, console),
    )
    if options.output is None:  # with --json the events carry the body
        return Fetch(wanted, console, len if options.json else console.data).run()
    with Output(Path(options.output)) as output:
        code = Fetch(wanted, console, output.write).run()
        if not code:
            output.commit()
    return code


def _request(options: Namespace) -> bytes:
    if options.raw is not None:
        if options.data is not None or options.headers or options.method is not None:
            raise UsageError(_("--raw sends a file as it stands: -X, -H and -d do not go with it."))
        return _raw(options.raw)
    with naming("-d"):
        body = encode(options.data or "", options.encoding)
    method = "GET" if options.data is None else "POST"
    with naming("-X, -H"):
        chosen = method if options.method is None else options.method
        return build_request(options.url, chosen, options.headers, body)


def _raw(name: str) -> bytes:
    try:
        data = _whole_input() if name == "-" else Path(name).read_bytes()
    except OSError as refusal:
        sentence = _("“%(path)s” cannot be read: %(reason)s.")
        told = {"path": visible(name), "reason": refusal.strerror or str(refusal)}
        raise UsageError(sentence % told) from None
    if not data:
        raise UsageError(_("--raw: there is nothing in it to send."))
    return data


def _whole_input() -> bytes:
    return b"".join(iter(partial(read_input, BLOCK_BYTES), b""))


@argument_type
def _url(text: str) -> Url:
    found = parse_url(text)
    if found.scheme == "https":
        raise ValueError(_("https needs TLS, which this version does not speak yet; use http."))
    return found


@argument_type
def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        sentence = _("“%(text)s” is no header; write it as 'Name: value'.")
        raise ValueError(sentence % {"text": visible_text(text, 60)})
    return name, value
