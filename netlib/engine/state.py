"""Where a TCP connection is in its life: ten states, and ONE table of what leads to which.

What we do and see decides, not what the kernel may know beyond it; the name that RFC 9293
(section 3.3.2) has for each is derived, because we show it. After our FIN that is FIN-WAIT: whether
1 or 2 depends on the peer's ACK, which only the kernel sees.

    open ──peer's FIN──▶ peer finished
    open ──finish()────▶ finishing ──all sent──▶ finished (we sent FIN and still read)
    open ──end()───────▶ flushing ──all sent──▶ closed, or lingering when the handler ended the talk
    open ──sending fails──▶ draining (what the peer said before is still read) ──▶ closed
    any  ──close_now()─▶ closed
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from netlib.errors import NetError
from netlib.events import CloseReason
from netlib.value import NamedTuple

CAN_READ: Final = 1
"""The peer's FIN has not come: what it sends is read."""
CAN_WRITE: Final = 2
"""We have not said that we will send nothing more."""
LISTENS: Final = 4
"""What is read is handed to the handler; else it is recorded, and heard by nobody."""


class Step(Enum):
    """What leads from one state to another."""

    PEER_FIN = auto()
    """The peer's FIN was read."""
    FINISH = auto()
    """We shall send FIN after what is unsent, and go on reading (half-close)."""
    FIN_SENT = auto()
    """That FIN has left."""
    END = auto()
    """We shall close after what is unsent."""
    LINGER = auto()
    """FIN was sent; the peer may go on talking to nobody for a while."""
    SEND_FAILED = auto()
    """The kernel takes no more; what the peer said before may still be read."""
    CLOSE = auto()
    """The socket is closed."""

    __hash__ = object.__hash__  # in C: Enum's own is a call into Python, twice a step


class State(Enum):
    """Each with what can be done in it, and its name in RFC 9293."""

    OPEN = "open", CAN_READ | CAN_WRITE | LISTENS, "ESTABLISHED"
    PEER_FINISHED = "peer finished", CAN_WRITE, "CLOSE-WAIT"
    FINISHING = "finishing", CAN_READ | LISTENS, "ESTABLISHED"
    FINISHED = "finished", CAN_READ | LISTENS, "FIN-WAIT"
    FLUSHING = "flushing", CAN_READ, "ESTABLISHED"
    FLUSHING_LAST = "flushing, peer finished", 0, "CLOSE-WAIT"
    LINGERING = "lingering", CAN_READ, "FIN-WAIT"
    FINISHED_BOTH = "finished on both sides", 0, "TIME-WAIT"
    DRAINING = "draining", CAN_READ | LISTENS, "CLOSED"
    CLOSED = "closed", 0, "CLOSED"

    def __init__(self, label: str, abilities: int, rfc_name: str) -> None:
        self.label = label
        self.abilities = abilities
        """`CAN_READ | CAN_WRITE | LISTENS`, as far as each holds."""
        self.rfc_name = rfc_name
        """RFC 9293, section 3.3.2."""

    __hash__ = object.__hash__

    def after(self, step: Step) -> State:
        """Return the state that `step` leads to. LookupError: it cannot happen in this one."""
        return TABLE[self, step]


class Closing(NamedTuple):
    """Why a connection ends; the first cause wins."""

    reason: CloseReason
    error: NetError | None = None


_S, _T = State, Step

TABLE: Final[dict[tuple[State, Step], State]] = {
    (_S.OPEN, _T.PEER_FIN): _S.PEER_FINISHED,
    (_S.OPEN, _T.FINISH): _S.FINISHING,
    (_S.OPEN, _T.END): _S.FLUSHING,
    (_S.OPEN, _T.LINGER): _S.LINGERING,
    (_S.OPEN, _T.SEND_FAILED): _S.DRAINING,
    (_S.PEER_FINISHED, _T.FINISH): _S.FLUSHING_LAST,
    (_S.PEER_FINISHED, _T.END): _S.FLUSHING_LAST,
    (_S.FINISHING, _T.FIN_SENT): _S.FINISHED,
    (_S.FINISHING, _T.PEER_FIN): _S.FLUSHING_LAST,
    (_S.FINISHING, _T.END): _S.FLUSHING,
    (_S.FINISHING, _T.SEND_FAILED): _S.DRAINING,
    (_S.FINISHED, _T.PEER_FIN): _S.FINISHED_BOTH,
    (_S.FINISHED, _T.LINGER): _S.LINGERING,
    (_S.FLUSHING, _T.END): _S.FLUSHING,
    (_S.FLUSHING, _T.LINGER): _S.LINGERING,
    (_S.FLUSHING, _T.PEER_FIN): _S.FLUSHING_LAST,
    (_S.FLUSHING, _T.SEND_FAILED): _S.DRAINING,
    (_S.FLUSHING_LAST, _T.END): _S.FLUSHING_LAST,
    (_S.LINGERING, _T.PEER_FIN): _S.FINISHED_BOTH,
    **{(state, _T.CLOSE): _S.CLOSED for state in State if state is not _S.CLOSED},
}
"""A pair that is missing cannot happen."""


def left_in(state: State, *, with_reset: bool) -> str:
    """Return, by its RFC 9293 name, the state in which closing a connection leaves the kernel's.

    `state`: before the close. `with_reset`: RST is sent or has come, and the kernel forgets it.
    """
    if with_reset:
        return State.CLOSED.rfc_name
    return _LEFT_IN.get(state.rfc_name, state.rfc_name)


_LEFT_IN: Final = {"ESTABLISHED": "FIN-WAIT", "CLOSE-WAIT": "LAST-ACK"}
"""Where close() itself sends our FIN."""
