"""Small things that never change, and are cheap to make: what the network did, where, how to act.

Like frozen dataclasses, but for two things. Freezing sets each field through `object.__setattr__`,
0.2 µs a time; three events and two endpoints a connection made a server a tenth slower than it need
be. So it is the type checker that refuses to change a value, not the running program. And
`dataclasses` loads half a compiler, and compiles six methods a class: a third of the command line's
start.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter, ge, gt, le, lt
from types import MethodType
from typing import Any, Final, TypeVar, cast, dataclass_transform

T = TypeVar("T")

_FIELDS: Final = "__value_fields__"
"""Where a class keeps its fields: names, in order, and defaults."""
_REQUIRED: Final = object()
"""The default of a field that has none."""


@dataclass_transform(frozen_default=True)
def value(*, kw_only: bool = False, order: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a slotted class of fields, equal and hashable by them; to be left as it was made.

    A base that is a value gives its fields first. `__post_init__` is called where there is one.
    """

    def make(cls: type[T]) -> type[T]:
        own = {name: vars(cls).get(name, _REQUIRED) for name in cls.__annotations__}
        every = getattr(cls, _FIELDS, {}) | own
        without_slots = {"__dict__", "__weakref__"}  # what such a class has instead
        written = {
            name: part for name, part in vars(cls).items() if name not in own.keys() | without_slots
        }
        made = {
            "__qualname__": cls.__qualname__,
            "__slots__": tuple(own),
            "__match_args__": () if kw_only else tuple(every),
            _FIELDS: every,
            "__init__": _Init(every, kw_only),
            "__repr__": _repr,
        }
        compared = _comparisons(attrgetter(*every), order)
        return cast("type[T]", type(cls.__name__, cls.__bases__, made | compared | written))

    return make


def fields(kind: object) -> tuple[str, ...]:
    """Return the names of the fields of a value or of its class; none: it is no value."""
    return tuple(getattr(kind, _FIELDS, ()))


def replace(old: T, **changes: Any) -> T:
    """Return a value like `old`, but for these fields. TypeError: it has no such field."""
    return type(old)(**{name: getattr(old, name) for name in fields(old)} | changes)


class _Init:
    """`__init__` of a class, compiled when it is wanted: of fifty classes a start needs ten."""

    def __init__(self, every: dict[str, Any], kw_only: bool) -> None:
        self._every = every
        self._kw_only = kw_only

    def __set_name__(self, owner: type, _name: str) -> None:
        self._owner = owner

    def __get__(self, made: object, _kind: type) -> Any:
        init = self._compiled()
        self._owner.__init__ = init  # type: ignore[misc]
        return init if made is None else MethodType(init, made)

    def _compiled(self) -> Any:
        asked = (
            name if default is _REQUIRED else f"{name}={name}"
            for name, default in self._every.items()
        )
        parameters = ", ".join(["self", *["*"] * self._kw_only, *asked])
        steps = [f"self.{name} = {name}" for name in self._every]
        steps += ["self.__post_init__()"] * hasattr(self._owner, "__post_init__")
        names = dict(self._every)  # where the defaults are found
        exec(f"def __init__({parameters}):\n " + "\n ".join(steps), names)  # noqa: S102
        names["__init__"].__qualname__ = f"{self._owner.__qualname__}.__init__"  # in a TypeError
        return names["__init__"]


def _repr(self: object) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in fields(self))
    return f"{type(self).__qualname__}({shown})"


def _comparisons(key: Callable[[object], Any], order: bool) -> dict[str, Callable[..., Any]]:
    def equal(self: object, other: object) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(key(self))

    made: dict[str, Callable[..., Any]] = {"__eq__": equal, "__hash__": hashed}
    if order:
        made |= {f"__{compare.__name__}__": _ordered(compare, key) for compare in (lt, le, gt, ge)}
    return made


def _ordered(compare: Callable[[Any, Any], Any], key: Callable[[object], Any]) -> Any:
    def ordered(self: object, other: object) -> Any:
        same = other.__class__ is self.__class__
        return compare(key(self), key(other)) if same else NotImplemented

    return ordered
