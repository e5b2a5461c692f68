"""`extcap`: a recording as an interface in Wireshark, which calls this as extcap(4) says.

Wireshark asks what interfaces there are, what packets one has and what it needs to know; then it
has it capture into a FIFO, until that is closed.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from netlib import N_, _, __version__, nobody_reads, visible, wait_while_read
from netlib.cli import exporting, values
from netlib.cli.arguments import add_value
from netlib.cli.console import Console, UsageError
from netlib.cli.files import cannot_write

if TYPE_CHECKING:  # what needs sqlite3 is imported when a recording is opened, not for --help
    from netlib.recording.reader import Recording

ORDER: Final = 90
SUMMARY: Final = N_("Appear in Wireshark as an interface: what a recording holds, and what comes.")
MORE: Final = N_("Wireshark calls this command; without options it says how that begins.")
TIMEOUT: Final = None
TIMEOUT_HELP: Final = ""

INTERFACE: Final = "socketboard"

SCRIPTS: Final = Path(__file__).parents[1] / "wireshark"
"""What Wireshark starts: a script, and one for Windows."""

LOOK_SECONDS: Final = 0.1
"""Time between two looks for what a recording has got."""


def add_options(parser: ArgumentParser) -> None:
    """What Wireshark may ask; the words are its own."""
    asked = parser.add_argument_group(_("what Wireshark asks"))
    flags = (
        ("--extcap-interfaces", _("which interfaces there are")),
        ("--extcap-dlts", _("what packets of an interface begin with")),
        ("--extcap-config", _("what an interface needs to know")),
        ("--capture", _("write packets to --fifo")),
    )
    for name, explained in flags:
        asked.add_argument(name, action="store_true", help=explained)
    asked.add_argument("--extcap-version", metavar="V", help=_("Wireshark's version"))
    asked.add_argument("--extcap-interface", choices=[INTERFACE], help=_("the interface"))
    explained = _("refused: a filter for packets on the wire, of which there are none")
    asked.add_argument("--extcap-capture-filter", metavar="FILTER", help=explained)
    add_value(parser, "--fifo", "PATH", values.file_name, _("where packets go"))
    explained = _("a recording: what --record wrote or is writing")
    add_value(parser, "--recording", "FILE", values.file_name, explained)


def run(options: Namespace, console: Console) -> int:
    """Answer one question, or capture."""
    if options.extcap_interfaces:
        console.line(_sentence("extcap", version=__version__, display="Socketboard"))
        console.line(_sentence("interface", value=INTERFACE, display="Socketboard"))
    elif not options.extcap_interface:
        sentence = _(
            "Wireshark calls this command. Copy the script for your system from {folder} to the "
            "folder of personal extcaps (in Wireshark: Help, About, Folders), and let it be "
            "executed (chmod +x)."
        )
        raise UsageError(sentence.format(folder=visible(str(SCRIPTS))))
    elif options.extcap_capture_filter:
        raise UsageError(_("Filter what is shown: rebuilt packets have no capture filter."))
    elif options.extcap_dlts:
        console.line(_sentence("dlt", number="101", name="RAW", display=_("raw IP")))
    elif options.extcap_config:
        console.line(_file_to_choose())
    elif options.capture:
        return _capture(options, console)
    else:
        raise UsageError(_("Nothing was asked; see --help."))
    return 0


def _sentence(what: str, **said: str) -> str:
    """Return a line as Wireshark reads it."""
    return f"{what} " + "".join(f"{{{name}={words}}}" for name, words in said.items())


def _file_to_choose() -> str:
    return _sentence(
        "arg",
        number="0",
        call="--recording",
        display=_("Recording"),
        tooltip=_("what --record wrote or is writing, or the window saved"),
        type="fileselect",
        mustexist="true",
        required="true",
    )


def _capture(options: Namespace, console: Console) -> int:
    """Write packets, and where a recording grows go on until nobody reads them."""
    if not options.fifo or not options.recording:
        raise UsageError(_("--capture needs --fifo and --recording."))
    path = Path(options.fifo)
    with exporting.opened(options.recording) as recording:
        try:
            with path.open("wb") as pipe:
                complete = _follow(recording, pipe)
        except OSError as refusal:
            if not nobody_reads(refusal):
                raise cannot_write(path, refusal) from None
            return 0
        except KeyboardInterrupt:  # how Wireshark ends a capture
            return 0
    if not complete:
        console.fail(_("The capture ends here: the recording has too many calls."))
    return 0


def _follow(recording: Recording, pipe: IO[bytes]) -> bool:
    """Write what there is, and what comes; return False where no more can be taken in."""
    from netlib.recording.calls import CallIndex
    from netlib.recording.database import has_writer
    from netlib.recording.export.chosen import whole_calls
    from netlib.recording.export.pcapng import Capture

    grows, index = has_writer(recording.path), CallIndex()
    capture = Capture(recording, index)
    pipe.write(capture.head())
    seen = 0
    while True:
        while index.advance(recording):
            pass
        for call in whole_calls(recording, index, range(seen, index.total)):
            for packet in capture.rebuilt(call):
                pipe.write(packet)
        seen = index.total
        pipe.flush()
        if not grows or index.full or not wait_while_read(pipe, LOOK_SECONDS):
            return not index.full
