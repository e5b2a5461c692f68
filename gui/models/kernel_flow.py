"""Buffers and window of one direction of a connection, at a moment and over the last seconds."""

from __future__ import annotations

from typing import Final

from gui.models.kernel_history import History
from netlib import ConnectionFacts, TcpInfo, _, now
from netlib.teaching.tcp_states import Flow, consequence
from netlib.value import value

FIGURES: Final = ("window", "unread", "unsent", "rtt", "cwnd", "retransmits")


@value(kw_only=True)
class FlowShown:
    """What is shown of a direction. Sizes in bytes; None: not told."""

    unsent: int | None = None
    unsent_limit: int | None = None
    in_program: int = 0
    """Waits in the sender's program for room in its send buffer."""
    window: int | None = None
    unread: int | None = None
    unread_limit: int | None = None
    receive_buffer: int | None = None
    paused: bool = False
    sentences: tuple[str, ...] = ()
    """What follows, in the language of the moment."""
    unavailable: str = ""
    """Why figures are missing, to be translated; empty: it is not the system's fault."""


def flow_shown(
    sender: ConnectionFacts | None,
    receiver: ConnectionFacts | None,
    *,
    paused: bool,
    probe_at: float | None,
) -> FlowShown:
    """Return what is shown of the ends that are ours; `probe_at`: when the sender asks again."""
    sends = TcpInfo() if sender is None else sender.info
    takes = TcpInfo() if receiver is None else receiver.info
    window = takes.receive_window if sends.send_window is None else sends.send_window
    in_program = 0 if sender is None else sender.unsent
    probe = None if probe_at is None else max(0.0, probe_at - now())
    said = consequence(
        Flow(
            unsent=(sends.send_queue or 0) + in_program,
            window=window,
            unread=takes.unread,
            paused=paused,
            retransmits=sends.retransmits,
            probe_seconds=probe,
        )
    )
    return FlowShown(
        unsent=sends.send_queue,
        unsent_limit=sends.send_buffer,
        in_program=in_program,
        window=window,
        unread=takes.unread,
        unread_limit=_holds(takes),
        receive_buffer=takes.receive_buffer,
        paused=paused,
        sentences=tuple(filter(None, (said, _gives_up(sender, paused)))),
        unavailable=sends.unavailable or takes.unavailable,
    )


def _holds(info: TcpInfo) -> int | None:
    """Return how much a receiver can hold: what is unread, and the window it still offers."""
    if info.unread is None or info.receive_window is None:
        return info.receive_buffer
    return info.unread + info.receive_window


def _gives_up(sender: ConnectionFacts | None, paused: bool) -> str:
    """Say when the write timeout ends it; not where our own user keeps the sender waiting."""
    if sender is None or paused or sender.gives_up_at == float("inf"):
        return ""
    left = max(0.0, sender.gives_up_at - now())
    return _("The sender gives up in {seconds} s (write timeout).").format(seconds=f"{left:.0f}")


class Figures:
    """What is drawn over the last seconds, by name."""

    def __init__(self) -> None:
        self.by_name = {name: History() for name in FIGURES}

    def add(
        self, flow: FlowShown, sender: ConnectionFacts | None, path: ConnectionFacts | None
    ) -> None:
        """Note the figures of the moment, if they are new; `path`: an end that knows the way."""
        newest = path or sender
        if newest is None:
            return
        window = self.by_name["window"]
        if window.samples and newest.at <= window.samples[-1].at:
            return
        info = TcpInfo() if sender is None else sender.info
        figures = {
            "window": flow.window,
            "unread": flow.unread,
            "unsent": None if flow.unsent is None else flow.unsent + flow.in_program,
            "rtt": newest.info.rtt if sender is None else info.rtt,
            "cwnd": info.cwnd,
            "retransmits": info.total_retransmits,
        }
        for name, figure in figures.items():
            self.by_name[name].add(newest.at, figure)
