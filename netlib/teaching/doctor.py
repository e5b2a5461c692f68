"""What is known of the path to a server, judged: five findings, each with a sentence.

Pure: facts in (`netlib.path`), findings out. What is a guess says "most likely". A cause is found
in a table of what has been seen: the first row wins whose every condition holds.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Final

from netlib.address import UNSPECIFIED, Endpoint, is_unicast
from netlib.errors import Cause, NetError, Operation, code_name
from netlib.i18n import N_, _
from netlib.path import Attempt, NetPath, Via
from netlib.teaching.doctor_words import WORDS
from netlib.teaching.explain import explain, in_short
from netlib.text import in_milliseconds, visible, visible_text
from netlib.value import NamedTuple

QUICK_SECONDS: Final = 2.0
"""An error that comes sooner was sent by somebody, in answer to the first SYN or the second: before
the system gives up ARP, it asks several times, a second apart (RFC 1122, section 2.3.2.1)."""

_PRIVATE: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
"""RFC 1918, section 3; RFC 4193, section 3.1."""


class Step(StrEnum):
    """The steps of a path, in their order."""

    NAME = N_("name")
    ADDRESS = N_("address")
    ROUTE = N_("route")
    CONNECT = N_("connect")
    REPLY = N_("reply")


class State(StrEnum):
    """How far a step is."""

    OK = "ok"
    FAILED = "failed"
    PENDING = "pending"
    NOT_REACHED = "not reached"
    """A step before it has failed, or is not over."""


MARKS: Final[Mapping[State, str]] = {
    State.OK: "✓",
    State.FAILED: "✗",
    State.PENDING: "…",
    State.NOT_REACHED: "–",
}


class Finding(NamedTuple):
    """One step, judged, in the language in use; every sentence is one line, safe to show."""

    step: Step
    state: State
    seconds: float = 0.0
    """How long the step took."""
    cause: str = ""
    """What was found, by a name that is the same in all languages; empty: the step is not over."""
    sentence: str = ""
    advice: str = ""
    """What to try; empty: nothing need be."""

    @property
    def is_over(self) -> bool:
        """Whether it is known how the step went."""
        return self.state in (State.OK, State.FAILED)


def findings(path: NetPath) -> list[Finding]:
    """Return all five steps, judged as far as they are over."""
    judged = list(_judged(path))
    for step in [*Step][len(judged) :]:
        goes_on = all(one.state is State.OK for one in judged)
        judged.append(Finding(step, State.PENDING if goes_on else State.NOT_REACHED))
    return judged


def line(finding: Finding) -> str:
    """Return a finding as a line of text: mark, step, time, sentence, in columns."""
    wide = max(len(_(one)) for one in Step)
    text = f"{MARKS[finding.state]} {_(finding.step):{wide}}"
    if not finding.is_over:
        return text.rstrip()
    time = _("{number} ms").format(number=f"{in_milliseconds(finding.seconds):>6}")
    return f"{text} {time}  {finding.sentence}"


def in_words(finding: Finding) -> str:
    """Return a finding as text: its line, and below it what to try."""
    if not finding.advice:
        return line(finding)
    advice = _("Try: {text}").format(text=finding.advice)
    return f"{line(finding)}\n  {advice}"


def has_failed(path: NetPath) -> bool:
    """Tell whether one of the steps has failed."""
    return any(one.state is State.FAILED for one in _judged(path))


def told(path: NetPath) -> str:
    """Return the last step that is over, for a log."""
    target = visible_text(str(path.target), 300)
    last = next(reversed(list(_judged(path))), None)
    if last is None:
        return _("looking at the path to {target}").format(target=target)
    template = _("path to {target}, {step}: {sentence}")
    return template.format(target=target, step=_(last.step), sentence=last.sentence)


def _judged(path: NetPath) -> Iterator[Finding]:
    """Yield the steps that are over, up to the first that failed."""
    for judge in (_name, _address, _route, _connect, _reply):
        finding = judge(path)
        if finding is None:
            return
        yield finding
        if finding.state is State.FAILED:
            return


# -- the steps -----------------------------------------------------------------------------------


def _name(path: NetPath) -> Finding | None:
    seconds = path.name_seconds
    if seconds is None:
        return None
    if path.name_error is not None:
        return _explained(Step.NAME, seconds, path.name_error)
    spelt_out = _ip(path.target.host) is not None
    return _finding(Step.NAME, "typed" if spelt_out else "found", path, seconds)


def _address(path: NetPath) -> Finding | None:
    if path.route_seconds is None:
        return None
    seconds, peer = path.networks_seconds, _subject(path)
    cause = _unusable(peer)
    if cause is not None:
        return _explained(Step.ADDRESS, seconds, NetError(Operation.CONNECT, cause, endpoint=peer))
    ip, via, inside = _ip(peer.host), path.route_to(peer).via, _is_inside(path, peer)
    kinds = {
        "loopback": ip is not None and ip.is_loopback,
        "own": via is Via.OWN,
        "own network": via is Via.DIRECT or (via is Via.UNKNOWN and inside is True),
        "private elsewhere": _is_private_elsewhere(path, peer),
        "elsewhere": inside is False,
        "address": True,
    }
    kind = next(kind for kind, holds in kinds.items() if holds)
    return _finding(Step.ADDRESS, kind, path, seconds)


def _route(path: NetPath) -> Finding | None:
    seconds = path.route_seconds
    if seconds is None:
        return None
    route = path.route_to(_subject(path))
    if route.error is None:
        return _finding(Step.ROUTE, f"route: {route.via}", path, seconds)
    if route.error.cause is Cause.UNREACHABLE:
        return _finding(Step.ROUTE, "no route", path, seconds)
    return _explained(Step.ROUTE, seconds, route.error)


def _connect(path: NetPath) -> Finding | None:
    attempt = path.decisive
    if path.connected is None or attempt is None:
        return None
    if attempt.error is None:
        return _finding(Step.CONNECT, "connected", path, attempt.seconds)
    seen = _seen(path, attempt, attempt.error)
    for cause, wanted in _CAUSES:
        if all(seen[fact] in values for fact, values in wanted.items()):
            return _finding(Step.CONNECT, cause, path, attempt.seconds)
    return _explained(Step.CONNECT, attempt.seconds, attempt.error)


def _reply(path: NetPath) -> Finding | None:
    reply = path.reply
    if reply is None:
        return None
    kinds = {
        "reset": reply.error is not None,
        "speaks first": reply.data != b"",
        "closed": reply.finished,
        "silent": True,
    }
    cause = next(kind for kind, holds in kinds.items() if holds)
    return _finding(Step.REPLY, cause, path, reply.seconds)


# -- why there is no connection ------------------------------------------------------------------

_FAILED: Final = {
    Cause.REFUSED: "refused",
    Cause.TIMED_OUT: "silence",
    Cause.NO_ROUTE: "error",
    Cause.UNREACHABLE: "error",
    Cause.PERMISSION: "forbidden",
}
"""How a connection fails, as far as causes are told apart; the route was there."""
_REFUSED, _SILENCE, _ERROR = ("refused",), ("silence",), ("error",)
_LOST: Final = ("silence", "error")
_OWN, _DIRECT, _ROUTER = (Via.OWN,), (Via.DIRECT,), (Via.ROUTER,)
_YES, _NO = (True,), (False,)

_CAUSES: Final[tuple[tuple[str, Mapping[str, tuple[object, ...]]], ...]] = (
    ("other address", {"answer": _REFUSED, "via": _OWN, "listens": ("elsewhere",)}),
    ("IPv6 alone", {"answer": _REFUSED, "via": _OWN, "listens": ("IPv6",)}),
    ("nothing listens", {"answer": _REFUSED, "via": _OWN, "listens": ("nowhere",)}),
    ("refused here", {"answer": _REFUSED, "via": _OWN, "listens": ("here",)}),
    ("refused", {"answer": _REFUSED}),
    ("dropped here", {"answer": _SILENCE, "via": _OWN}),
    ("rejected here", {"answer": ("error", "forbidden"), "via": _OWN}),
    ("forbidden", {"answer": ("forbidden",), "ipv6": _YES}),
    ("permission", {"answer": _ERROR, "via": _DIRECT, "quick": _YES, "asks": _YES}),
    ("isolated", {"answer": _LOST, "neighbour": _NO, "router": _YES}),
    ("no network", {"answer": _LOST, "neighbour": _NO, "router": _NO}),
    ("no neighbour", {"answer": _LOST, "neighbour": _NO}),
    ("rejected", {"answer": _ERROR, "via": _DIRECT}),
    ("dropped", {"answer": _SILENCE, "via": _DIRECT, "neighbour": _YES}),
    ("silent neighbour", {"answer": _SILENCE, "via": _DIRECT, "router": _YES}),
    ("no router", {"answer": _LOST, "via": _ROUTER, "router": _NO}),
    ("wrong subnet", {"answer": _LOST, "elsewhere": _YES}),
    ("rejected on the way", {"answer": _ERROR, "quick": _YES}),
    ("unreachable", {"answer": _ERROR}),
    ("silence", {"answer": _SILENCE}),
)
"""Each cause with what must have been seen for it."""


def _seen(path: NetPath, attempt: Attempt, error: NetError) -> Mapping[str, object]:
    """Return what has been seen of a failed attempt, by the names that the table uses."""
    peer, quick = attempt.peer, attempt.seconds < QUICK_SECONDS
    via, neighbour = path.route_to(peer).via, path.is_neighbour
    if neighbour is None and via is Via.DIRECT and error.cause is Cause.NO_ROUTE and not quick:
        neighbour = False
    return {
        "answer": _FAILED.get(error.cause, ""),
        "via": via,
        "quick": quick,
        "ipv6": ":" in peer.host,
        "asks": path.asks_permission and code_name(error).endswith("EHOSTUNREACH"),
        "listens": _listens(path, peer),
        "neighbour": neighbour,
        "router": path.router_answers,
        "elsewhere": _is_private_elsewhere(path, peer),
    }


def _listens(path: NetPath, peer: Endpoint) -> str:
    """Tell where on this computer somebody listens on the port, seen from an address of its own."""
    if path.listeners is None:
        return "unknown"
    wildcard = "::" if ":" in peer.host else "0.0.0.0"
    if {peer.host.partition("%")[0], wildcard} & set(path.listeners):
        return "here"
    if "::" in path.listeners:  # which may take IPv4 too (RFC 3493, section 5.3)
        return "IPv6"
    return "elsewhere" if path.listeners else "nowhere"


# -- addresses -----------------------------------------------------------------------------------


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    with suppress(ValueError):
        return ipaddress.ip_address(host.partition("%")[0])
    return None


def _subject(path: NetPath) -> Endpoint:
    """Return the address that the sentences are about: the one whose attempt decides."""
    if path.decisive is not None:
        return path.decisive.peer
    routed = (one.peer for one in path.routes if one.error is None)
    return next(routed, next(iter(path.addresses), path.target))


def _unusable(peer: Endpoint) -> Cause | None:
    """Tell why nobody can connect to an address, whatever the network; None: one can."""
    if peer.host in UNSPECIFIED:
        return Cause.UNSPECIFIED
    return None if _ip(peer.host) is None or is_unicast(peer.host) else Cause.NOT_UNICAST


def _is_inside(path: NetPath, peer: Endpoint) -> bool | None:
    """Tell whether an address is in a network of this computer; None: these are not known."""
    ip = _ip(peer.host)
    if ip is None or path.networks is None:
        return None
    return any(ip in network for network in map(_network, path.networks) if network)


def _is_private_elsewhere(path: NetPath, peer: Endpoint) -> bool:
    """Tell whether an address is private, and in none of this computer's networks."""
    ip, via = _ip(peer.host), path.route_to(peer).via
    if ip is None or via in (Via.OWN, Via.DIRECT) or _is_inside(path, peer) is not False:
        return False
    return any(ip in ipaddress.ip_network(one) for one in _PRIVATE)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Read a network; None: it is none, for a recording of somebody else may hold anything."""
    with suppress(ValueError):
        return ipaddress.ip_network(text)
    return None


# -- words ---------------------------------------------------------------------------------------


def _explained(step: Step, seconds: float, error: NetError) -> Finding:
    """Return an error that means the same here as elsewhere."""
    advice = explain(error).advice
    return Finding(step, State.FAILED, seconds, str(error.cause), in_short(error), advice)


def _finding(step: Step, cause: str, path: NetPath, seconds: float = 0.0) -> Finding:
    words = WORDS[cause]
    known = _known(path)
    advice = _(words.advice).format(**known) if words.advice else ""
    state = State.FAILED if words.advice else State.OK
    return Finding(step, state, seconds, cause, _(words.sentence).format(**known), advice)


def _known(path: NetPath) -> dict[str, str]:
    """Return what the sentences may name, safe to show."""
    peer, attempt = _subject(path), path.decisive
    route, reply = path.route_to(peer), path.reply
    error = attempt.error if attempt else None
    listed = {
        "addresses": [one.host for one in path.addresses],
        "networks": _networks(path, peer),
        "where": [str(one.peer) for one in path.attempts if one.error] or [str(peer)],
        "listeners": path.listeners or (),
    }
    named = {
        "name": path.target.host,
        "host": peer.host,
        "peer": str(peer),
        "port": str(peer.port),
        "interface": route.interface or _("an adapter"),
        "source": route.source,
        "router": route.router or path.router,
        "local": str(attempt.local) if attempt and attempt.local else "",
        "seconds": f"{error.seconds:g}" if error and error.seconds else "",
        "data": visible(reply.data if reply else b"", limit=60),
    }
    joined = {name: _(", ").join(dict.fromkeys(items)) for name, items in listed.items()}
    return {name: visible_text(text, 300) for name, text in (named | joined).items()}


def _networks(path: NetPath, peer: Endpoint) -> list[str]:
    """Return this computer's networks of the IP version of an address, or why there are none."""
    if path.networks is None:
        return [_("not known")]
    same = [one for one in path.networks if (":" in one) is (":" in peer.host)]
    return same or [_("none")]
