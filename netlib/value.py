"""Small things that never change, and are cheap to make: what the network did, where, how to act.

`value` makes them like frozen dataclasses, but for two things. Freezing sets each field through
`object.__setattr__`, 0.2 µs a time; three events and two endpoints a connection made a server a
tenth slower than it need be. So it is the type checker that refuses to change a value, not the
running program. And `dataclasses` loads half a compiler, and compiles six methods a class: a third
of the command line's start.

`NamedTuple` is typing's, which compiles each field's annotation and a `__new__` for each class:
0.2 ms a class, of which the window loads over a hundred.
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined]
from collections.abc import Callable, Iterable
from operator import attrgetter, ge, gt, le, lt
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar, cast, dataclass_transform

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
        steps = [f"self.{name} = {name}" for name in every]
        steps += ["self.__post_init__()"] * hasattr(cls, "__post_init__")
        made = {
            "__qualname__": cls.__qualname__,
            "__slots__": tuple(own),
            "__match_args__": () if kw_only else tuple(every),
            _FIELDS: every,
            "__init__": _Compiled("__init__", "self, *" if kw_only else "self", every, steps),
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


class _Compiled:
    """What makes an object of its fields, compiled for the first: of fifty classes few are used.

    `first`: the parameters before the fields; `steps`: what is done with them.
    """

    def __init__(self, name: str, first: str, every: dict[str, Any], steps: list[str]) -> None:
        asked = (field if old is _REQUIRED else f"{field}={field}" for field, old in every.items())
        self._name = name
        self._source = f"def {name}({', '.join([first, *asked])}):\n " + "\n ".join(steps)
        self._names = {"_tuple": tuple.__new__} | every  # where the defaults are found

    def __set_name__(self, owner: type, _name: str) -> None:
        self._owner = owner

    def __get__(self, made: object, _kind: type) -> Any:
        exec(self._source, self._names)  # noqa: S102
        method = self._names[self._name]
        method.__qualname__ = f"{self._owner.__qualname__}.{self._name}"  # in a TypeError
        is_new = self._name == "__new__"  # which Python makes static only in a class's body
        setattr(self._owner, self._name, staticmethod(method) if is_new else method)
        return method if made is None else MethodType(method, made)


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


class _Tuple(tuple[Any, ...]):
    """What every class made from `NamedTuple` has, as the documentation of namedtuple has it."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]]
    _field_defaults: ClassVar[dict[str, Any]]

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **changes: Any) -> Self:
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={part!r}" for name, part in self._asdict().items())
        return f"{type(self).__name__}({shown})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


class _NamedTuples(type):
    """Makes, of the body of a class that names its fields, an ordinary class of tuples."""

    def __new__(cls, name: str, _bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        every = {field: body.get(field, _REQUIRED) for field in body.get("__annotations__", ())}
        making = [f"return _tuple(_cls, ({''.join(f'{field}, ' for field in every)}))"]
        made = {
            "__slots__": (),
            "__match_args__": tuple(every),
            "_fields": tuple(every),
            "_field_defaults": {field: old for field, old in every.items() if field in body},
            "__new__": _Compiled("__new__", "_cls", every, making),
        }
        getters = {field: _tuplegetter(at, None) for at, field in enumerate(every)}
        return type(name, (_Tuple,), body | getters | made)


if TYPE_CHECKING:  # `as` hands it on (mypy)
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414
else:
    NamedTuple = type.__new__(_NamedTuples, "NamedTuple", (), {})
