"""Recorded cases: what a class must have seen, with the packets of a real kernel, for any system.

Each is a recording of a server and a client of this program. `make cases` makes them anew in a
network namespace: `live_cases` says what happens in each, `tests/cases` what its packets must show.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from netlib.i18n import N_, _
from netlib.value import NamedTuple

FOLDER: Final = Path(__file__).with_name("cases")
"""Where they lie: nobody writes there."""


class Case(NamedTuple):
    """A recording, and what is to be seen in it. Sentences are translated when they are shown."""

    name: str
    """As it is typed."""
    title: str
    look: str
    """What to look at."""
    source: str
    """Where it is laid down."""

    @property
    def path(self) -> Path:
        """The recording."""
        return FOLDER / f"{self.name}.socketboard"


CASES: Final = (
    Case(
        "handshake",
        N_("The handshake"),
        N_(
            "Three segments open the connection: SYN, SYN-ACK, ACK. Each end chooses where its "
            "sequence numbers begin. A SYN counts as one, so that the peer acknowledges the number "
            "behind it. Both kernels do this by themselves: the server's program has no part in it "
            "until it accepts."
        ),
        N_("RFC 9293, section 3.5"),
    ),
    Case(
        "segmentation",
        N_("One send, three segments"),
        N_(
            "The client sends 4,380 bytes in one call. Its kernel makes three segments of them, "
            "1,460 bytes each: beside the headers of IP and TCP no more fits into a packet of "
            "1,500 bytes, and the SYN-ACK of the server names that size (mss). Each sequence "
            "number says where the bytes belong. The server's program reads them all in one call: "
            "it never learns where the segments ended."
        ),
        N_("RFC 9293, sections 3.7 and 3.7.1"),
    ),
    Case(
        "close",
        N_("Closing, by the client and by the server"),
        N_(
            "A FIN ends one direction only. In the first connection it is the client's, and the "
            "server's answer still arrives; in the second it is the server's, and the client still "
            "sends. A connection is over when a FIN has gone each way and both are acknowledged."
        ),
        N_("RFC 9293, sections 3.6 and 3.6.1"),
    ),
    Case(
        "reset",
        N_("RST: closed before everything was read"),
        N_(
            "The ACK number of the server's FIN says that its kernel has the client's second line. "
            "But the program closes without having read it: its kernel sends an RST, because data "
            "was lost. So an ACK does not say that a program has read anything. Nothing answers an "
            "RST, and nothing follows it."
        ),
        N_("RFC 9293, section 3.6.1; RFC 2525, section 2.17"),
    ),
    Case(
        "retransmission",
        N_("Sent again: a segment is lost"),
        N_(
            "For a while, whatever is sent to the server is dropped where it arrives; here it is "
            "seen leaving. No ACK comes, and the client's kernel sends the segment again, with the "
            "same sequence number, waiting about twice as long each time. The client's program "
            "called send once, and the server's program receives the bytes once."
        ),
        N_("RFC 6298, section 5"),
    ),
    Case(
        "checksum",
        N_("Damaged on the way: the checksum"),
        N_(
            "On the way to the server one bit of the client's segment was turned over; what is "
            "seen here is what arrives there. The checksum does not fit any more, so the server's "
            "kernel throws the segment away, without a word. No ACK comes, and the client's kernel "
            "sends the same bytes again. The server's program receives them once, and intact."
        ),
        N_("RFC 9293, sections 3.1 and 3.8"),
    ),
    Case(
        "reordering",
        N_("Arrived in another order"),
        N_(
            "The client sends two segments, and on the way to the server the second passes the "
            "first; what is seen here is what arrives there. Bytes are missing before those that "
            "came early: the server's kernel keeps them, and acknowledges once more where it still "
            "waits (ack 1). When the gap is filled, one ACK is for both, and the program receives "
            "all bytes in order."
        ),
        N_("RFC 9293, section 3.10.7.4; RFC 5681, section 4.2"),
    ),
    Case(
        "duplicate",
        N_("Arrived twice"),
        N_(
            "On the way to the server the client's segment was doubled; what is seen here is what "
            "arrives there. The sequence number of the second copy says that its bytes are there "
            "already. The server's kernel throws it away, and acknowledges once more: its first "
            "ACK could have been lost. The program receives the line once, and answers once."
        ),
        N_("RFC 9293, section 3.10.7.4"),
    ),
    Case(
        "zero-window",
        N_("Window 0: the receiver does not read"),
        N_(
            "The server does not read, so its receive buffer fills, until an ACK offers a window "
            "of 0: the client may send no more. Its kernel asks whether that is still so (a "
            "zero-window probe), waiting about twice as long each time, and each probe is "
            "answered. When the server reads, an ACK offers room again, and the rest follows: "
            "nothing was lost."
        ),
        N_("RFC 9293, section 3.8.6.1"),
    ),
    Case(
        "time-wait",
        N_("Why there is TIME-WAIT: the last ACK is lost"),
        N_(
            "The client's last ACK leaves, but is dropped where it arrives. The server cannot know "
            "whether its FIN has come, and sends it again. The client's program is done, but its "
            "kernel keeps the connection in TIME-WAIT: so it can acknowledge a second time. If it "
            "had forgotten the connection, it would have answered with an RST."
        ),
        N_("RFC 9293, sections 3.3.2 and 3.5.2"),
    ),
    Case(
        "unanswered",
        N_("No answer: the SYN is lost"),
        N_(
            "The first connection is answered. Then whatever is sent to the server is dropped "
            "where it arrives, as a firewall does, or a computer that is off. The client's kernel "
            "sends the SYN again, after one second, then after two more. No RST comes: the client "
            "gives up when its own limit has passed."
        ),
        N_("RFC 6298, sections 2 and 5"),
    ),
)
"""In the order in which they are shown."""


def find_case(name: str) -> Case:
    """Return the case of this name. ValueError with a translated sentence: there is none."""
    for case in CASES:
        if case.name == name:
            return case
    sentence = _("There is no such case; there are: {names}")
    raise ValueError(sentence.format(names=", ".join(case.name for case in CASES)))


def case_at(path: Path) -> Case | None:
    """Return the case that a file is the recording of; None: it is none of ours."""
    return next((case for case in CASES if case.path == path), None)
