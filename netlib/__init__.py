"""Sockets, threads and bytes without a window: everything Socketboard does on the network.

Its storeys, each standing on those above it in this list:
  address errors events text value i18n   vocabulary: what all speak; pure
  system/       the operating system's one door
  protocols/    bytes to messages and back, pure; and what speaks on a connection (handler)
  services/     what a server says: one small class each, bytes in → bytes out
  engine/       every socket on one loop, in one thread
  activities/   what a person starts: servers, clients, queries
  teaching/     what a class is told, in two languages
  recording/    everything that happened, in one file
  live_cases/   the recorded cases, made anew by this computer's kernel
  lessons/      plays the lessons of teaching/ on real sockets
  network       the façade; below it is nothing that window or command line know
  cli/          the command line

Window and command line import from here, `network`, `teaching`, `recording`,
`live_cases` and `lessons` only.
What stands here is loaded when it is first asked for, so that a start loads no more than it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# fmt: off
if TYPE_CHECKING:
    from netlib.activities.base import CloseMode
    from netlib.activities.boundary_experiment import (
        BOUNDARY_LIMITS, BOUNDARY_NAMES, BoundaryExperiment, BoundaryResult, BoundarySettings,
        least_size,
    )
    from netlib.activities.client import ClientConfig
    from netlib.activities.counters import ClientRow, Clients, Totals
    from netlib.activities.doctor import DoctorConfig
    from netlib.activities.kernel import ConnectionFacts, Kernel, PairFacts, ServerFacts
    from netlib.activities.relay import RelayConfig
    from netlib.activities.server_models import (
        MODEL_LIMITS, MODEL_NAMES, MODELS, ClientShown, ModelFigures, ModelSettings, ModelShown,
        ServerModel,
    )
    from netlib.activities.serving import ServerConfig
    from netlib.activities.time_query import TimeConfig
    from netlib.activities.tls import ClientTls, ServerTls
    from netlib.activities.udp_client import check_datagram
    from netlib.address import (
        AddressError, Endpoint, LOCAL_HOST, Url, parse_endpoint, parse_port, parse_url,
    )
    from netlib.engine.outbox import EventQueue, Recorder, Tee
    from netlib.engine.records import Item, Items, Record
    from netlib.engine.resolver import Family
    from netlib.engine.tcp import ConnectionOptions
    from netlib.errors import Cause, NetError, Operation, PORT_TAKEN
    from netlib.events import (
        Accepted, AcceptingPaused, AcceptingResumed, ActivityStopped, Chunk, CloseReason,
        Closed, Connected, Connecting, Crashed, Diagnosed, Direction, Event, Failed, Finished,
        HttpHead, HttpReply, Idle, Impaired, Listening, Named, PeerFinished, Plaintext,
        PortUnreachable, ReadingPaused, ReadingResumed, ReceiveBufferSet, Rejected, Resolved,
        Resolving, Secured, TimeLost, TimeReply, Transport, Unanswered, Unfinished, WireChunk,
    )
    from netlib.i18n import (
        DOMAIN, LANGUAGES, LOCALE_FOLDER, Language, N_, _, language, ngettext, set_language,
    )
    from netlib.network import Network
    from netlib.path import NetPath
    from netlib.protocols.framing import LineBuffer, LineSplitter, split_lines
    from netlib.protocols.handler import Handler, Layer
    from netlib.protocols.http import (
        build_request, charset, decode_body, head_ended, tutorial_request,
    )
    from netlib.protocols.impairment import Impairment
    from netlib.protocols.time_protocols import TIME_PROTOCOLS
    from netlib.services import SERVICES, ServiceInfo
    from netlib.services.acknowledge import ACKNOWLEDGEMENT
    from netlib.silence import Awaited
    from netlib.system.atomic_file import AtomicFile, put_aside
    from netlib.system.background import Background
    from netlib.system.clock import now, wall_clock
    from netlib.system.interfaces import interfaces, reachable_addresses
    from netlib.system.logger import Logger, load_logging
    from netlib.system.private_files import FileLock, is_own_file, is_own_folder, own_folder
    from netlib.system.sockets import UDP_LIMIT, free_port
    from netlib.system.streams import nobody_reads, stand_in_for_closed, wait_while_read
    from netlib.system.tcp_info import QUEUE_NOT_TOLD, TcpInfo
    from netlib.system.tcp_states import Pair, PairState, TIME_WAIT_SECONDS
    from netlib.system.user_language import system_language
    from netlib.system.words import system_name, system_words
    from netlib.text import (
        Decoder, ENCODINGS, EOL, check_encoding, encode, harmless_json, in_milliseconds,
        milliseconds, parse_hex, to_hex, visible, visible_text,
    )
    from netlib.value import replace
    from netlib.version import __version__
    from netlib.wrap import Measure, broken, pieces
# fmt: on

_PUBLIC = {
    "netlib.activities.base": "CloseMode",
    "netlib.activities.boundary_experiment": (
        "BOUNDARY_LIMITS BOUNDARY_NAMES BoundaryExperiment BoundaryResult BoundarySettings "
        "least_size"
    ),
    "netlib.activities.client": "ClientConfig",
    "netlib.activities.counters": "ClientRow Clients Totals",
    "netlib.activities.doctor": "DoctorConfig",
    "netlib.activities.kernel": "ConnectionFacts Kernel PairFacts ServerFacts",
    "netlib.activities.relay": "RelayConfig",
    "netlib.activities.server_models": (
        "MODEL_LIMITS MODEL_NAMES MODELS ClientShown ModelFigures ModelSettings ModelShown "
        "ServerModel"
    ),
    "netlib.activities.serving": "ServerConfig",
    "netlib.activities.time_query": "TimeConfig",
    "netlib.activities.tls": "ClientTls ServerTls",
    "netlib.activities.udp_client": "check_datagram",
    "netlib.address": "AddressError Endpoint LOCAL_HOST Url parse_endpoint parse_port parse_url",
    "netlib.engine.outbox": "EventQueue Recorder Tee",
    "netlib.engine.records": "Item Items Record",
    "netlib.engine.resolver": "Family",
    "netlib.engine.tcp": "ConnectionOptions",
    "netlib.errors": "Cause NetError Operation PORT_TAKEN",
    "netlib.events": (
        "Accepted AcceptingPaused AcceptingResumed ActivityStopped Chunk CloseReason "
        "Closed Connected Connecting Crashed Diagnosed Direction Event Failed Finished HttpHead "
        "HttpReply Idle Impaired Listening Named PeerFinished Plaintext PortUnreachable "
        "ReadingPaused ReadingResumed ReceiveBufferSet Rejected Resolved Resolving Secured "
        "TimeLost TimeReply Transport Unanswered Unfinished WireChunk"
    ),
    "netlib.i18n": "DOMAIN LANGUAGES LOCALE_FOLDER Language N_ _ language ngettext set_language",
    "netlib.network": "Network",
    "netlib.path": "NetPath",
    "netlib.protocols.framing": "LineBuffer LineSplitter split_lines",
    "netlib.protocols.handler": "Handler Layer",
    "netlib.protocols.http": "build_request charset decode_body head_ended tutorial_request",
    "netlib.protocols.impairment": "Impairment",
    "netlib.protocols.time_protocols": "TIME_PROTOCOLS",
    "netlib.services": "SERVICES ServiceInfo",
    "netlib.services.acknowledge": "ACKNOWLEDGEMENT",
    "netlib.silence": "Awaited",
    "netlib.system.atomic_file": "AtomicFile put_aside",
    "netlib.system.background": "Background",
    "netlib.system.clock": "now wall_clock",
    "netlib.system.interfaces": "interfaces reachable_addresses",
    "netlib.system.logger": "Logger load_logging",
    "netlib.system.private_files": "FileLock is_own_file is_own_folder own_folder",
    "netlib.system.sockets": "UDP_LIMIT free_port",
    "netlib.system.streams": "nobody_reads stand_in_for_closed wait_while_read",
    "netlib.system.tcp_info": "QUEUE_NOT_TOLD TcpInfo",
    "netlib.system.tcp_states": "Pair PairState TIME_WAIT_SECONDS",
    "netlib.system.user_language": "system_language",
    "netlib.system.words": "system_name system_words",
    "netlib.text": (
        "Decoder ENCODINGS EOL check_encoding encode harmless_json in_milliseconds milliseconds "
        "parse_hex to_hex visible visible_text"
    ),
    "netlib.value": "replace",
    "netlib.version": "__version__",
    "netlib.wrap": "Measure broken pieces",
}
"""The same for the running program: module and names."""

_WHERE = {name: module for module, names in _PUBLIC.items() for name in names.split()}


if not TYPE_CHECKING:  # else a name that is not public would pass for anything

    def __getattr__(name: str) -> Any:
        """Load what is public, once."""
        if name not in _WHERE:
            raise AttributeError(f"module 'netlib' has no public name {name!r}")
        found = globals()[name] = getattr(import_module(_WHERE[name]), name)
        return found


def __dir__() -> list[str]:
    return list(_WHERE)
