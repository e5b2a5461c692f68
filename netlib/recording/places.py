"""Places in a ladder: of a call, and of packets between it and the next one, in one number.

Places are ascending in time, and stay what they are while more calls and packets come.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from netlib.recording.calls import CallIndex
    from netlib.recording.reader import Recording
    from netlib.recording.tables import Finder

_BITS: Final = 41
_MOST: Final = (1 << _BITS) - 1

_TIE_BITS: Final = 2
"""Places of one microsecond: some packets have the same."""

_EXACT: Final = 1 << 38
"""Up to so many microseconds after a call, three days, each has places of its own."""

_STEP_BITS: Final = 14
"""Later ones share a place, 16 ms each: so there is one for any time that can be recorded."""

_ROOM: Final = 1 << 19
"""Places that are left free before the next call: more than there are packets, see `FreePlaces`."""

_LATEST: Final = _MOST - _ROOM


def place_of_call(number: int) -> int:
    """Return the place of a call."""
    return number << _BITS


def places_of_calls(numbers: Iterable[int]) -> array[int]:
    """Return the places of calls."""
    return array("q", map(place_of_call, numbers))


def call_at(place: int) -> int:
    """Return the call at a place, or the last one before it; -1: there is none."""
    return place >> _BITS


def is_packet(place: int) -> bool:
    """Tell whether a packet is there, not a call."""
    return bool(place & _MOST)


def place_after_call(number: int, microseconds: int) -> int:
    """Return a place so long after a call (-1: before the first); those behind it may be free."""
    exact = min(max(microseconds, 0), _EXACT)
    beyond = max(microseconds - _EXACT, 0) >> _STEP_BITS
    return place_of_call(number) + min((exact << _TIE_BITS) + 1 + beyond, _LATEST)


class FreePlaces:
    """Gives each place once: the one that is wanted, or the first behind it that is free."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._free_behind: dict[int, int] = {}
        """Of some that are taken, one behind which all up to it are taken: many want the same."""

    def take(self, wanted: int) -> int:
        """Return a free place, taken from now on."""
        passed, place = [], wanted
        while place in self._taken:
            passed.append(place)
            place = self._free_behind.get(place, place + 1)
        for one in passed:
            self._free_behind[one] = place
        self._taken.add(place)
        return place


class PlacedCalls:
    """Calls as an order of what is searched: a position is a place."""

    def __init__(self, calls: CallIndex) -> None:
        self._calls = calls

    @property
    def total(self) -> int:
        """The place after the last one."""
        return place_of_call(self._calls.total)

    def frozen(self) -> PlacedCalls:
        """Return what another thread may search while calls are added: itself."""
        return self

    def extend(self, _lines: Iterable[tuple[int, int]]) -> bool:
        """Return that there may be more: the calls grow by themselves."""
        return True

    def find(self, recording: Recording, finder: Finder, first: int) -> Iterator[list[int]]:
        """Yield the places of calls that match, and at first up to where was looked."""
        for found in self._calls.find(recording, finder, call_at(first)):
            yield [place_of_call(number) for number in found]
