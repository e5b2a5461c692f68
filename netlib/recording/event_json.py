"""Events as JSON: exactly, for recordings, and readably, for the command line's `--json`.

A recording holds every field and gives the same event back. `public` is for other people's
programs: endpoints as text, durations in milliseconds, errors with their cause in words.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from enum import Enum
from functools import cache, partial
from json.encoder import encode_basestring_ascii
from math import isfinite
from types import UnionType
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

from netlib.address import Endpoint
from netlib.errors import NetError
from netlib.events import Event
from netlib.teaching.explain import explain, in_short
from netlib.value import fields

EVENT: Final = 0
"""The kind of a row that is an event; else it is a `Direction`."""

_CLASSES: Final[dict[str, type[Event]]] = {cls.__name__: cls for cls in get_args(Event)}
_OLD_NAMES: Final = {"Refused": "Rejected", "Quiet": "Idle"}
"""What recordings of version 0.1 call events."""

_SCALARS: Final = (
    (str, "text({0})"),
    (bytes, "quoted({0})"),
    (bool, "('true' if {0} else 'false')"),
    (int, "{0}"),
    (float, "(repr({0}) if finite({0}) else dumps({0}))"),
)
"""Source for the JSON of what the source at {0} gives, by type; enums are kinds of str."""


def to_json(event: Event) -> str:
    """Return one line of ASCII that `from_json` turns into the same event."""
    kind: type = type(event)
    return _writer(kind)(event)


def from_json(text: str) -> Event:
    """Return the event that `to_json` wrote; ValueError for any other text."""
    try:
        written = json.loads(text)
        name = written.pop("event")
        kind: type = _CLASSES[_OLD_NAMES.get(name, name)]
        event: Event = _reader(kind)(written)
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("not an event") from error
    return event


def public(event: Event, at: float) -> dict[str, Any]:
    """Return what `--json` prints of an event; `at` is its wall clock in seconds since 1970."""
    kind = re.sub("(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    shown: dict[str, Any] = {"event": kind, "at": round(at, 6)}
    for name in fields(event):
        if name != "at":
            shown |= _public_field(name, getattr(event, name))
    return shown


@cache
def _writer(kind: type) -> Callable[[Any], str]:
    """Return what gives the JSON of a value of this class, the same that `json.dumps` gives.

    Compiled from the types of its fields: a server that is busy writes three events a connection.
    """
    write: Callable[[Any], str] = eval(f"lambda value: {_object(kind, 'value')}", _in_sources())  # noqa: S307
    return write


def _in_sources() -> dict[str, Any]:
    """Return what the source that is compiled calls by name."""
    return {
        "NetError": NetError,
        "dumps": json.dumps,
        "finite": isfinite,
        "quoted": lambda value: f'"{b64encode(value).decode()}"',
        "text": encode_basestring_ascii,
        "writer": _writer,
    }


def _object(kind: type, value: str) -> str:
    """Return source for the JSON of what the source `value` gives, with its fields."""
    texts = {name: _text(hint, f"{value}.{name}") for name, hint in _hints(kind).items()}
    members = [f'"{name}": %s' for name in texts]
    if kind.__name__ in _CLASSES:
        members.insert(0, f'"event": "{kind.__name__}"')
    template = "{" + ", ".join(members) + "}"
    return f"{template!r} % ({', '.join(texts.values())},)"


def _text(kind: Any, value: str) -> str:
    """Return source for the JSON of what the source `value` gives, which is of type `kind`."""
    if get_origin(kind) is UnionType:  # in events always: something | None
        return f'("null" if {value} is None else {_text(get_args(kind)[0], value)})'
    if get_origin(kind) is tuple:  # in events always of one type
        return f'"[%s]" % ", ".join([{_text(get_args(kind)[0], "item")} for item in {value}])'
    if kind is NetError:  # which may hold others
        return f"writer(NetError)({value})"
    if fields(kind):
        return _object(kind, value)
    return next(text for scalar, text in _SCALARS if issubclass(kind, scalar)).format(value)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a value of this type again; TypeError or ValueError: that is not one."""
    if get_origin(kind) is UnionType:  # in events always: something | None
        read = _reader(get_args(kind)[0])
        return lambda written: None if written is None else read(written)
    if get_origin(kind) is tuple:
        return _tuple_reader(get_args(kind))
    if fields(kind):
        members = _MemberReaders(kind)
        return lambda written: kind(**{name: members[name](it) for name, it in written.items()})
    if kind is bytes:
        return lambda written: b64decode(written, validate=True)
    if issubclass(kind, Enum):
        return cast("Callable[[Any], Any]", kind)
    if kind is float:  # a caller's 60 for 60.0
        return lambda written: float(written) if type(written) is int else _exactly(float, written)
    return partial(_exactly, kind)


class _MemberReaders(dict[str, Callable[[Any], Any]]):
    """What reads each field of a class, made when the first is read: a class may hold its own kind.

    KeyError: there is no such field.
    """

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def __missing__(self, name: str) -> Callable[[Any], Any]:
        self[name] = reader = _reader(_hints(self._kind)[name])
        return reader


def _tuple_reader(kinds: tuple[Any, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if kinds[-1] is Ellipsis:
        read = _reader(kinds[0])
        return lambda written: tuple(map(read, written))
    readers = [*map(_reader, kinds)]
    return lambda written: tuple(read(item) for read, item in zip(readers, written, strict=True))


def _exactly(kind: type, written: Any) -> Any:
    if type(written) is not kind:
        raise TypeError(f"{written!r} is not {kind.__name__}")
    return written


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _public_field(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, NetError):
        return {
            "operation": value.operation,
            "cause": value.cause,
            "code": value.code,
            "message": in_short(value),
        } | _explained(value)
    if name == "error":  # None: nothing to report
        return {}
    if name == "seconds":
        name = "duration_seconds"
    if name.endswith("_seconds"):
        name = name.removesuffix("seconds") + "ms"
        value = None if value is None else round(value * 1000, 3)
    return {name: b64encode(value).decode() if isinstance(value, bytes) else _shown(value)}


def _explained(error: NetError) -> dict[str, Any]:
    words = explain(error)
    about = {} if error.endpoint is None else {"endpoint": str(error.endpoint)}
    return about | {"wire": words.wire, "reasons": list(words.reasons), "advice": words.advice}


def _shown(value: Any) -> Any:
    """Endpoints and header lines are text here; a body stays bytes; other values are objects."""
    if isinstance(value, Endpoint):
        return str(value)
    if isinstance(value, tuple):
        return [_shown(item) for item in value]
    if names := fields(value):
        known = [_public_field(name, getattr(value, name)) for name in names]
        return {name: item for part in known for name, item in part.items()}
    return value.decode("latin-1") if isinstance(value, bytes) else value
