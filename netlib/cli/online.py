"""The network as one command has it: with a queue of what happens, recorded where that is asked."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from netlib import EventQueue, Network
from netlib.cli.console import Console
from netlib.cli.recorded import WatchedQueue, begin

TICK_SECONDS = 0.25
"""Longest wait without a look around: Windows notices Ctrl+C only between two waits."""

ROOM_BYTES = 4 << 20
"""What may wait to be shown or written: as much as stays in the processor's cache."""


@contextmanager
def online(options: Namespace, console: Console) -> Iterator[tuple[Network, EventQueue]]:
    """Open the network, and the queue of what happens on it; close it at the end.

    It is recorded where `options` ask for it (`recorded.add_record`). UsageError: it cannot be.
    """
    recorded = begin(options, console)
    queue = EventQueue(ROOM_BYTES) if recorded is None else WatchedQueue(ROOM_BYTES, recorded)
    network = Network(queue if recorded is None else recorded.beside(queue))
    try:
        if recorded is not None:
            recorded.capture(network)
        yield network, queue
    finally:
        network.close()
        if recorded is not None:
            recorded.close()
