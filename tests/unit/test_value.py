"""Values: what dataclasses promise, at a tenth of their price."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from operator import lt
from typing import Any, get_args

import pytest

from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation
from netlib.events import Accepted, Closed, CloseReason, Event, Listening, Transport
from netlib.value import NamedTuple, fields, replace, value
from tests.samples import HERE, REFUSED, THERE, refusal


@value()
class _Limits:
    low: int
    high: int = 10

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low > high")


@value(kw_only=True)
class _Base:
    at: float
    note: str = ""


@value(kw_only=True)
class _Derived(_Base):
    size: int
    name: str = "x"

    def __str__(self) -> str:
        return f"{self.name}: {self.size}"


@value()
class _One:
    only: int


class _Point(NamedTuple):
    """Somewhere."""

    x: int
    y: int = 5
    name: str = ""

    def moved(self, by: int) -> _Point:
        return self._replace(x=self.x + by)


class _Marked(_Point):
    __slots__ = ()


def _accepted() -> Accepted:
    return Accepted(at=1.5, activity=2, connection=3, local=HERE, peer=THERE)


def test_fields_are_given_by_place_or_name_and_have_defaults() -> None:
    assert (_Limits(1).low, _Limits(1).high) == (1, 10)
    assert _Limits(1, 2) == _Limits(high=2, low=1) != _Limits(1, 3)
    derived = _Derived(at=1.0, size=3)
    assert (derived.at, derived.note, derived.size, derived.name) == (1.0, "", 3, "x")


@pytest.mark.parametrize(
    ("kind", "given", "named", "said"),
    [
        (_Limits, (), {}, "_Limits.__init__() missing 1 required positional argument: 'low'"),
        (_Limits, (1, 2, 3), {}, "takes from 2 to 3 positional arguments but 4 were given"),
        (_Limits, (1,), {"height": 2}, "unexpected keyword argument 'height'"),
        (_Derived, (1.0,), {"size": 2}, "positional argument"),
        (_Derived, (), {"size": 2}, "missing 1 required keyword-only argument: 'at'"),
        (replace, (_Limits(1),), {"height": 2}, "unexpected keyword argument 'height'"),
    ],
)
def test_a_wrong_argument_is_a_type_error(
    kind: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any], said: str
) -> None:
    with pytest.raises(TypeError) as raised:
        kind(*given, **named)
    assert said in str(raised.value)


def test_what_is_checked_after_making_is_checked_when_fields_are_replaced_too() -> None:
    assert str(refusal(_Limits, 11)) == "low > high"
    assert str(refusal(replace, _Limits(1), low=11)) == "low > high"
    assert replace(_Limits(1), low=2) == _Limits(2)
    assert replace(_Derived(at=1.0, size=3), note="n") == _Derived(at=1.0, note="n", size=3)


def test_values_are_compared_and_hashed_by_their_fields() -> None:
    assert _accepted() == _accepted() != replace(_accepted(), connection=4)
    assert len({_accepted(), _accepted(), _One(1), _One(1), _One(2)}) == 3
    assert _Base(at=1.0) != _Derived(at=1.0, size=1)
    assert (_Limits(1, 1) == (1, 1)) is False  # type: ignore[comparison-overlap]
    assert hash(Endpoint("a", 1)) == hash(Endpoint("a", 1))


def test_only_values_that_say_so_have_an_order() -> None:
    a, b, twin = Endpoint("a", 2), Endpoint("b", 1), Endpoint("a", 2)
    assert (a < b, a <= b, a > b, a >= b) == (True, True, False, False)
    assert (a < twin, a <= twin, a > twin, a >= twin) == (False, True, False, True)
    assert sorted([b, a, Endpoint("a", 1)]) == [Endpoint("a", 1), a, b]
    unordered: list[tuple[Any, Any]] = [(a, ("a", 2)), (_Limits(1), _Limits(2)), (_One(1), _One(2))]
    for one, other in unordered:
        with pytest.raises(TypeError):
            lt(one, other)


def test_a_value_is_shown_with_its_fields_but_may_say_itself() -> None:
    assert repr(_Limits(1)) == "_Limits(low=1, high=10)"
    assert repr(Endpoint("::1", 80)) == "Endpoint(host='::1', port=80)"
    assert str(Endpoint("::1", 80)) == "[::1]:80"
    assert str(_Derived(at=0.0, size=3)) == "x: 3"


def test_a_value_has_slots_and_the_shape_of_its_class() -> None:
    for made in (_accepted(), _Derived(at=1.0, size=1)):
        assert not hasattr(made, "__dict__")
    assert _Derived.__qualname__ == "_Derived"
    assert _Derived.__module__ == __name__
    assert issubclass(_Derived, _Base)
    assert str(inspect.signature(_Derived)) == "(*, at, note='', size, name='x')"


def test_a_value_can_be_matched_by_place() -> None:
    match Endpoint("a", 2):
        case Endpoint(host, port):
            assert (host, port) == ("a", 2)


def test_fields_are_named_in_order_those_of_the_base_first() -> None:
    assert fields(_Derived) == ("at", "note", "size", "name") == fields(_Derived(at=0.0, size=1))
    assert fields(Closed)[:4] == ("at", "activity", "connection", "reason")
    assert {fields(kind)[:2] for kind in get_args(Event)} == {("at", "activity")}
    assert fields(3) == fields("text") == fields(int) == ()


def _pickled(one: object) -> Any:
    return pickle.loads(pickle.dumps(one))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, _pickled])
def test_a_value_can_be_copied_and_pickled(again: Callable[[Any], Any]) -> None:
    error = replace(REFUSED, endpoint=THERE, others=(NetError(Operation.BIND, Cause.PERMISSION),))
    closed = Closed(at=1.0, activity=1, connection=1, reason=CloseReason.FAILED, error=error)
    listening = Listening(
        at=1.0, activity=1, local=HERE, transport=Transport.TCP, service="echo", also=(THERE,)
    )
    for one in (_accepted(), closed, listening, HERE, error):
        assert again(one) == one
        assert hash(again(one)) == hash(one)


def test_a_named_tuple_is_a_tuple_with_names_and_defaults() -> None:
    assert _Point(1) == (1, 5, "") == _Point(x=1)
    assert (_Point(1, name="a").x, _Point(1, 2).y, _Point(1, 2, "b").name) == (1, 2, "b")
    assert _Point(1).moved(3) == _Point(4)
    assert _Point._fields == ("x", "y", "name")
    assert _Point._field_defaults == {"y": 5, "name": ""}
    assert _Point(1)._asdict() == {"x": 1, "y": 5, "name": ""}
    assert _Point._make([1, 2, "c"]) == _Point(1, 2, "c")
    assert repr(_Marked(1)) == "_Marked(x=1, y=5, name='')"
    assert (_Point.__doc__, _Point.__module__) == ("Somewhere.", __name__)
    x, *_rest = _Point(7)
    assert x == 7


def test_a_named_tuple_is_not_changed_and_has_its_fields_alone() -> None:
    with pytest.raises(AttributeError):
        _Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        _Point(1).other = 2  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        _Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Expected 3 arguments, got 2"):
        _Point._make([1, 2])
    with pytest.raises(ValueError, match="unexpected field names"):
        _Point(1)._replace(z=1)  # type: ignore[call-arg]


def test_what_comes_from_a_named_tuple_is_of_its_own_class() -> None:
    assert type(_Marked(1)._replace(y=2)) is _Marked
    assert type(_Marked._make([1, 2, ""])) is _Marked
    assert str(inspect.signature(_Point)) == "(x, y=5, name='')"
    match _Marked(1, 2):
        case _Point(x, y):
            assert (x, y) == (1, 2)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, _pickled])
def test_a_named_tuple_can_be_copied(again: Callable[[object], Any]) -> None:
    for old in (_Point(1, 2), _Marked(3)):
        assert (again(old), type(again(old))) == (old, type(old))
